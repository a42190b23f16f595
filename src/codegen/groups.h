// One C function a group of the plan: it makes one row. Groups that run pixel by pixel (fused
// pairs, groups with lanes) share functions: trees.h.
#pragma once

#include <string>
#include <vector>

#include "codegen/bind.h"
#include "codegen/functions.h"
#include "codegen/tree_code.h"
#include "ctext/c_writer.h"
#include "plan/program.h"

namespace thimble::codegen {

// A group as the list of steps sees it, and what it needs to be printed.
struct GroupCode {
  std::string function;         // "row_conv1"; empty: a fill or emit group
  std::string counter;          // "y_conv1": the next row; empty where there is nothing to count
  int first_row = 0;            // the counter's start
  int row_step = 1;             // from one row to the next; negative: rows descend
  bool shares_counter = false;  // with groups that make other rows of the same tensor
  Index row;                    // the function's row: variable `y`, or fixed
  bool takes_row = false;       // whether the function is told its row
  std::vector<Lent> lent;       // borrowed inputs that the function reads: its first parameters
  int sink_call = -1;           // number in Functions; -1: none, or in a tree
  // Of a tree: the further arguments, "" where the function takes none.
  std::string first, last;
  bool last_depends_on_row = false;  // `last` is an expression of the counter
  int layer = -1;                    // number on the list of layers (layers.h), or -1
  int token = -1;  // the group whose steps look the same: itself, or another that begins as deep
};

struct Groups {
  std::vector<GroupCode> list;  // by group of the program
  Trees trees;
  std::vector<TreeCode> tree_codes;  // by tree
};

// Groups that are calls of kernels, bound. Fill and emit groups stay empty: run_text.cpp writes
// them.
Result<Groups> bind_groups(const ir::Graph &graph, const plan::Program &program, Binder &binder,
                           Functions &functions, ctext::Names &names);

// After Functions::settle: a function whose arguments do not depend on the row takes none, and its
// group counts nothing.
void drop_unused_rows(Groups &groups, const Functions &functions);

// After Functions::settle: which of the borrowed inputs each function reads.
void find_lent(Groups &groups, const Functions &functions, const ArenaStyle &style);

void print_groups(ctext::CWriter &writer, const ir::Graph &graph, const plan::Program &program,
                  const Groups &groups, const Functions &functions);

}  // namespace thimble::codegen
