// Trees of stages as C: one function makes what any of its groups makes, told which stages run:
//
//   static void NAME(int y, int first, int last)   // row y of stage `first`, the stages up to
//                                                  // `last` pixel by pixel with it
//
// Selectors that are the same in all the tree's groups are left out.
#pragma once

#include <string>
#include <vector>

#include "codegen/bind.h"
#include "codegen/functions.h"
#include "codegen/trees.h"
#include "ctext/c_writer.h"

namespace thimble::codegen {

// One stage as it is printed. Calls are numbers in Functions; -1: none.
struct StageCode {
  int call = -1, block_call = -1, fold_call = -1;
  int width = 1;            // columns of its row
  std::string row, col;     // variables: its row, the column it is at ("y1", "x1")
  std::string row_value;    // of `row`, by the row of its reader; empty: not needed
  std::string end;          // columns made by the pixel of its reader
  bool shares_col = false;  // it is always at its reader's column, and makes just that
  // Rows of the block, half open; it is made in a loop over them if there are more than one.
  std::string first_block_row, end_block_row;
  bool loops_over_block = false;
  Index block_row;
  // Likewise its columns, where the call folds in each of its pixels.
  std::string first_block_col, end_block_col;
  bool loops_over_block_cols = false;
  std::vector<std::string> save;  // statements: the pixel about to be replaced is kept
};

struct TreeCode {
  std::vector<StageCode> stages;
  bool is_single_column = false;
};

// `row`: that of the function, variable `y` or fixed. Errors: those of Binder::bind.
Result<TreeCode> bind_tree(const ir::Graph &graph, const plan::Program &program, const Tree &tree,
                           const Index &row, Binder &binder, Functions &functions);

// After Functions::settle: rows that no argument uses are not worked out. Whether `y` is used.
bool drop_unused_rows(TreeCode &code, const Functions &functions);

// The body: loops over columns, each stage's inside that of its reader.
void print_tree(ctext::CWriter &writer, const Tree &tree, const TreeCode &code,
                const Functions &functions);

}  // namespace thimble::codegen
