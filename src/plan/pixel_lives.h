// What in an event with lanes lives no longer than a pixel: tiles, workspaces and rows of which one
// pixel is kept. Lanes take turns pixel by pixel (Group in program.h), so most of these never meet.
#pragma once

#include <map>
#include <vector>

#include "plan/objects.h"

namespace thimble::plan {

class PixelLives {
 public:
  PixelLives(const Network &network, const Objects &objects, const Event &event);

  // Of two objects of the event: is nothing in `alive` still to be read whenever `written` is
  // written?
  bool is_dead(int alive, int written) const;
  // Of two kept pixels: all ways in which what makes `written` reads `read`, if nothing else does:
  // of a fused pair, both may. Else none.
  std::vector<const Read *> in_step(int read, int written) const;

 private:
  static constexpr int kSeveral = -1;
  struct Life {
    int runner = 0;         // index of the lane; their number: the event's own task
    bool is_pixel = false;  // it lives on until its reader is done; else only while the runner runs
  };

  void add(int object, Life life);
  void add_own(const Task &task, const Objects &objects, int runner);
  bool has_one_reader(int lane) const;
  int reader_of(int lane) const;
  bool is_met_by(const Life &pixel, const Life &other) const;

  const Event &event_;
  std::map<int, Life> lives_;  // by object
};

}  // namespace thimble::plan
