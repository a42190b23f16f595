// What the row simulator sees of a network: tensors that are written, and tasks that write them row
// by row. Plain data, without graph or operators, so that rows can be simulated from a list in a
// test.
//
// Views are resolved before (storage.h): a task that reads a Concat reads its parts, one Read each.
#pragma once

#include <cstdint>
#include <vector>

#include "ir/graph.h"
#include "ops/access.h"

namespace thimble::plan {

using ops::Range;

inline constexpr int kNever = -1;
inline constexpr int kForever = 1 << 30;  // a step after the last one

// A value that a task writes, or an input of the network.
struct Tensor {
  ir::ValueId value = -1;
  int rows = 0, cols = 0;
  std::int64_t row_bytes = 0;  // that one row holds
  std::int64_t pixel_bytes = 0;
  int element_bytes = 1;
  int producer = -1;         // node; -1: an input of the network
  bool streamed_in = false;  // rows come from the caller, in order, none left out before the last
  bool borrowed = false;     // lies with the caller for good: tasks list no Reads of it
  bool kept = false;         // alive to the end: an output that is not streamed
  std::vector<bool> wanted;  // by row: some mode of some reader reads it, or a later row needs it
};

// While the output row is written from left to right, what of a row that dies then is still to be
// read when output column x is written?
enum class Dying {
  kWholeRow,        // all of it: no promise
  kFromOwnColumn,   // columns from cols[x].lo on
  kFromNextColumn,  // columns from cols[x + 1].lo on
  kElements,        // as kFromNextColumn, and the channels behind the written one of cols[x]
};

// The rows of one tensor that a task reads, by step: step i reads rows[i].
struct Read {
  int tensor = -1;
  std::vector<Range> rows;
  std::vector<Range> cols;  // by output column; empty: all columns
  Dying dying = Dying::kWholeRow;
  bool of_columns = false;  // through Columns: its windows never cover the row
  // Whether the windows slide over the whole row, so that the last row of a window can be made
  // pixel by pixel while the window moves over it (a lane).
  bool slides = false;
};

// One node in one mode, or a fused pair of nodes (of a folding sink: pixel by pixel), or a port of
// the network.
struct Task {
  enum class Kind { kNode, kFill, kEmit };
  Kind kind = Kind::kNode;
  ir::NodeId sink = -1;
  ir::NodeId producer = -1;  // of a fused pair; its output exists as a tile only
  int sink_mode = 0, producer_mode = 0;
  int port = -1;                  // kFill, kEmit: network input or output
  int output = -1;                // tensor; kEmit: none
  int rows = 0;                   // of the output, or emitted
  std::vector<Read> reads;        // by output row
  int fold_rows = 0;              // > 0: the node accumulates
  std::vector<int> folds_before;  // by output row: rows folded in before it is made; empty: all
  std::vector<Read> fold_reads;   // by folded row
  // Where it folds in the output: by folded row, the output rows that it changes; by output column,
  // the folded column that sets it.
  std::vector<Range> folds_into;
  std::vector<int> set_by;
  bool carries = false;  // begins before row 0; no row but the last wanted is left out
  std::int64_t state_bytes = 0;
  // > 0: the state is one such sum an output element, each dead when its element is written.
  std::int64_t sum_bytes = 0;
  bool by_pixel = false;  // its rows may be made while a sliding window reads them
  // Its rows are made when the rows it reads are about to be dropped by their other readers: it
  // keeps less than they are.
  bool follows = false;
  int tile_tensor = -1;  // fused: the producer's output, of which one window is kept
  int tile_rows = 0, tile_cols = 0;
  std::int64_t tile_bytes = 0;
  std::int64_t sink_workspace_bytes = 0, producer_workspace_bytes = 0;
  int sink_alignment = 1, producer_alignment = 1;  // of state and workspace
};

}  // namespace thimble::plan
