// Which rows are alive at each event, walked forward through a trace. The one place that decides
// what "alive" means, for distances, for the lower bound and for the peak.
#pragma once

#include <functional>
#include <map>
#include <vector>

#include "plan/objects.h"

namespace thimble::plan {

// Rows of one tensor at the current event.
struct LiveRows {
  std::vector<int> staying;  // made before, read later
  std::vector<int> dying;    // made before, read now for the last time
};

class LiveWalk {
 public:
  LiveWalk(const Network &network, const Trace &trace);
  // Moves to event `now`; events are visited in order from 0.
  void advance(int now);
  const LiveRows &rows(int tensor) const { return rows_[tensor]; }
  // Tensors with rows that are alive now.
  const std::vector<int> &tensors() const { return tensors_; }
  // Bytes at the beginning of a task's accumulators that the events before this one have read for
  // the last time.
  std::int64_t sums_read(const Task &task) const;

 private:
  void read_sums(const Event &event);

  const std::vector<Tensor> &all_;
  const Trace &trace_;
  std::vector<LiveRows> rows_;
  std::vector<int> tensors_;
  std::vector<int> candidates_;  // tensors that have rows at all
  std::vector<int> first_;       // by tensor: rows before it are dead for good
  std::vector<bool> descends_;   // by tensor: its rows are made from the last to the first
  std::map<const Task *, std::int64_t> sums_read_;
};

// Whether it reads sums that are dead as soon as their elements are written.
bool ends_in_order(const Event &event);
// Of such an event: the sums of its row, in bytes of the accumulators.
Interval sums_of_row(const std::vector<Tensor> &tensors, const Event &event);

// Live bytes of each object at one event: what no placement can do without.
struct LiveBytes {
  int event = 0;
  std::int64_t total = 0;
  struct Part {
    int object = 0;
    std::int64_t bytes = 0;
    int first_row = 0, last_row = 0;
  };
  std::vector<Part> parts;
};

// Shows what is alive as each event begins and as it ends.
void walk_live(const Network &network, const Trace &trace, const Objects &objects,
               const std::function<void(LiveBytes)> &show);

// The event with most live bytes (the first of several), and whose they are.
LiveBytes find_peak(const Network &network, const Trace &trace, const Objects &objects);
// Its total, in a fraction of the time: the search asks for nothing else.
std::int64_t peak_bytes(const Network &network, const Trace &trace, const Objects &objects);

}  // namespace thimble::plan
