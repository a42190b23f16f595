// Steps, one after the other: see work.h.
#include "codegen/work.h"

#include <algorithm>
#include <cmath>

#include "codegen/trees.h"
#include "codegen/windows.h"
#include "ops/copied_windows.h"
#include "ops/operator.h"
#include "ops/weight_code.h"
#include "support/check.h"

namespace thimble::codegen {
namespace {

using plan::Call;
using plan::Phase;

int total_width(const std::vector<ops::Range> &columns) {
  int sum = 0;
  for (const ops::Range &range : columns) sum += range.hi - range.lo;
  return sum;
}

int widest(const std::vector<ops::Range> &ranges) {
  int most = 0;
  for (const ops::Range &range : ranges) most = std::max(most, range.hi - range.lo);
  return most;
}

constexpr std::int64_t kLanes = 16, kSparsePixels = 8;

std::int64_t blocks(std::int64_t count, std::int64_t each) { return (count + each - 1) / each; }

Work &find(std::vector<Work> &all, const std::string &kernel) {
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const Work &one) { return one.kernel == kernel; });
  return found != all.end() ? *found : all.emplace_back(Work{kernel});
}

class Counter {
 public:
  Counter(const ir::Graph &graph, const plan::Program &program, const KernelUses &uses)
      : graph_(graph), program_(program), uses_(uses), groups_(program.groups.size()) {}

  std::vector<std::vector<Work>> run() {
    const Trees trees = find_trees(program_);
    std::vector<std::vector<std::vector<int>>> made;
    for (const Tree &tree : trees.list) made.push_back(rows_made(graph_, program_, tree));
    std::vector<std::size_t> at(trees.list.size());
    for (const plan::Step &step : program_.steps) {
      group_ = step.group;
      work("step").runs += 1;
      const int tree = trees.of_group[step.group];
      if (tree < 0) {
        const Call &sink = program_.calls[program_.groups[step.group].sink];
        add_row(sink, step.row, 1);
      } else {
        add_tree(trees.list[tree], made[tree][at[tree]++]);
      }
    }
    return std::move(groups_);
  }

 private:
  Work &work(const std::string &kernel) { return find(groups_[group_], kernel); }

  const KernelUse &use_of(const Call &call) const {
    const auto use = uses_.find({call.node, call.mode, call.phase});
    CHECK(use != uses_.end(), "a call without a kernel");
    return use->second;
  }

  Work &work(const Call &call) {
    if (call.node < 0) return work(call.phase == Phase::kFill ? "fill" : "emit");
    const KernelUse &use = use_of(call);
    return work(use.name + (has_narrow_windows(call) ? "_narrow" : "") +
                (use.shared ? "_shared" : ""));
  }

  // Of kernels that have wider windows, too.
  bool has_narrow_windows(const Call &call) const {
    const ir::Node &node = graph_.node(call.node);
    if (!node.op.ends_with("2d") || call.phase != Phase::kRow || ops::copies_windows(node))
      return false;
    const ops::Access access = access_of(graph_, call, 0);
    return !access.cols.empty() && widest(access.cols) == 1;
  }

  // One row of what a call makes, in `runs` calls.
  void add_row(const Call &call, int row, std::int64_t runs) {
    Work &sum = work(call);
    sum.runs += runs;
    if (call.node < 0 || call.phase == Phase::kBegin) {
      sum.outputs += row_elements(call);
      return;
    }
    add_pixels(sum, call, row, shape_of(graph_, call).cols, runs);
  }

  // Some pixels of a row, at what they take on average, in `runs` calls.
  void add_pixels(Work &sum, const Call &call, int row, std::int64_t pixels, std::int64_t runs) {
    const ir::Shape &shape = shape_of(graph_, call);
    sum.starts += runs * blocks(shape.channels, kLanes);
    sum.pixels += pixels;
    if (call.phase != Phase::kFold) sum.outputs += pixels * shape.channels;
    if (call.phase == Phase::kEnd) {
      sum.reads += pixels * shape.channels;
      return;
    }
    const std::int64_t macs = ops::macs(graph_, graph_.node(call.node)) * pixels /
                              (std::int64_t{shape.rows} * shape.cols);
    const KernelUse &use = use_of(call);
    const int walks = (shape.cols + use.pixels_a_walk - 1) / use.pixels_a_walk;
    const auto weights =
        std::llround(static_cast<double>(macs) * use.bytes_a_weight * walks / shape.cols);
    sum.macs += macs;
    sum.weights += weights;
    if (call.phase == Phase::kFold) {
      sum.reads += pixels * shape.channels;
      sum.vectors += macs / shape.channels * blocks(shape.channels, kLanes);
      return;
    }
    const RowWork work = work_of_row(call, row);
    sum.windows += work.windows * pixels * shape.channels;
    sum.reads += work.reads * pixels / shape.cols;
    sum.borders += work.borders * pixels / shape.cols;
    if (macs == 0) return;
    if (ops::is_stream(use.name))
      sum.vectors += runs == 1 ? weights * work.groups / shape.cols : weights;
    else
      sum.vectors += work.vectors * pixels / shape.cols;
  }

  // Of all pixels of a row that a call makes.
  struct RowWork {
    std::int64_t windows = 0;  // rows of a window of the first input
    std::int64_t reads = 0;    // elements in the windows of all inputs
    std::int64_t vectors = 0, borders = 0;
    std::int64_t groups = 0;  // of pixels that are made together from sparse weights
  };

