// Concat: several tensors as one, by channels or by rows. No bytes move: each input is made where
// the output wants it (the pass legalize-concat sees to it that this is possible).
//
// Attribute: axis, 0 (rows) or 2 (channels).
#include <fmt/format.h>

#include "ops/families.h"
#include "ops/infer.h"
#include "ops/movement.h"

namespace thimble::ops {
namespace {

constexpr std::int64_t kRows = 0, kChannels = 2;

Result<std::vector<ir::Type>> infer_concat(const ir::Graph &graph, const ir::Node &node) {
  if (node.inputs.empty()) return node_error(node, "has nothing to concatenate");
  if (auto errors = check_arity(graph, node, node.inputs.size(), 0); !errors.empty()) return errors;
  const std::int64_t axis = node.integer("axis", -1);
  if (axis != kRows && axis != kChannels)
    return node_error(node, "attribute 'axis' must be 0 (rows) or 2 (channels)");
  const ir::Shape first = graph.value(node.inputs[0]).type.shape;
  std::int64_t total = 0;
  for (const ir::ValueId input : node.inputs) {
    const ir::Shape &shape = graph.value(input).type.shape;
    total += axis == kRows ? shape.rows : shape.channels;
    const bool fits = shape.cols == first.cols &&
                      (axis == kRows ? shape.channels == first.channels : shape.rows == first.rows);
    if (!fits)
      return node_error(node,
                        fmt::format("input '{}' does not fit the first", graph.value(input).name));
  }
  TRY(const ir::Shape shape, checked_shape(node, axis == kRows ? total : first.rows, first.cols,
                                           axis == kRows ? first.channels : total));
  return output_type(graph, node, shape);
}

// Elements of the output go in runs: all of an input (by rows), or a pixel's channels of each.
void concat(const ir::Graph &, const ir::Node &node, std::span<const Tensor *const> inputs,
            std::span<Tensor> outputs) {
  const ir::Shape &whole = outputs[0].type.shape;
  const bool by_rows = node.integer("axis", -1) == kRows;
  const std::int64_t pitch = by_rows ? whole.elements() : whole.channels;
  std::int64_t start = 0;
  for (const Tensor *input : inputs) {
    const std::int64_t count = input->type.shape.elements();
    const std::int64_t run = by_rows ? count : input->type.shape.channels;
    move_elements(*input, outputs[0], count, same_place,
                  [&](std::int64_t i) { return start + i / run * pitch + i % run; });
    start += run;
  }
}

std::optional<View> concat_view(const ir::Graph &graph, const ir::Node &node) {
  const bool by_rows = node.integer("axis", -1) == kRows;
  View view{by_rows ? View::Kind::kConcatRows : View::Kind::kConcatChannels, {}};
  int offset = 0;
  for (const ir::ValueId input : node.inputs) {
    const ir::Shape &shape = graph.value(input).type.shape;
    view.offsets.push_back(offset);
    offset += by_rows ? shape.rows : shape.channels;
  }
  return view;
}

// Stored axis of a file's, or -1: the batch, columns, or one the file's array lacks.
std::int64_t stored_axis(std::int64_t axis, std::size_t rank) {
  if (axis < 0) axis += static_cast<std::int64_t>(rank);
  if (axis == 1) return kChannels;
  return axis == 2 && rank > 2 ? kRows : -1;
}

void import_concat(Builder &builder, const ForeignNode &node) {
  std::vector<ir::ValueId> values;
  std::vector<std::int64_t> dims;
  const std::int64_t file_axis = node.integer(node.domain == "onnx" ? "axis" : "dim", 0);
  for (std::size_t i = 0; i < node.inputs.size(); ++i) {
    const Imported *input = builder.activation(node, i);
    if (!input) return;
    const auto rank = static_cast<std::int64_t>(input->dims.size());
    const std::int64_t at = file_axis < 0 ? file_axis + rank : file_axis;
    if (at < 0 || at >= rank || (!dims.empty() && dims.size() != input->dims.size()))
      return builder.error(node, "concatenates along an axis that an input lacks");
    if (dims.empty()) {
      dims = input->dims;
    } else {
      dims[at] += input->dims[at];
    }
    values.push_back(input->value);
  }
  const std::int64_t axis = stored_axis(file_axis, dims.size());
  if (axis < 0)
    builder.error(node, fmt::format("concatenates along axis {}", file_axis),
                  "only channels (axis 1) and rows (axis 2) are supported");
  const ir::ValueId value = builder.add(node, "Concat", values, {}, {{"axis", axis}});
  builder.bind(node.outputs.at(0), value, dims);
}

}  // namespace

const Operator kConcat = {
    .name = "Concat",
    .summary = "several tensors as one, by channels or rows; costs nothing",
    .imports = {{"onnx", "Concat", import_concat},
                {"aten", "cat.default", import_concat},
                {"aten", "concat.default", import_concat}},
    .infer = infer_concat,
    .eval_float = move_float<concat>,
    .eval_int = move_int<concat>,
    .view = concat_view,
    .quant_rule = Operator::QuantRule::kShared,
};

}  // namespace thimble::ops
