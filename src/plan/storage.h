// Which values share bytes, before any memory is given out: views are resolved into blocks.
//
// A block is one object of the arena, or a borrowed input: the rows of a value with everything that
// views them. A Reshape lies in its input's block, and so do Columns; a Concat's inputs lie in the
// block of its output where that is possible (else the Concat is run as a copy). What is written (a
// Tensor) is a network input or the output of a node that runs; a value that is read consists of
// parts of tensors.
#pragma once

#include <vector>

#include "ir/graph.h"
#include "plan/behaviour.h"
#include "plan/plan.h"
#include "plan/tasks.h"
#include "support/diagnostic.h"

namespace thimble::plan {

// Where a value lies in its block: element (r, x, c) at
// offset + r * row_pitch + x * pixel_pitch + c * element_bytes (before rows become ring slots).
struct Layout {
  int block = -1;
  std::int64_t offset = 0, row_pitch = 0, pixel_pitch = 0;
};

struct Block {
  std::vector<ir::ValueId> values;
  int rows = 0;
  std::int64_t row_pitch = 0;
  int alignment = 1;
  bool ringable = false;  // every value has the block's rows, so that row y can be slot y mod k
  int port = -1;          // a borrowed network input with its views: no object; -1: of the arena
};

// Rows of a tensor that a value's rows consist of: value row r lies in tensor rows [rows[r]).
struct Part {
  int tensor = -1;
  std::vector<Range> rows;
  bool same_pixels = true;  // column x of the value is column x + column_offset of the tensor
  int column_offset = 0;    // of the value in the tensor, where same_pixels
  bool all_columns = true;  // of the tensor, where same_pixels
  int channel_offset = 0;   // of the tensor in the value, where same_pixels
};

struct Storage {
  std::vector<Tensor> tensors;
  std::vector<Layout> layouts;           // by ValueId
  std::vector<std::vector<Part>> parts;  // by ValueId
  std::vector<Block> blocks;             // some are empty
  std::vector<bool> is_view;             // by NodeId: no call
};

// Errors: an operator that has neither view nor modes, or several outputs; a borrowed input that is
// a part of a Concat, or an output. All of them at once.
Result<Storage> resolve_views(const ir::Graph &graph, const Behaviours &behaviours,
                              const Options &options);

// Rows of the part's tensor that value rows [range) touch; empty ranges touch none.
Range rows_of_part(const Part &part, Range range);

}  // namespace thimble::plan
