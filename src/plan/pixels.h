// The pixels of an event with lanes, column by column: how far each lane is when another row of the
// event reads its tensor. See Group in program.h for the order.
#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "plan/rows.h"

namespace thimble::plan {

// A read of the tensor that a lane makes rows of.
struct LaneRead {
  int lane = 0;    // index into the event's lanes
  int reader = 0;  // likewise; the number of lanes: the event's own row
  const Read *read = nullptr;
  int behind = 0;     // most columns, of those that the lane has made, from the window's first on
  bool late = false;  // some window's last column is not made when it is read
};

class PixelWalks {
 public:
  explicit PixelWalks(const std::vector<Tensor> &tensors) : tensors_(tensors) {}

  // Events of the same tasks and lanes have equal walks, whatever the trace: each is done once, and
  // stays where it is.
  const std::vector<LaneRead> &reads(const Event &event);

 private:
  using Key = std::vector<std::int64_t>;
  struct Hash {
    std::size_t operator()(const Key &key) const;
  };

  const std::vector<Tensor> &tensors_;
  Key key_;  // of the event asked for
  std::unordered_map<Key, std::vector<LaneRead>, Hash> known_;
};

// The row of `event` that lane `lane`, or (the number of lanes) its own task, makes or folds.
int row_in(const Event &event, int lane);

}  // namespace thimble::plan
