// Which rows and columns of each other the stages of a tree read: what plan::Group says, as lists.
#pragma once

#include <vector>

#include "codegen/trees.h"
#include "ir/graph.h"
#include "ops/access.h"

namespace thimble::codegen {

// How a call reads its input `input`.
ops::Access access_of(const ir::Graph &graph, const plan::Call &call, int input);
// Whether the call's mode folds its input into the output's own rows.
bool folds_in_output(const ir::Graph &graph, const plan::Call &call);
// The input of `call` that is `value`; -1: none.
int input_of(const plan::Call &call, ir::ValueId value);
// How a stage with a block before it reads that.
ops::Access block_access(const ir::Graph &graph, const Stage &stage);
// Of what a call makes; of a fold, of what it folds in.
const ir::Shape &shape_of(const ir::Graph &graph, const plan::Call &call);
// Rows of an input by row of the call.
std::vector<ops::Range> rows_read(const ir::Graph &graph, const plan::Call &call, int input);

// Of a lane: the row that it makes, by the row of its reader (-1: none), and how many columns it
// has made before its reader's pixel (one that follows: after it), by the column of that.
std::vector<int> lane_rows(const ir::Graph &graph, const Tree &tree, int stage);
std::vector<int> lane_ends(const ir::Graph &graph, const Tree &tree, int stage);

// For each step of the tree's groups, the row of each stage; -1 where it does not run.
std::vector<std::vector<int>> rows_made(const ir::Graph &graph, const plan::Program &program,
                                        const Tree &tree);

std::vector<int> starts(const std::vector<ops::Range> &ranges);
std::vector<int> ends(const std::vector<ops::Range> &ranges);
std::vector<int> widths(const std::vector<ops::Range> &ranges);

}  // namespace thimble::codegen
