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

// Where the element (row, col, channel) of a tensor is, in bytes from the start of the arena, or of
// the network input that the caller lends:
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
  int port = -1;                 // network input that is borrowed; -1: the arena
  bool operator==(const Address &) const = default;
};

std::int64_t address_of(const Address &address, int row, int col);

enum class Phase {
  kRow,    // make output row y, columns [x0, x1)
  kBegin,  // clear the accumulators, or set the state that rows carry on
  kFold,   // fold input row y in: into accumulators, or the output's rows (Mode::in_output)
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
  Address output;                         // kRow, kEnd, kFill, kFold in the output
  ir::ValueId output_value = -1;
  std::int64_t state_offset = -1;      // accumulators or carried state, in the arena; -1: none
  std::int64_t workspace_offset = -1;  // -1: none
};

// A call that makes one row pixel by pixel while the others of its group run (see Group).
struct LineLane {
  int call = -1;      // index into calls
  int producer = -1;  // of a fused pair with `call` as sink: makes a block before each pixel of it
  // The lane (index into Group::lanes, behind this one) whose pixels this one's are made for; -1:
  // the group's own call.
  int reader = -1;
  bool follows = false;  // made after the pixels of `reader`, not before them
  // Where pixels of the row that lay in the slot are kept, in the arena: the last saved_cols of
  // those replaced (0: nobody reads them). When `made` are, pixel c of that row is at saved_offset
  // + (saved_cols - made + c) * pixel_pitch.
  std::int64_t saved_offset = 0;
  int saved_cols = 0;
};

// Runs for one row y of the sink. Alone: the sink's call for columns [0, cols). Rows need not
// ascend where all that a group reads is there.
//
// With a producer (a fused pair), for each output column x, for each row r of the sink's window
// rows[y]: the producer makes row r, columns cols[x]; then the sink makes column x of row y. The
// window's rows and columns are disjoint for different y and x. A sink of a mode that folds in its
// output (Mode::in_output) folds each pixel of the block in as the producer makes it, row by row.
// A sink that folds row y (kFold): for each input column x, the producer makes that pixel of row y,
// and it is folded in.
//
// With lanes: column by column. Each lane makes one row; its reader is another lane, or the group's
// own call (the sink; where that folds, its producer), which makes row r:
// A folding sink without a producer reads, and folds in, column x of row y.
// - Before its reader's pixel x, a lane makes its pixels up to what that one reads: columns below
//   cols[x].hi of row rows[r].hi - 1, by the access of the call that reads: of the reader, or,
//   where the reader is a pair, of its producer, whose pixels are those of the sink's window.
// - A lane that follows reads what its reader reads, too: a value of another lane. After its
//   reader's pixel x, it makes the pixels whose last column of that value lies below the reader's
//   cols[x + 1].lo (after the last pixel: all), of the last row whose last row of it lies in
//   [rows[r].lo, rows[r + 1].lo) (of the reader's last row: from rows[r].lo on).
// Lanes of one reader are pulled in the order of the list. Before a lane makes a pixel, the one
// that lies in its place, of row (lane's row - row_slots), is moved behind the last saved ones. All
// calls of the group read that row from there (LineLane), and other rows from their slots.
struct Group {
  int sink = -1;                     // index into calls
  int producer = -1;                 // index into calls, or -1
  std::vector<LineLane> lanes = {};  // what is read before what reads it
  bool columns_descend = false;  // a fused pair without lanes: from the last column to the first
};

struct Step {
  int group = 0;
  int row = 0;
  bool operator==(const Step &) const = default;
};

struct Program {
  std::int64_t arena_bytes = 0;
  std::vector<std::int64_t> input_offsets,
      output_offsets;           // network ports in the arena; -1: streamed, or borrowed
  bool borrows_inputs = false;  // no input is in the arena: each is where Address::port says, whole
  std::vector<Call> calls;
  std::vector<Group> groups;
  std::vector<Step> steps;
};

}  // namespace thimble::plan
