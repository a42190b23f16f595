// One C function a group of the plan: it makes one row. A fused pair's makes the row column by
// column: the producer's block, then the sink's pixel. Groups with lanes share functions: chains.h.
#pragma once

#include <string>
#include <vector>

#include "codegen/bind.h"
#include "codegen/chains.h"
#include "codegen/functions.h"
#include "ctext/c_writer.h"
#include "plan/program.h"

namespace thimble::codegen {

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
  // Stretches of chains: the further arguments, "" where the function takes none. `last` is read
  // from the table `last_stages` by row where that is named.
  std::string first, last, last_stages;
  int token = -1;  // the group whose steps look the same: itself, or another of the same stretches
};

struct Groups {
  std::vector<GroupCode> list;  // by group of the program
  Chains chains;
};

// Groups that are calls of kernels, bound. Fill and emit groups stay empty: run_text.cpp writes
// them.
Result<Groups> bind_groups(const ir::Graph &graph, const plan::Program &program, Binder &binder,
                           Functions &functions, ctext::Names &names);

// After Functions::settle: a function whose arguments do not depend on the row takes none, and its
// group counts nothing.
void drop_unused_rows(Groups &groups, const Functions &functions);

void print_groups(ctext::CWriter &writer, const ir::Graph &graph, const plan::Program &program,
                  const Groups &groups, const Functions &functions);

}  // namespace thimble::codegen
