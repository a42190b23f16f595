// Line buffers as C: groups with lanes that are stretches of one and the same chain of calls become
// one function, told which stretch runs:
//
//   static void NAME(int y, int first, int last)   // row y of stage `first`, stages up to `last`
//                                                  // pixel by pixel ahead of it
//
// Stage 0 is the sink's call (of a folding sink: its producer's), stage s + 1 makes what stage s
// reads. Selectors that are the same in all the chain's groups are left out.
#pragma once

#include <string>
#include <vector>

#include "codegen/bind.h"
#include "codegen/functions.h"
#include "ctext/c_writer.h"
#include "plan/program.h"

namespace thimble::codegen {

// Which stages of which chain a group runs; none: it is printed on its own.
struct Stretch {
  int chain = -1;
  int first = 0, last = 0;  // both included
};

// One stage as it is printed.
struct StageCode {
  int call = -1;                  // number in Functions
  int width = 1;                  // columns of its row
  std::string row, col;           // variables: its row, the column it is at ("y1", "x1")
  std::string row_value;          // of `row`, by the row of the stage before; empty: not needed
  std::string end;                // columns that the pixel of the stage before needs
  std::vector<std::string> save;  // statements: the pixel about to be replaced is kept
};

// A chain: what is known from the plan, and, once bound, what is printed.
struct Chain {
  std::vector<plan::Call> calls;  // by stage
  std::vector<plan::LineLane>
      windows;      // windows[s]: where stage s finds the row that s + 1 replaces
  int fold = -1;    // the folding sink's call in the plan, or -1
  int leader = -1;  // the group of the longest stretch from stage 0
  int max_first = 0, min_last = 0, max_last = 0;  // over its groups

  std::vector<StageCode> stages;
  int fold_call = -1;  // number in Functions
  Index row;           // of stage 0: variable `y`, or fixed
  bool is_single_column = false;

  bool takes_first() const { return max_first > 0; }
  bool takes_last() const { return min_last < max_last; }
};

struct Chains {
  std::vector<Chain> list;
  std::vector<Stretch> of_group;  // by group of the program
};

// Groups that run pixel by pixel, and those that make a whole row of a stage: these cost no
// function of their own then.
Chains find_chains(const plan::Program &program);

// Binds the calls of a chain whose `row` is set. Errors: those of Binder::bind.
Status bind_chain(const ir::Graph &graph, const plan::Program &program, Binder &binder,
                  Functions &functions, Chain &chain);

// After Functions::settle: rows that no argument uses are not worked out. Whether `y` is used.
bool drop_unused_rows(Chain &chain, const Functions &functions);

// The body: loops over columns, each stage's inside that of the stage before.
void print_chain(ctext::CWriter &writer, const Chain &chain, const Functions &functions);

}  // namespace thimble::codegen
