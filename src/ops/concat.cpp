// Concat: several tensors as one, by channels, rows or columns. No bytes move: each input is made
// where the output wants it (the pass legalize-concat sees to it that this is possible). A file's
// other axes become channels between two Reshapes; columns are the strips of plan/strips.h.
//
// Attribute: axis, 0 (rows), 1 (columns) or 2 (channels).
#include <fmt/format.h>

#include "ops/families.h"
#include "ops/infer.h"
#include "ops/movement.h"
#include "ops/strided_view.h"
#include "ops/tflite_import.h"

namespace thimble::ops {
namespace {

constexpr std::int64_t kRows = 0, kColumns = 1, kChannels = 2;

int size_along(const ir::Shape &shape, std::int64_t axis) {
  return axis == kRows ? shape.rows : axis == kColumns ? shape.cols : shape.channels;
}

ir::Shape with_size(ir::Shape shape, std::int64_t axis, int size) {
  (axis == kRows ? shape.rows : axis == kColumns ? shape.cols : shape.channels) = size;
  return shape;
}

Result<std::vector<ir::Type>> infer_concat(const ir::Graph &graph, const ir::Node &node) {
  if (node.inputs.empty()) return node_error(node, "has nothing to concatenate");
  if (auto errors = check_arity(graph, node, node.inputs.size(), 0); !errors.empty()) return errors;
  const std::int64_t axis = node.integer("axis", -1);
  if (axis < kRows || axis > kChannels)
    return node_error(node, "attribute 'axis' must be 0 (rows), 1 (columns) or 2 (channels)");
  const ir::Shape first = graph.value(node.inputs[0]).type.shape;
  std::int64_t total = 0;
  for (const ir::ValueId input : node.inputs) {
    const ir::Shape &shape = graph.value(input).type.shape;
    total += size_along(shape, axis);
    if (with_size(shape, axis, 1) != with_size(first, axis, 1))
      return node_error(node,
                        fmt::format("input '{}' does not fit the first", graph.value(input).name));
  }
  TRY(const ir::Shape shape,
      checked_shape(node, axis == kRows ? total : first.rows, axis == kColumns ? total : first.cols,
                    axis == kChannels ? total : first.channels));
  return output_type(graph, node, shape);
}

// Elements of the output go in runs: all of an input (by rows), a row of each, or a pixel's
// channels of each.
void concat(const ir::Graph &, const ir::Node &node, std::span<const Tensor *const> inputs,
            std::span<Tensor> outputs) {
  const std::int64_t axis = node.integer("axis", -1);
  const auto run_of = [&](const ir::Shape &shape) {
    if (axis == kRows) return shape.elements();
    return std::int64_t{axis == kColumns ? shape.cols : 1} * shape.channels;
  };
  const std::int64_t pitch = run_of(outputs[0].type.shape);
  std::int64_t start = 0;
  for (const Tensor *input : inputs) {
    const std::int64_t run = run_of(input->type.shape);
    move_elements(*input, outputs[0], input->type.shape.elements(), same_place,
                  [&](std::int64_t i) { return start + i / run * pitch + i % run; });
    start += run;
  }
}

std::optional<View> concat_view(const ir::Graph &graph, const ir::Node &node) {
  const std::int64_t axis = node.integer("axis", -1);
  View view{axis == kRows      ? View::Kind::kConcatRows
            : axis == kColumns ? View::Kind::kConcatColumns
                               : View::Kind::kConcatChannels,
            {}};
  int offset = 0;
  for (const ir::ValueId input : node.inputs) {
    view.offsets.push_back(offset);
    offset += size_along(graph.value(input).type.shape, axis);
  }
  return view;
}

// The inputs as views, or nothing after a report. Stack adds an axis to each.
std::vector<StridedView> read_parts(Builder &builder, const ForeignNode &node, std::int64_t &axis) {
  const bool stacks = node.op == "stack.default";
  std::vector<StridedView> parts;
  for (std::size_t i = 0; i < node.inputs.size(); ++i) {
    const Imported *input = builder.activation(node, i);
    if (!input) return {};
    StridedView part = builder.view_of(*input);
    const auto at = position(axis, part.axes.size() + (stacks ? 1 : 0));
    if (at && stacks) part.axes.insert(part.axes.begin() + static_cast<std::ptrdiff_t>(*at), {{}});
    if (!at || (i > 0 && part.axes.size() != parts[0].axes.size())) {
      builder.error(node, "concatenates along an axis that an input lacks");
      return {};
    }
    if (i == 0) axis = static_cast<std::int64_t>(*at);
    parts.push_back(std::move(part));
  }
  return parts;
}

// Dimensions of the whole, or nothing after a report.
std::optional<Dims> whole_dims(Builder &builder, const ForeignNode &node,
                               const std::vector<StridedView> &parts, std::size_t axis) {
  Dims whole = parts[0].dims();
  for (std::size_t i = 1; i < parts.size(); ++i) {
    Dims dims = parts[i].dims();
    whole[axis] += dims[axis];
    dims[axis] = whole[axis];
    if (dims == whole) continue;
    builder.error(node, fmt::format("input {} does not fit the first", i));
    return std::nullopt;
  }
  return whole;
}

// How parts lie in the whole: as rows, as channels of its pixels, or else as channels of what is
// left when everything behind the axis is one pixel's.
struct Placing {
  std::int64_t axis;
  int rows = 1, cols = 1, channels = 1;  // of one step along the concatenated axis
  ir::Shape part(std::int64_t size) const {
    const auto count = static_cast<int>(size);
    if (axis == kRows) return {count, cols, channels};
    return {rows, cols, count * channels};
  }
};

Placing place_parts(const Layout &layout, const Dims &whole, std::size_t axis) {
  const std::int64_t inner = layout.strides[axis];
  const ir::Shape &shape = layout.shape;
  if (inner == 1 && shape.channels == whole[axis]) return {kChannels, shape.rows, shape.cols, 1};
  const std::int64_t outer = shape.elements() / (inner * whole[axis]);
  if (outer == 1 && shape.rows == whole[axis]) return {kRows, 1, shape.cols, shape.channels};
  return {kChannels, static_cast<int>(outer), 1, static_cast<int>(inner)};
}

void import_concat(Builder &builder, const ForeignNode &node) {
  std::int64_t file_axis = node.integer(node.domain == "aten" ? "dim" : "axis", 0);
  const std::vector<StridedView> parts = read_parts(builder, node, file_axis);
  if (parts.empty()) return;
  const auto axis = static_cast<std::size_t>(file_axis);
  const auto dims = whole_dims(builder, node, parts, axis);
  if (!dims) return;
  const auto layout = builder.layout_of(*dims);
  if (!layout.ok()) return builder.error(node, layout.diagnostics().front().what);
  const Placing placing = place_parts(*layout, *dims, axis);
  ForeignNode part_node = node;
  part_node.name += "_part";
  std::vector<ir::ValueId> values;
  for (const StridedView &part : parts)
    values.push_back(builder.add_strided(part_node, part.value, part.in_stored_order(*layout),
                                         placing.part(part.size(axis))));
  const ir::ValueId whole =
      add_then_limit(builder, node, "Concat", values, {{"axis", placing.axis}});
  const Strided all{0, {{layout->shape.elements(), 1}}};
  builder.bind(node.outputs.at(0), builder.add_strided(node, whole, all, layout->shape), *dims);
}

}  // namespace

const Operator kConcat = {
    .name = "Concat",
    .summary = "several tensors as one, by channels, rows or columns; costs nothing",
    .imports = {{"onnx", "Concat", import_concat},
                {"aten", "cat.default", import_concat},
                {"aten", "concat.default", import_concat},
                {"aten", "stack.default", import_concat},
                {"tflite", "CONCATENATION", import_concat}},
    .infer = infer_concat,
    .eval_float = move_float<concat>,
    .eval_int = move_int<concat>,
    .view = concat_view,
    .quant_rule = Operator::QuantRule::kShared,
};

}  // namespace thimble::ops
