// Windows of stages (windows.h).
#include "codegen/windows.h"

#include <algorithm>

#include "ops/operator.h"
#include "support/check.h"

namespace thimble::codegen {
namespace {

using ops::Range;

// Ranges [0, 1), [1, 2), ...
std::vector<Range> singles(int count) {
  std::vector<Range> ranges;
  for (int i = 0; i < count; ++i) ranges.push_back({i, i + 1});
  return ranges;
}

std::vector<Range> cols_read(const ir::Graph &graph, const plan::Call &call, int input) {
  const ir::Shape &shape = shape_of(graph, call);
  if (call.phase == plan::Phase::kFold) return singles(shape.cols);
  const ops::Access access = access_of(graph, call, input);
  const int width = graph.value(call.input_values[input]).type.shape.cols;
  return access.cols.empty() ? std::vector<Range>(shape.cols, {0, width}) : access.cols;
}

Range hull(const Range &a, const Range &b) {
  if (a.lo >= a.hi) return b;
  if (b.lo >= b.hi) return a;
  return {std::min(a.lo, b.lo), std::max(a.hi, b.hi)};
}

// What a stage reads of a value, by its rows and columns.
struct Reads {
  std::vector<Range> rows, cols;
};

// parts[i] grows by the windows of all that is in reading[i].
void add(const std::vector<Range> &reading, const std::vector<Range> &windows,
         std::vector<Range> &parts) {
  for (std::size_t i = 0; i < parts.size(); ++i)
    for (int r = reading[i].lo; r < reading[i].hi; ++r) parts[i] = hull(parts[i], windows.at(r));
}

Reads reads_of(const ir::Graph &graph, const Stage &stage, ir::ValueId value) {
  const ir::Shape &shape = shape_of(graph, stage.call);
  Reads reads{std::vector<Range>(shape.rows), std::vector<Range>(shape.cols)};
  const auto add_call = [&](const plan::Call &call, const std::vector<Range> &rows,
                            const std::vector<Range> &cols) {
    for (int input = 0; input < std::ssize(call.inputs); ++input) {
      if (call.input_values[input] != value) continue;
      add(rows, rows_read(graph, call, input), reads.rows);
      add(cols, cols_read(graph, call, input), reads.cols);
    }
  };
  add_call(stage.call, singles(shape.rows), singles(shape.cols));
  if (stage.block) {
    const int tile = input_of(stage.call, stage.block->output_value);
    add_call(*stage.block, rows_read(graph, stage.call, tile), cols_read(graph, stage.call, tile));
  }
  return reads;
}

bool reads_value(const Stage &stage, ir::ValueId value) {
  return input_of(stage.call, value) >= 0 || (stage.block && input_of(*stage.block, value) >= 0);
}

// What a lane that follows reads with its reader.
ir::ValueId value_followed(const Tree &tree, int stage) {
  const Stage &follower = tree.stages[stage], &reader = tree.stages[follower.reader];
  for (const ir::ValueId value : (follower.block ? *follower.block : follower.call).input_values)
    if (reads_value(reader, value)) return value;
  CHECK(false, "a lane follows what reads nothing that it reads");
}

// For each of `read`, from its start to the next one's: the index of the last one of `follower`
// that ends there, or -1.
std::vector<int> rows_behind(const std::vector<Range> &read, const std::vector<Range> &follower) {
  std::vector<int> rows;
  for (std::size_t r = 0; r < read.size(); ++r) {
    const bool is_last = r + 1 == read.size();
    const auto found = std::find_if(follower.rbegin(), follower.rend(), [&](const Range &range) {
      return range.hi > read[r].lo && (is_last || range.hi <= read[r + 1].lo);
    });
    rows.push_back(static_cast<int>(follower.rend() - found) - 1);
  }
  return rows;
}

// For each of `read`, how many of `follower` end before the next one's start.
std::vector<int> columns_behind(const std::vector<Range> &read,
                                const std::vector<Range> &follower) {
  std::vector<int> made;
  for (std::size_t x = 0; x < read.size(); ++x) {
    const bool is_last = x + 1 == read.size();
    made.push_back(
        static_cast<int>(std::count_if(follower.begin(), follower.end(), [&](const Range &range) {
          return is_last || range.hi <= read[x + 1].lo;
        })));
  }
  return made;
}

}  // namespace

ops::Access access_of(const ir::Graph &graph, const plan::Call &call, int input) {
  const ir::Node &node = graph.node(call.node);
  return ops::operator_of(node).modes(graph, node).at(call.mode).inputs.at(input);
}

bool folds_in_output(const ir::Graph &graph, const plan::Call &call) {
  const ir::Node &node = graph.node(call.node);
  return ops::operator_of(node).modes(graph, node).at(call.mode).in_output;
}

const ir::Shape &shape_of(const ir::Graph &graph, const plan::Call &call) {
  const bool folds = call.phase == plan::Phase::kFold;
  return graph.value(folds ? call.input_values.at(0) : call.output_value).type.shape;
}

std::vector<Range> rows_read(const ir::Graph &graph, const plan::Call &call, int input) {
  if (call.phase == plan::Phase::kFold) return singles(shape_of(graph, call).rows);
  const ops::Access access = access_of(graph, call, input);
  const Range all{0, graph.value(call.input_values[input]).type.shape.rows};
  return access.rows.empty() ? std::vector<Range>(shape_of(graph, call).rows, all) : access.rows;
}

int input_of(const plan::Call &call, ir::ValueId value) {
  const auto found = std::find(call.input_values.begin(), call.input_values.end(), value);
  return found == call.input_values.end() ? -1
                                          : static_cast<int>(found - call.input_values.begin());
}

ops::Access block_access(const ir::Graph &graph, const Stage &stage) {
  const int input = input_of(stage.call, stage.block->output_value);
  CHECK(input >= 0, "a fused sink does not read its producer");
  return access_of(graph, stage.call, input);
}

std::vector<int> lane_rows(const ir::Graph &graph, const Tree &tree, int stage) {
  const Stage &lane = tree.stages[stage], &reader = tree.stages[lane.reader];
  if (lane.lane.follows) {
    const ir::ValueId value = value_followed(tree, stage);
    return rows_behind(reads_of(graph, reader, value).rows, reads_of(graph, lane, value).rows);
  }
  CHECK(reads_value(reader, lane.call.output_value), "a lane is made for what does not read it");
  std::vector<int> rows = ends(reads_of(graph, reader, lane.call.output_value).rows);
  for (int &row : rows) --row;
  return rows;
}

std::vector<int> lane_ends(const ir::Graph &graph, const Tree &tree, int stage) {
  const Stage &lane = tree.stages[stage], &reader = tree.stages[lane.reader];
  if (lane.lane.follows) {
    const ir::ValueId value = value_followed(tree, stage);
    return columns_behind(reads_of(graph, reader, value).cols, reads_of(graph, lane, value).cols);
  }
  return ends(reads_of(graph, reader, lane.call.output_value).cols);
}

std::vector<std::vector<int>> rows_made(const ir::Graph &graph, const plan::Program &program,
                                        const Tree &tree) {
  std::vector<std::vector<int>> row_of(tree.stages.size());
  for (int stage = 1; stage < std::ssize(tree.stages); ++stage)
    row_of[stage] = lane_rows(graph, tree, stage);
  std::vector<std::vector<int>> made;
  for (const plan::Step &step : program.steps) {
    const auto branch = std::find_if(tree.branches.begin(), tree.branches.end(),
                                     [&](const Branch &one) { return one.group == step.group; });
    if (branch == tree.branches.end()) continue;
    std::vector<int> rows(tree.stages.size(), -1);
    rows[branch->first] = step.row;
    for (int stage = branch->first + 1; stage <= branch->last; ++stage) {
      rows[stage] = row_of[stage].at(rows[tree.stages[stage].reader]);
      CHECK(rows[stage] >= 0, "a lane has no row to make");
    }
    made.push_back(std::move(rows));
  }
  return made;
}

std::vector<int> starts(const std::vector<Range> &ranges) {
  std::vector<int> result;
  for (const Range &range : ranges) result.push_back(range.lo);
  return result;
}

std::vector<int> ends(const std::vector<Range> &ranges) {
  std::vector<int> result;
  for (const Range &range : ranges) result.push_back(range.hi);
  return result;
}

std::vector<int> widths(const std::vector<Range> &ranges) {
  std::vector<int> result;
  for (const Range &range : ranges) result.push_back(range.hi - range.lo);
  return result;
}

}  // namespace thimble::codegen