  RowWork work_of_row(const Call &call, int row) const {
    RowWork work;
    for (int input = 0; input < std::ssize(call.inputs); ++input) {
      const ops::Access access = access_of(graph_, call, input);
      const ir::Shape &shape = graph_.value(call.input_values[input]).type.shape;
      const std::int64_t rows =
          access.rows.empty() ? shape.rows : access.rows[row].hi - access.rows[row].lo;
      const std::int64_t columns = access.cols.empty()
                                       ? std::int64_t{shape.cols} * shape_of(graph_, call).cols
                                       : total_width(access.cols);
      work.reads += rows * columns * shape.channels;
      if (input > 0) continue;
      work.windows = rows;
      add_windows(work, call, access, rows);
    }
    return work;
  }

  // Of the first input.
  void add_windows(RowWork &work, const Call &call, const ops::Access &access,
                   std::int64_t rows) const {
    const ir::Node &node = graph_.node(call.node);
    const ir::Shape &in = graph_.value(call.input_values[0]).type.shape;
    const ir::Shape &out = shape_of(graph_, call);
    const int most_rows = access.rows.empty() ? in.rows : widest(access.rows);
    const int most_cols = access.cols.empty() ? in.cols : widest(access.cols);
    const bool is_one_run = access.cols.empty() || ops::copies_windows(node);
    const bool is_by_channel = node.integer("groups", 1) > 1;
    // Four take a run's values together; one that is left over takes as long as two of them.
    const int outputs = out.channels + (node.op == "Conv2d" ? out.channels % 4 : 0);
    std::int64_t inside = 0;
    for (int x = 0; x < out.cols; ++x) {
      const int cols = access.cols.empty() ? in.cols : access.cols[x].hi - access.cols[x].lo;
      if (rows == most_rows && cols == most_cols) ++inside;
      if (is_by_channel)
        work.vectors += rows * cols * blocks(in.channels, kLanes);
      else if (is_one_run)
        work.vectors += out.channels * blocks(most_rows * most_cols * in.channels, kLanes);
      else
        work.vectors += outputs * rows * blocks(cols * in.channels, kLanes);
    }
    work.borders = (out.cols - inside) * out.channels;
    work.groups = blocks(inside, kSparsePixels) + (out.cols - inside);
  }

  std::int64_t row_elements(const Call &call) const {
    if (call.node < 0) {
      const ir::ValueId value =
          call.phase == Phase::kEmit ? call.input_values.at(0) : call.output_value;
      const ir::Shape &shape = graph_.value(value).type.shape;
      return std::int64_t{shape.cols} * shape.channels;
    }
    return graph_.value(graph_.node(call.node).outputs.at(0)).type.shape.elements();
  }

  void add_tree(const Tree &tree, const std::vector<int> &rows) {
    for (std::size_t i = 0; i < tree.stages.size(); ++i) {
      if (rows[i] < 0) continue;
      const Stage &stage = tree.stages[i];
      const int cols = shape_of(graph_, stage.call).cols;
      const bool folds_block = stage.block && folds_in_output(graph_, stage.call);
      if (!folds_block) add_row(stage.call, rows[i], cols);
      if (stage.block) add_block(stage, rows[i], folds_block);
      if (i == 0 && tree.fold >= 0) add_row(program_.calls[tree.fold], rows[i], cols);
    }
  }

  // What is made before each pixel of a row of the stage; where that is folded in, pixel by pixel.
  void add_block(const Stage &stage, int row, bool is_folded) {
    Call fold = stage.call;
    fold.phase = Phase::kFold;
    const ops::Access access = block_access(graph_, stage);
    const ir::Shape &block = shape_of(graph_, *stage.block);
    const int cols = shape_of(graph_, stage.call).cols;
    const ops::Range rows = access.rows.empty() ? ops::Range{0, block.rows} : access.rows[row];
    const std::int64_t pixels =
        access.cols.empty() ? std::int64_t{block.cols} * cols : total_width(access.cols);
    for (int r = rows.lo; r < rows.hi; ++r) {
      work(*stage.block).runs += is_folded ? pixels : cols;
      add_pixels(work(*stage.block), *stage.block, r, pixels, is_folded ? pixels : cols);
      if (!is_folded) continue;
      work(fold).runs += pixels;
      add_pixels(work(fold), fold, r, pixels, pixels);
    }
  }

  const ir::Graph &graph_;
  const plan::Program &program_;
  const KernelUses &uses_;
  std::vector<std::vector<Work>> groups_;
  int group_ = 0;
};

}  // namespace

std::vector<std::vector<Work>> work_of(const ir::Graph &graph, const plan::Program &program,
                                       const KernelUses &uses) {
  return Counter(graph, program, uses).run();
}

void add(std::vector<Work> &sum, const std::vector<Work> &more) {
  for (const Work &one : more) {
    Work &same = find(sum, one.kernel);
    same.runs += one.runs;
    same.pixels += one.pixels;
    same.outputs += one.outputs;
    same.windows += one.windows;
    same.reads += one.reads;
    same.macs += one.macs;
    same.weights += one.weights;
    same.vectors += one.vectors;
    same.borders += one.borders;
    same.starts += one.starts;
  }
}

}  // namespace thimble::codegen
