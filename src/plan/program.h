// A plan as it will be printed: addresses, calls, steps. codegen prints exactly this, check_plan
// executes exactly this; nothing in it is recomputed by either.
//
// Time is the list `steps`. A step makes one row: it runs a group for one row. A group is one call,
// or a fused pair: a producer whose output never exists as rows, only as the block of columns that
// the sink is about to read; or a call with lanes before it: calls that make, pixel by pixel, the
// last row of the window that the next one moves over (line buffers).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ir/graph.h"
#include "ops/operator.h"

namespace thimble::plan {

// Where the element (row, col, channel) of a tensor is, in bytes from the arena's start:
//   offset + (row % row_slots) * row_pitch + (col % col_slots) * pixel_pitch + channel *
//   element_bytes
// Whole tensors: row_slots = rows. Rings: fewer. Tiles of fused pairs: col_slots < cols too.
// A part of a Concat has its offset within the output in `offset`; where it begins at another row
// than the output does, both are whole.
struct Address {
  std::int64_t offset = 0;
  int row_slots = 1;
  int col_slots = 1;
  std::int64_t row_pitch = 0;    // bytes
  std::int64_t pixel_pitch = 0;  // bytes
  bool operator==(const Address &) const = default;
};

std::int64_t address_of(const Address &address, int row, int col);

enum class Phase {
  kRow,    // make output row y, columns [x0, x1)
  kBegin,  // clear the accumulators, or set the state that rows carry on
  kFold,   // fold input row y in
  kEnd,    // make output row y from the accumulators
  kFill,   // streamed input: ask the caller for row y, written at `output`
  kEmit,   // network output: hand row y at `inputs[0]` to the caller (kept in the arena too unless
           // streamed)
};

struct Call {
  Phase phase = Phase::kRow;
  ir::NodeId node = -1;                   // -1: kFill, kEmit
  int mode = 0;                           // index into the operator's modes
  int port = -1;                          // kFill: network input; kEmit: network output
  std::vector<Address> inputs;            // one a node input (kEmit: the row's tensor)
  std::vector<ir::ValueId> input_values;  // their values
  Address output;                         // kRow, kEnd, kFill
  ir::ValueId output_value = -1;
  std::int64_t state_offset = -1;      // accumulators or carried state, in the arena; -1: none
  std::int64_t workspace_offset = -1;  // -1: none
};

// One call of a group that runs pixel by pixel ahead of the next (see Group).
struct LineLane {
  int call = -1;                  // index into calls
  std::int64_t saved_offset = 0;  // where pixels of the replaced row are kept, in the arena
  int saved_cols = 0;  // pixels kept: the last ones; when `made` are, pixel c of the row is
                       // at saved_offset + (saved_cols - made + c) * pixel_pitch
};

// Runs for one row y of the sink. Unfused: the sink's call for columns [0, cols). Fused: for each
// output column x, for each row r of the sink's window rows[y]: the producer makes row r, columns
// cols[x]; then the sink makes column x of row y. The window's rows and columns are disjoint for
// different y and x.
//
// A sink that folds row y: for each input column x, the producer makes that pixel of row y, and it
// is folded in.
//
// With lanes: column by column of the sink. Before a call makes its pixel x, the lane in front of
// it makes its row rows[y].hi - 1 (of that call's access) up to column cols[x].hi. That row lies in
// the slot of the window's first row: each pixel (lo, c) is moved behind the last saved ones before
// pixel (hi - 1, c) is made, and the call reads row lo from there (LineLane).
struct Group {
  int sink = -1;      // index into calls
  int producer = -1;  // index into calls, or -1
  std::vector<LineLane> lanes =
      {};  // the deepest first; read by the sink, or by a folding sink's producer
};

struct Step {
  int group = 0;
  int row = 0;
  bool operator==(const Step &) const = default;
};

struct Program {
  std::int64_t arena_bytes = 0;
  std::vector<std::int64_t> input_offsets,
      output_offsets;  // network ports in the arena; -1: streamed
  std::vector<Call> calls;
  std::vector<Group> groups;
  std::vector<Step> steps;
};

}  // namespace thimble::plan
