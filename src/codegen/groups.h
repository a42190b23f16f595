// One C function a group of the plan: it makes one row. A fused pair's makes the row column by
// column: the producer's block, then the sink's pixel. With lanes, each runs ahead of the next one
// in a loop of its own, inside the next one's.
#pragma once

#include <string>
#include <vector>

#include "codegen/bind.h"
#include "codegen/functions.h"
#include "ctext/c_writer.h"
#include "plan/program.h"

namespace thimble::codegen {

// A call that runs pixel by pixel ahead of the next one.
struct LaneCode {
  int call = -1;          // number in Functions
  std::string row, col;   // variables: its row, columns made ("y1", "x1")
  std::string row_value;  // of `row`, by the next call's; empty: the row is fixed or not used
  std::string end;        // columns that the next call's pixel needs
  std::vector<std::string> save;  // statements: the pixel about to be replaced is kept
};

// A group as the list of steps sees it, and what it needs to be printed.
struct GroupCode {
  std::string function;         // "row_conv1"; empty: a fill or emit group
  std::string counter;          // "y_conv1": the next row; empty where there is nothing to count
  int first_row = 0;            // the counter's start
  bool shares_counter = false;  // with groups that make other rows of the same tensor
  Index row;                    // the function's row: variable `y`, or fixed
  bool takes_row = false;       // whether the function is told its row
  int sink_call = -1, producer_call = -1;  // numbers in Functions; -1: none
  // Fused pairs: the loops over columns and over the producer's rows.
  int cols = 0;
  std::string first_producer_row, last_producer_row;  // half open; C expressions
  Index producer_row;
  // With lanes, the deepest first: the loop over columns is the sink's. Without, but by pixel: the
  // producer's pixels are folded in one by one.
  bool by_pixel = false;
  std::vector<LaneCode> lanes;
};

// Groups that are calls of kernels, bound. Fill and emit groups stay empty: run_text.cpp writes
// them.
Result<std::vector<GroupCode>> bind_groups(const ir::Graph &graph, const plan::Program &program,
                                           Binder &binder, Functions &functions,
                                           ctext::Names &names);

// After Functions::settle: a function whose arguments do not depend on the row takes none, and its
// group counts nothing.
void drop_unused_rows(std::vector<GroupCode> &groups, const Functions &functions);

void print_groups(ctext::CWriter &writer, const ir::Graph &graph, const plan::Program &program,
                  const std::vector<GroupCode> &groups, const Functions &functions);

}  // namespace thimble::codegen
