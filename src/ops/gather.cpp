// Gather: slices of one axis at positions that the file holds, in any order. Positions in even
// steps are views (AsStrided), so this is for the others.
//
// Attributes: the input as [outer][count][inner] in stored order: count, inner; indices {n} within
// [0, count); out_shape {rows, cols, channels} of [outer][n][inner].
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "ops/families.h"
#include "ops/infer.h"
#include "ops/movement.h"
#include "ops/quantized.h"
#include "ops/strided_view.h"

namespace thimble::ops {
namespace {

struct Picks {
  std::int64_t count, inner;
  std::vector<std::int64_t> indices;

  std::int64_t source(std::int64_t element) const {
    const auto n = static_cast<std::int64_t>(indices.size());
    const std::int64_t slice = element / inner;
    const std::int64_t index = indices[static_cast<std::size_t>(slice % n)];
    return (slice / n * count + index) * inner + element % inner;
  }
};

Picks picks_of(const ir::Node &node) {
  return {node.integer("count", 0), node.integer("inner", 0), node.integers("indices")};
}

Result<std::vector<ir::Type>> infer(const ir::Graph &graph, const ir::Node &node) {
  Diagnostics errors = check_arity(graph, node, 1, 0);
  if (errors.empty()) errors = check_integers(node, "out_shape", 3, 1, kMaxElements, true);
  if (!errors.empty()) return errors;
  const Picks picks = picks_of(node);
  const std::int64_t elements = graph.value(node.inputs[0]).type.shape.elements();
  if (picks.count < 1 || picks.count > elements || picks.inner < 1 || picks.inner > elements ||
      elements % (picks.count * picks.inner) != 0)
    return node_error(node, "does not cut its input into whole slices");
  errors = check_integers(node, "indices", picks.indices.size(), 0, picks.count - 1, true);
  if (!errors.empty()) return errors;
  const auto sides = node.integers("out_shape");
  TRY(const ir::Shape shape, checked_shape(node, sides[0], sides[1], sides[2]));
  const auto picked = static_cast<std::int64_t>(picks.indices.size());
  if (picked > kMaxElements || shape.elements() != elements / picks.count * picked)
    return node_error(node, "its slices do not fill its output");
  return output_type(graph, node, shape);
}

void gather(const ir::Graph &, const ir::Node &node, std::span<const Tensor *const> inputs,
            std::span<Tensor> outputs) {
  const Picks picks = picks_of(node);
  move_elements(
      *inputs[0], outputs[0], outputs[0].type.shape.elements(),
      [&](std::int64_t i) { return picks.source(i); }, same_place);
}

// Input elements that output elements [first, last) lie between. Of slices that are one round of
// indices apart, the later one is further on: the first round has the least, the last the largest.
ElementRange reads(const Picks &picks, std::int64_t first, std::int64_t last) {
  const auto round = static_cast<std::int64_t>(picks.indices.size());
  const std::int64_t begin = first / picks.inner, end = (last - 1) / picks.inner + 1;
  ElementRange range{picks.source(first), picks.source(first) + 1};
  for (std::int64_t slice = begin; slice < std::min(begin + round, end); ++slice)
    range.lo = std::min(range.lo, picks.source(std::max(first, slice * picks.inner)));
  for (std::int64_t slice = std::max(begin, end - round); slice < end; ++slice)
    range.hi = std::max(range.hi, picks.source(std::min(last, (slice + 1) * picks.inner) - 1) + 1);
  return range;
}

std::vector<Mode> modes(const ir::Graph &graph, const ir::Node &node) {
  const Picks picks = picks_of(node);
  const ir::Shape &in = graph.value(node.inputs[0]).type.shape;
  const ir::Shape &out = graph.value(node.outputs[0]).type.shape;
  Mode mode;
  mode.name = "window";
  mode.inputs = {access_of_elements(
      in, out, [&](std::int64_t first, std::int64_t last) { return reads(picks, first, last); })};
  return {mode};
}

Kernels kernels(const ir::Graph &graph, const ir::Node &node, const Numbers &, int) {
  const Picks picks = picks_of(node);
  const ir::Shape &in = graph.value(node.inputs[0]).type.shape;
  const ir::Shape &out = graph.value(node.outputs[0]).type.shape;
  Kernel kernel;
  kernel.file = kernel_file("gather", graph, node);
  kernel.sizes = {{"out_w", out.cols},
                  {"out_c", out.channels},
                  {"in_count", std::int64_t{in.cols} * in.channels},
                  {"count", picks.count},
                  {"inner", picks.inner},
                  {"index_count", static_cast<std::int64_t>(picks.indices.size())}};
  kernel.tables = {{"index", "int32_t", picks.indices}};
  return {.row = kernel};
}

// Where a foreign operator has its operands and its axis.
struct Operands {
  std::size_t input = 0, index = 1;
  std::int64_t axis = 0;
};

// The positions, each within the axis, or nothing after a report.
std::optional<Dims> indices_of(Builder &builder, const ForeignNode &node,
                               const ForeignTensor &index, std::int64_t size) {
  Dims indices = index.i64;
  for (std::int64_t &at : indices) {
    if (at < 0 && node.domain == "onnx") at += size;
    if (at >= 0 && at < size) continue;
    builder.error(node, fmt::format("takes position {} of {}", at, size));
    return std::nullopt;
  }
  if (!indices.empty() && static_cast<std::int64_t>(indices.size()) == index.elements())
    return indices;
  builder.error(node, "takes nothing");
  return std::nullopt;
}

bool is_progression(const Dims &indices) {
  for (std::size_t i = 2; i < indices.size(); ++i)
    if (indices[i] - indices[i - 1] != indices[1] - indices[0]) return false;
  return true;
}

// The view with its axis as the picked slices, in the file's order of axes; `view` has one part an
// axis.
StridedView picked(Builder &builder, const ForeignNode &node, StridedView view, std::size_t axis,
                   const Dims &indices) {
  const auto count = static_cast<std::int64_t>(indices.size());
  if (is_progression(indices)) {
    slice(view, axis, indices[0], count > 1 ? indices[1] - indices[0] : 1, count);
    return view;
  }
  Dims dims = view.dims();
  const std::int64_t size = std::exchange(dims[axis], count);
  const auto layout = builder.layout_of(dims);
  if (!layout.ok()) {
    builder.error(node, layout.diagnostics().front().what);
    return {kFailedValue, 0, view.axes};
  }
  const std::int64_t inner = layout->strides[axis];
  const auto outer = layout->shape.elements() / (inner * count);
  // Nothing moves here unless the axis is the batch.
  const ir::ValueId value = builder.add_strided(
      node, view.value, view.in_stored_order(*layout),
      {static_cast<int>(outer), static_cast<int>(size), static_cast<int>(inner)});
  const ir::Shape &shape = layout->shape;
  return builder.view_of(
      {dims, builder.add(node, "Gather", {value}, {},
                         {{"count", size},
                          {"inner", inner},
                          {"indices", indices},
                          {"out_shape", Dims{shape.rows, shape.cols, shape.channels}}})});
}

void import_gather(Builder &builder, const ForeignNode &node, const Operands &operands) {
  const Imported *input = builder.activation(node, operands.input);
  if (!input) return;
  const ForeignTensor *index = builder.has_input(node, operands.index)
                                   ? builder.constant(node.inputs[operands.index])
                                   : nullptr;
  if (!index || index->is_float())
    return builder.error(node, "takes elements at positions that are computed",
                         "only constant positions are supported");
  const auto axis = position(operands.axis, input->dims.size());
  if (!axis) return builder.error(node, "takes elements along an axis that its input lacks");
  const auto indices = indices_of(builder, node, *index, input->dims[*axis]);
  if (!indices) return;
  StridedView view = picked(builder, node, builder.view_of(*input), *axis, *indices);
  auto shaped = split(view, *axis, index->dims);
  if (shaped) builder.bind_view(node, *shaped);
}

void import_onnx(Builder &builder, const ForeignNode &node) {
  import_gather(builder, node, {0, 1, node.integer("axis", 0)});
}

void import_index_select(Builder &builder, const ForeignNode &node) {
  import_gather(builder, node, {0, 1, node.integer("dim", 0)});
}

void import_embedding(Builder &builder, const ForeignNode &node) {
  import_gather(builder, node, {});
}

}  // namespace

const Operator kGather = {
    .name = "Gather",
    .summary = "slices of one axis at constant positions",
    .imports = {{"onnx", "Gather", import_onnx},
                {"aten", "index_select.default", import_index_select},
                {"aten", "embedding.default", import_embedding}},
    .infer = infer,
    .eval_float = move_float<gather>,
    .eval_int = move_int<gather>,
    .modes = modes,
    .kernels = kernels,
    .quant_rule = Operator::QuantRule::kSameAsInput,
};

}  // namespace thimble::ops
