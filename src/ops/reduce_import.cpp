// From reductions of files to Reduce (reduce_import.h). The axes of a file become rows, columns and
// channels: as they are stored where each of those is reduced as a whole or not at all; else
// neighbours that are treated alike become one axis, at no cost; else what is reduced is brought
// behind what is not.
#include "ops/reduce_import.h"

#include <algorithm>

#include "ops/integer_list.h"
#include "ops/strided_view.h"

namespace thimble::ops {
namespace {

// Neighbouring axes of the stored order that are all reduced or all kept.
struct Run {
  std::int64_t size;
  bool reduced;
};

std::vector<Run> runs_of(const Dims &dims, const std::vector<int> &order,
                         const std::vector<bool> &reduced) {
  std::vector<Run> runs;
  for (const int axis : order) {
    if (dims[axis] == 1) continue;
    if (!runs.empty() && runs.back().reduced == reduced[axis])
      runs.back().size *= dims[axis];
    else
      runs.push_back({dims[axis], reduced[axis]});
  }
  return runs;
}

// A value of three axes, of which these are reduced.
struct Arranged {
  ir::ValueId value;
  std::vector<std::int64_t> axes;
};

// The stored sides as runs, if none is reduced in part: {} where one is.
std::optional<std::vector<std::int64_t>> whole_sides(const Dims &dims, const Layout &layout,
                                                     const std::vector<bool> &reduced) {
  const std::int64_t sides[] = {layout.shape.rows, layout.shape.cols, layout.shape.channels};
  std::vector<std::int64_t> axes;
  std::size_t at = 0;
  for (std::int64_t side = 0; side < 3; ++side) {
    bool any = false, all = true;
    for (std::int64_t size = 1; size < sides[side]; ++at) {
      const int axis = layout.order[at];
      if (dims[axis] == 1) continue;
      size *= dims[axis];
      if (size > sides[side]) return std::nullopt;
      any |= reduced[axis];
      all &= reduced[axis];
    }
    if (any && !all) return std::nullopt;
    if (any) axes.push_back(side);
  }
  return axes;
}

ir::Shape shape_of_runs(const std::vector<Run> &runs) {
  const auto size = [&](std::size_t i) { return static_cast<int>(runs[i].size); };
  if (runs.empty()) return {1, 1, 1};
  if (runs.size() == 1) return {1, 1, size(0)};
  if (runs.size() == 2) return {size(0), 1, size(1)};
  return {size(0), size(1), size(2)};
}

std::vector<std::int64_t> reduced_runs(const std::vector<Run> &runs) {
  static constexpr std::int64_t kSide[4][3] = {{}, {2}, {0, 2}, {0, 1, 2}};
  std::vector<std::int64_t> axes;
  for (std::size_t i = 0; i < runs.size(); ++i)
    if (runs[i].reduced) axes.push_back(kSide[runs.size()][i]);
  return axes;
}

Arranged arrange(Builder &builder, const ForeignNode &node, const Imported &input,
                 const std::vector<bool> &reduced) {
  const Layout layout = ir::layout_of(input.dims, builder.axes());
  if (const auto sides = whole_sides(input.dims, layout, reduced)) return {input.value, *sides};
  const std::vector<Run> runs = runs_of(input.dims, layout.order, reduced);
  const ForeignNode arranging = step_of(node, "_axes");
  const StridedView view = builder.view_of(input);
  Strided elements = view.in_stored_order(layout);
  if (runs.size() <= 3)
    return {builder.add_strided(arranging, input.value, elements, shape_of_runs(runs)),
            reduced_runs(runs)};
  Strided kept, folded;
  for (const int axis : layout.order) {
    Strided &part = reduced[axis] ? folded : kept;
    part.axes.push_back(view.axes[axis][0]);
  }
  const ir::Shape shape{static_cast<int>(kept.elements()), 1, static_cast<int>(folded.elements())};
  kept.axes.insert(kept.axes.end(), folded.axes.begin(), folded.axes.end());
  return {builder.add_strided(arranging, input.value, kept, shape), {2}};
}

// The result's elements lie in the input's stored order, without the reduced axes.
StridedView result_view(const Builder &builder, ir::ValueId value, const Dims &dims,
                        const std::vector<bool> &reduced, bool keep) {
  std::vector<std::int64_t> strides(dims.size(), 0);
  std::int64_t stride = 1;
  const Layout layout = ir::layout_of(dims, builder.axes());
  for (auto axis = layout.order.rbegin(); axis != layout.order.rend(); ++axis) {
    if (reduced[*axis]) continue;
    strides[*axis] = stride;
    stride *= dims[*axis];
  }
  StridedView view{value, 0, {}};
  for (std::size_t axis = 0; axis < dims.size(); ++axis) {
    if (reduced[axis] && !keep) continue;
    view.axes.push_back({{reduced[axis] ? 1 : dims[axis], strides[axis]}});
  }
  return view;
}

std::vector<std::size_t> all_axes(std::size_t rank) {
  std::vector<std::size_t> axes(rank);
  for (std::size_t i = 0; i < rank; ++i) axes[i] = i;
  return axes;
}

// Input 0 and the axes of a foreign reduction.
struct Reduction {
  Operand input;
  std::vector<std::size_t> axes;
  bool keep;
};

std::optional<Reduction> read_reduction(Builder &builder, const ForeignNode &node) {
  const auto input = operand_of(builder, node, 0);
  if (!input) return std::nullopt;
  if (input->number) {
    builder.error(node, "reduces a constant");
    return std::nullopt;
  }
  const std::size_t rank = input->value.dims.size();
  const bool onnx = node.domain == "onnx";
  const auto list = integer_list(builder, node, onnx ? "axes" : "dim", 1);
  if (!list) return std::nullopt;
  const bool keep = node.integer(onnx ? "keepdims" : "keepdim", onnx ? 1 : 0) != 0;
  if (list->empty() && node.integer("noop_with_empty_axes", 0) != 0)
    return Reduction{*input, {}, keep};
  auto axes = list->empty()
                  ? all_axes(rank)
                  : sound_axes(builder, node, *list, rank).value_or(std::vector<std::size_t>{});
  if (axes.empty() && rank > 0) return std::nullopt;
  return Reduction{*input, std::move(axes), keep};
}

Operand reduced(Builder &builder, const ForeignNode &node, const std::string &kind,
                const Reduction &reduction) {
  return add_reduce(builder, node, kind, reduction.input, reduction.axes, reduction.keep);
}

std::string kind_of(const ForeignNode &node) {
  static const std::map<std::string_view, std::string_view> kKinds = {
      {"ReduceSum", "sum"},
      {"ReduceMean", "mean"},
      {"ReduceMax", "max"},
      {"ReduceMin", "min"},
      {"ReduceProd", "prod"},
      {"ReduceL1", "l1"},
      {"ReduceSumSquare", "sum_square"},
      {"sum.default", "sum"},
      {"sum.dim_IntList", "sum"},
      {"mean.default", "mean"},
      {"mean.dim", "mean"},
      {"amax.default", "max"},
      {"amin.default", "min"},
      {"max.default", "max"},
      {"min.default", "min"},
      {"prod.default", "prod"},
      {"prod.dim_int", "prod"}};
  return std::string(kKinds.at(node.op));
}

void import_reduce(Builder &builder, const ForeignNode &node) {
  if (const auto reduction = read_reduction(builder, node))
    bind_result(builder, node, reduced(builder, node, kind_of(node), *reduction));
}

// The root of the sum of squares.
void import_l2(Builder &builder, const ForeignNode &node) {
  const auto reduction = read_reduction(builder, node);
  if (!reduction) return;
  const Operand sum = reduced(builder, step_of(node, "_sum"), "sum_square", *reduction);
  bind_result(builder, node, add_elementwise(builder, node, "Sqrt", {sum}));
}

void import_log_sum(Builder &builder, const ForeignNode &node) {
  const auto reduction = read_reduction(builder, node);
  if (!reduction) return;
  const Operand sum = reduced(builder, step_of(node, "_sum"), "sum", *reduction);
  bind_result(builder, node, add_elementwise(builder, node, "Log", {sum}));
}

// max + log(sum(exp(x - max))), so that no exponential overflows.
void import_log_sum_exp(Builder &builder, const ForeignNode &node) {
  auto reduction = read_reduction(builder, node);
  if (!reduction) return;
  const Operand x = reduction->input;
  const Operand most = add_reduce(builder, step_of(node, "_max"), "max", x, reduction->axes, true);
  const auto below = add_elementwise(builder, step_of(node, "_below"), "Sub", {x, most});
  if (!below) return;
  const auto exp = add_elementwise(builder, step_of(node, "_exp"), "Exp", {*below});
  if (!exp) return;
  reduction->input = *exp;
  const Operand sum = reduced(builder, step_of(node, "_sum"), "sum", *reduction);
  const auto log = add_elementwise(builder, step_of(node, "_log"), "Log", {sum});
  const StridedView same = result_view(
      builder, most.value.value, x.value.dims,
      [&] {
        std::vector<bool> flags(x.value.dims.size(), false);
        for (const std::size_t axis : reduction->axes) flags[axis] = true;
        return flags;
      }(),
      reduction->keep);
  const ForeignNode offset = step_of(node, "_offset");
  builder.bind_view(offset, same);
  const Imported *bound = builder.find(offset.outputs[0]);
  if (log && bound)
    bind_result(builder, node, add_elementwise(builder, node, "Add", {*log, {*bound, {}}}));
}

// Everything behind the channels, dimensions kept.
void import_global_pool(Builder &builder, const ForeignNode &node) {
  const auto input = operand_of(builder, node, 0);
  if (!input || input->number) return;
  const std::size_t rank = input->value.dims.size();
  if (rank < 3) return builder.error(node, "pools a tensor without rows", "[N,C,...] is meant");
  auto axes = all_axes(rank);
  axes.erase(axes.begin(), axes.begin() + 2);
  bind_result(
      builder, node,
      add_reduce(builder, node, node.op == "GlobalMaxPool" ? "max" : "mean", *input, axes, true));
}

// (sum of |x|^p)^(1/p) over everything behind the channels.
void import_global_lp_pool(Builder &builder, const ForeignNode &node) {
  const auto input = operand_of(builder, node, 0);
  if (!input || input->number || input->value.dims.size() < 3) return;
  auto axes = all_axes(input->value.dims.size());
  axes.erase(axes.begin(), axes.begin() + 2);
  const double p = node.real("p", 2);
  const auto magnitude = add_elementwise(builder, step_of(node, "_abs"), "Abs", {*input});
  if (!magnitude) return;
  const auto power =
      add_elementwise(builder, step_of(node, "_pow"), "Pow", {*magnitude, number_operand(p)});
  if (!power) return;
  const Operand sum = add_reduce(builder, step_of(node, "_sum"), "sum", *power, axes, true);
  bind_result(builder, node, add_elementwise(builder, node, "Pow", {sum, number_operand(1 / p)}));
}

// TensorFlow Lite's MEAN: axes in input 1.
void import_tflite_mean(Builder &builder, const ForeignNode &node) {
  const Imported *found = builder.activation(node, 0);
  const auto list = integer_list(builder, node, "axes", 1);
  if (!found || !list) return;
  const Operand input{*found, std::nullopt};
  const auto axes = sound_axes(builder, node, *list, input.value.dims.size());
  const bool keep = node.integer("keep_dims", 0) != 0;
  if (!axes || axes->empty()) return builder.error(node, "names no axis");
  bind_result(builder, node, add_reduce(builder, node, "mean", input, *axes, keep));
}

}  // namespace

ForeignNode step_of(const ForeignNode &node, const std::string &suffix) {
  ForeignNode step = node;
  step.name += suffix;
  step.outputs = {step.name};
  return step;
}

std::optional<std::vector<std::size_t>> sound_axes(Builder &builder, const ForeignNode &node,
                                                   const Dims &axes, std::size_t rank) {
  std::vector<std::size_t> sound;
  for (const std::int64_t axis : axes) {
    const auto at = position(axis, rank);
    if (!at) {
      builder.error(node, "names an axis that its input lacks");
      return std::nullopt;
    }
    sound.push_back(*at);
  }
  std::sort(sound.begin(), sound.end());
  sound.erase(std::unique(sound.begin(), sound.end()), sound.end());
  return sound;
}

Operand add_reduce(Builder &builder, const ForeignNode &node, const std::string &kind,
                   const Operand &input, const std::vector<std::size_t> &axes, bool keep) {
  const Dims &dims = input.value.dims;
  std::vector<bool> reduced(dims.size(), false);
  for (const std::size_t axis : axes) reduced[axis] = true;
  const Arranged arranged = input.value.value < 0 ? Arranged{kFailedValue, {}}
                                                  : arrange(builder, node, input.value, reduced);
  const ForeignNode reducing = step_of(node, "_reduce");
  const ir::ValueId value = builder.add(reducing, "Reduce", {arranged.value}, {},
                                        {{"kind", kind}, {"axes", arranged.axes}});
  const StridedView view = result_view(builder, value, dims, reduced, keep);
  const ForeignNode shaping = step_of(node, "_result");
  if (value < 0) return {{view.dims(), kFailedValue}, {}};
  builder.bind_view(shaping, view);
  const Imported *bound = builder.find(shaping.outputs[0]);
  return {bound ? *bound : Imported{view.dims(), kFailedValue}, {}};
}

std::vector<ImportRule> reduce_import_rules() {
  std::vector<ImportRule> rules = {
      {"onnx", "ReduceL2", import_l2},
      {"onnx", "ReduceLogSum", import_log_sum},
      {"onnx", "ReduceLogSumExp", import_log_sum_exp},
      {"aten", "logsumexp.default", import_log_sum_exp},
      {"onnx", "GlobalAveragePool", import_global_pool},
      {"onnx", "GlobalMaxPool", import_global_pool},
      {"onnx", "GlobalLpPool", import_global_lp_pool},
  };
  for (const char *op : {"ReduceSum", "ReduceMean", "ReduceMax", "ReduceMin", "ReduceProd",
                         "ReduceL1", "ReduceSumSquare"})
    rules.push_back({"onnx", op, import_reduce});
  for (const char *op :
       {"sum.default", "sum.dim_IntList", "mean.default", "mean.dim", "amax.default",
        "amin.default", "max.default", "min.default", "prod.default", "prod.dim_int"})
    rules.push_back({"aten", op, import_reduce});
  rules.push_back({"tflite", "MEAN", import_tflite_mean});
  return rules;
}

}  // namespace thimble::ops
