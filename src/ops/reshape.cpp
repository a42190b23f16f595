// Reshape: the same bytes, another shape. A file's reshapes speak of its own element order;
// where that differs from the stored one (channels last) the importer adds Permutes, which passes
// absorb into weights.
//
// Attribute: out_shape {rows, cols, channels}.
#include <algorithm>
#include <cstdlib>

#include "ops/families.h"
#include "ops/infer.h"
#include "ops/integer_list.h"
#include "ops/movement.h"
#include "ops/strided_view.h"

namespace thimble::ops {
namespace {

Result<std::vector<ir::Type>> infer_reshape(const ir::Graph &graph, const ir::Node &node) {
  Diagnostics errors = check_arity(graph, node, 1, 0);
  if (errors.empty()) errors = check_integers(node, "out_shape", 3, 1, kMaxElements, true);
  if (!errors.empty()) return errors;
  const auto sides = node.integers("out_shape");
  TRY(const ir::Shape shape, checked_shape(node, sides[0], sides[1], sides[2]));
  if (shape.elements() != graph.value(node.inputs[0]).type.shape.elements())
    return node_error(node, "changes the number of elements");
  return output_type(graph, node, shape);
}

void reshape(const ir::Graph &, const ir::Node &, std::span<const Tensor *const> inputs,
             std::span<Tensor> outputs) {
  move_elements(*inputs[0], outputs[0], outputs[0].type.shape.elements(), same_place, same_place);
}

std::optional<View> reshape_view(const ir::Graph &, const ir::Node &) {
  return View{View::Kind::kReshape, {}};
}

std::int64_t product(const Dims &dims, std::size_t first, std::size_t last) {
  std::int64_t count = 1;
  for (std::size_t i = first; i < last; ++i)
    if (__builtin_mul_overflow(count, dims[i], &count)) return -1;
  return count;
}

// Binds the node's output to input 0 in these dimensions. Where the file's order must be made on
// the way, its elements are as one vector in between.
void bind_reshaped(Builder &builder, const ForeignNode &node, const Imported &input,
                   const Dims &dims) {
  const auto layout = builder.layout_of(dims);
  if (!layout.ok()) {
    for (const Diagnostic &found : layout.diagnostics())
      builder.error(node, found.what, found.why, found.fix);
    return;
  }
  if (product(dims, 0, dims.size()) != product(input.dims, 0, input.dims.size())) {
    builder.error(node, "changes the number of elements");
    return builder.bind(node.outputs.at(0), kFailedValue, dims);
  }
  if (const auto view = reshaped(builder.view_of(input), dims))
    return builder.bind_view(node, *view);
  const ir::ValueId flat = builder.to_file_order(node, input);
  builder.bind(node.outputs.at(0), builder.from_file_order(node, flat, dims), dims);
}

// The importers of all kinds of reshape differ only in how the new dimensions come about. That is
// f(builder, node, old dims); nothing after it has reported.
template <std::optional<Dims> (*F)(Builder &, const ForeignNode &, const Dims &)>
void import_reshape(Builder &builder, const ForeignNode &node) {
  const Imported *found = builder.activation(node, 0);
  if (!found) return;
  const Imported input = *found;
  const auto dims = F(builder, node, input.dims);
  if (dims) bind_reshaped(builder, node, input, *dims);
}

// One -1 stands for what is left; in ONNX 0 copies the old dimension.
std::optional<Dims> view_dims(Builder &builder, const ForeignNode &node, const Dims &from) {
  const char *key = node.domain == "onnx" || node.op == "reshape.default" ? "shape" : "size";
  auto list = integer_list(builder, node, key, 1);
  if (!list) return {};
  Dims dims = *list;
  const bool zero_copies = node.domain == "onnx" && node.integer("allowzero", 0) == 0;
  for (std::size_t i = 0; zero_copies && i < std::min(dims.size(), from.size()); ++i)
    if (dims[i] == 0) dims[i] = from[i];
  const auto open = std::find(dims.begin(), dims.end(), -1);
  if (open != dims.end()) {
    *open = 1;
    const std::int64_t known = product(dims, 0, dims.size());
    if (known > 0) *open = product(from, 0, from.size()) / known;
  }
  if (std::all_of(dims.begin(), dims.end(), [](std::int64_t d) { return d > 0; })) return dims;
  builder.error(node, "has no sound target shape");
  return {};
}

// TensorFlow Lite has the dimensions of every tensor.
std::optional<Dims> tflite_dims(Builder &builder, const ForeignNode &node, const Dims &) {
  const Dims dims = node.integers("new_shape");
  if (std::all_of(dims.begin(), dims.end(), [](std::int64_t d) { return d > 0; })) return dims;
  builder.error(node, "has no sound target shape");
  return {};
}

std::optional<Dims> onnx_flatten_dims(Builder &builder, const ForeignNode &node, const Dims &from) {
  const std::int64_t axis = node.integer("axis", 1);
  const auto rank = static_cast<std::int64_t>(from.size());
  if (axis >= -rank && axis <= rank) {
    const auto at = static_cast<std::size_t>(axis < 0 ? axis + rank : axis);
    return Dims{product(from, 0, at), product(from, at, from.size())};
  }
  builder.error(node, "flattens from an axis that its input lacks");
  return {};
}

std::optional<Dims> aten_flatten_dims(Builder &builder, const ForeignNode &node, const Dims &from) {
  if (from.empty()) return Dims{1};
  const auto first = position(node.integer("start_dim", 0), from.size());
  const auto last = position(node.integer("end_dim", -1), from.size());
  if (!first || !last || *first > *last) {
    builder.error(node, "flattens axes that its input lacks");
    return {};
  }
  Dims dims(from.begin(), from.begin() + *first);
  dims.push_back(product(from, *first, *last + 1));
  dims.insert(dims.end(), from.begin() + *last + 1, from.end());
  return dims;
}

std::optional<Dims> axes_of(Builder &builder, const ForeignNode &node) {
  return integer_list(builder, node, node.domain == "onnx" ? "axes" : "dim", 1);
}

// Without axes, every dimension of 1 goes.
std::optional<Dims> squeeze_dims(Builder &builder, const ForeignNode &node, const Dims &from) {
  const auto axes = axes_of(builder, node);
  if (!axes) return {};
  std::vector<bool> removed(from.size(), false);
  for (const std::int64_t axis : *axes) {
    const auto at = position(axis, from.size());
    if (at && from[*at] == 1) removed[*at] = true;
  }
  for (std::size_t i = 0; axes->empty() && i < from.size(); ++i) removed[i] = from[i] == 1;
  Dims dims;
  for (std::size_t i = 0; i < from.size(); ++i)
    if (!removed[i]) dims.push_back(from[i]);
  return dims;
}

std::optional<Dims> unsqueeze_dims(Builder &builder, const ForeignNode &node, const Dims &from) {
  const auto axes = axes_of(builder, node);
  if (!axes) return {};
  const std::size_t rank = from.size() + axes->size();
  std::vector<bool> added(rank, false);
  for (const std::int64_t axis : *axes) {
    const auto at = position(axis, rank);
    if (!at || added[*at]) {
      builder.error(node, "adds an axis out of range or twice");
      return {};
    }
    added[*at] = true;
  }
  Dims dims;
  auto old = from.begin();
  for (std::size_t i = 0; i < rank; ++i) dims.push_back(added[i] ? 1 : *old++);
  return dims;
}

// One axis as several; one -1 stands for what is left.
std::optional<Dims> unflatten_dims(Builder &builder, const ForeignNode &node, const Dims &from) {
  const auto at = position(node.integer("dim", 0), from.size());
  Dims sizes = node.integers("sizes");
  if (!at || sizes.empty()) {
    builder.error(node, "splits an axis that its input lacks, or into nothing");
    return {};
  }
  const std::int64_t known = std::abs(product(sizes, 0, sizes.size()));
  for (std::int64_t &size : sizes)
    if (size == -1 && known > 0) size = from[*at] / known;
  Dims dims(from.begin(), from.begin() + static_cast<std::ptrdiff_t>(*at));
  dims.insert(dims.end(), sizes.begin(), sizes.end());
  dims.insert(dims.end(), from.begin() + static_cast<std::ptrdiff_t>(*at) + 1, from.end());
  return dims;
}

}  // namespace

const Operator kReshape = {
    .name = "Reshape",
    .summary = "the same elements in another shape; costs nothing",
    .imports = {{"onnx", "Reshape", import_reshape<view_dims>},
                {"onnx", "Flatten", import_reshape<onnx_flatten_dims>},
                {"onnx", "Squeeze", import_reshape<squeeze_dims>},
                {"onnx", "Unsqueeze", import_reshape<unsqueeze_dims>},
                {"aten", "view.default", import_reshape<view_dims>},
                {"aten", "_unsafe_view.default", import_reshape<view_dims>},
                {"aten", "reshape.default", import_reshape<view_dims>},
                {"aten", "flatten.using_ints", import_reshape<aten_flatten_dims>},
                {"aten", "squeeze.default", import_reshape<squeeze_dims>},
                {"aten", "squeeze.dim", import_reshape<squeeze_dims>},
                {"aten", "squeeze.dims", import_reshape<squeeze_dims>},
                {"aten", "unsqueeze.default", import_reshape<unsqueeze_dims>},
                {"aten", "unflatten.int", import_reshape<unflatten_dims>},
                {"tflite", "RESHAPE", import_reshape<tflite_dims>},
                {"tflite", "SQUEEZE", import_reshape<tflite_dims>},
                {"tflite", "EXPAND_DIMS", import_reshape<tflite_dims>}},
    .infer = infer_reshape,
    .eval_float = move_float<reshape>,
    .eval_int = move_int<reshape>,
    .view = reshape_view,
    .quant_rule = Operator::QuantRule::kSameAsInput,
};

}  // namespace thimble::ops
