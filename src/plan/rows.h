// The row simulator: runs tasks region by region and says when each row is made and last read.
//
// In a region the sinks ask for their rows; each task makes the rows that its readers ask for, in
// order, each once, as late as it can; the last row of a sliding window during its reader's event;
// a row of what follows during the event after which nobody else reads what it is made from.
// Accumulating tasks fold a row as soon as it is made, and rows of network outputs are handed out
// as soon as they are made. What crosses from one region to a later one is whole.
#pragma once

#include <vector>

#include "plan/program.h"
#include "plan/tasks.h"

namespace thimble::plan {

// A row made pixel by pixel while other rows of its event are: see Group in program.h.
struct Lane {
  const Task *task = nullptr;
  int row = 0;
  int reader = -1;       // lane whose pixels it is made for; -1: the event's own row
  bool follows = false;  // made after the reader's pixels
};

struct Event {
  const Task *task = nullptr;
  Phase phase = Phase::kRow;
  int row = 0;  // of the output (kRow, kEnd, kFill, kEmit), of the folded value (kFold)
  std::vector<Lane> lanes = {};  // what is read before what reads it
  bool mirrored = false;         // of a mirrored region: a pair's columns descend
};

// Whether its columns are made from the last to the first.
inline bool columns_descend(const Event &event) {
  return event.mirrored && event.task->producer >= 0;
}

// Rows of its task's output that the event makes, or folds into; not those of lanes.
Range rows_written(const Event &event);

// Life of each row of a tensor, in steps: made in `made` (of a fold in the output: begun), last
// read in `last` (kNever: not read; kForever: outlives the trace). Alive before the trace: made ==
// kNever, last >= 0.
struct Lifetime {
  std::vector<int> made, last;
};

struct Trace {
  std::vector<Event> events;
  std::vector<int> region_of_event;
  std::vector<Lifetime> lifetimes;  // by tensor; empty vectors: not touched, not alive
};

// The tasks of one region, in an order in which producers come before readers.
struct Region {
  std::vector<const Task *> tasks;
  // The rows of its one task are made from the last to the first; of a pair, the columns, too. A
  // tensor that its reader's output grows over then moves the other way: up, not down.
  bool mirrored = false;
};

// Whether its rows can be made in any order: it has one task, whose rows do not depend on each
// other, and that no caller waits for.
bool can_be_mirrored(const Region &region);

// What is outside the simulated part of the network.
struct Boundary {
  std::vector<bool> made_before;  // by tensor: all rows are there from the start
  std::vector<std::vector<bool>>
      needed_later;  // by tensor, by row: read after the end; empty: none
};

Trace simulate(const std::vector<Tensor> &tensors, const std::vector<Region> &regions,
               const Boundary &boundary);

// Slots that a ring of the tensor's rows needs, so that no row is overwritten while still needed.
int ring_rows(const Lifetime &lifetime);

}  // namespace thimble::plan
