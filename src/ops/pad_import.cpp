// Padding as files say it, by their axes: cut where it is negative, then added along the stored
// sides.
#include "ops/pad_import.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "ops/infer.h"
#include "ops/integer_list.h"
#include "ops/strided_view.h"

namespace thimble::ops {
namespace {

// Padding of a foreign tensor, by its axes; negative numbers cut.
struct ForeignPad {
  Dims before, after;
  std::string mode = "constant";
  double value = 0;
};

// Cuts where the padding is negative, which it no longer is then.
void cut(StridedView &view, ForeignPad &pad) {
  for (std::size_t axis = 0; axis < view.axes.size(); ++axis) {
    const std::int64_t first = std::max<std::int64_t>(-pad.before[axis], 0);
    const std::int64_t last = std::max<std::int64_t>(-pad.after[axis], 0);
    if (first + last == 0) continue;
    slice(view, axis, first, 1, std::max<std::int64_t>(view.size(axis) - first - last, 0));
    pad.before[axis] = std::max<std::int64_t>(pad.before[axis], 0);
    pad.after[axis] = std::max<std::int64_t>(pad.after[axis], 0);
  }
}

// The stored tensor of some sides, the slowest first, and what is added along each.
struct StoredPad {
  Dims sides, before, after;
};

std::int64_t product(const Dims &sides, std::size_t first, std::size_t last) {
  std::int64_t count = 1;
  for (std::size_t i = first; i < last; ++i) count *= sides[i];
  return count;
}

// The value, of as many elements, as rows, columns and channels.
ir::ValueId shaped(Builder &builder, const ForeignNode &node, ir::ValueId value,
                   const Dims &sides) {
  const ir::Shape shape{static_cast<int>(sides[0]), static_cast<int>(sides[1]),
                        static_cast<int>(sides[2])};
  return builder.add_strided(node, value, {0, {{shape.elements(), 1}}}, shape);
}

ir::ValueId add_pad(Builder &builder, const ForeignNode &node, ir::ValueId value,
                    const StoredPad &three, const ForeignPad &pad) {
  return builder.add(
      node, "Pad", {shaped(builder, node, value, three.sides)}, {},
      {{"before", three.before}, {"after", three.after}, {"mode", pad.mode}, {"value", pad.value}});
}

// Whether only the last three sides have elements, or are padded.
bool is_three_sided(const StoredPad &stored) {
  for (std::size_t i = 0; i + 3 < stored.sides.size(); ++i)
    if (stored.sides[i] != 1 || stored.before[i] != 0 || stored.after[i] != 0) return false;
  return true;
}

// One Pad of the last three sides where that is all; else one a side, of everything before it times
// the side times everything behind it.
ir::ValueId add_pads(Builder &builder, const ForeignNode &node, ir::ValueId value, StoredPad stored,
                     const ForeignPad &pad) {
  if (is_three_sided(stored)) {
    const auto last_three = [](Dims list, std::int64_t filler) {
      list.insert(list.begin(), 3, filler);
      return Dims(list.end() - 3, list.end());
    };
    return add_pad(
        builder, node, value,
        {last_three(stored.sides, 1), last_three(stored.before, 0), last_three(stored.after, 0)},
        pad);
  }
  const std::size_t rank = stored.sides.size();
  for (std::size_t i = 0; i < rank; ++i) {
    if (stored.before[i] == 0 && stored.after[i] == 0) continue;
    const StoredPad one{
        {product(stored.sides, 0, i), stored.sides[i], product(stored.sides, i + 1, rank)},
        {0, stored.before[i], 0},
        {0, stored.after[i], 0}};
    value = add_pad(builder, node, value, one, pad);
    stored.sides[i] += stored.before[i] + stored.after[i];
  }
  return value;
}

void import_pad(Builder &builder, const ForeignNode &node, ForeignPad pad) {
  const Imported *input = builder.activation(node, 0);
  if (!input) return;
  StridedView view = builder.view_of(*input);
  const auto sound = [](std::int64_t count) {
    return -kMaxElements <= count && count <= kMaxElements;
  };
  if (!std::all_of(pad.before.begin(), pad.before.end(), sound) ||
      !std::all_of(pad.after.begin(), pad.after.end(), sound) || !std::isfinite(pad.value))
    return builder.error(node, "pads by too much, or with a number that is not finite");
  cut(view, pad);
  Dims dims = view.dims();
  if (std::count(dims.begin(), dims.end(), 0) != 0)
    return builder.error(node, "cuts all of its input away");
  for (std::size_t axis = 0; axis < dims.size(); ++axis)
    dims[axis] += pad.before[axis] + pad.after[axis];
  const auto layout = builder.layout_of(dims);
  if (!layout.ok()) return builder.error(node, layout.diagnostics().front().what);
  if (dims == view.dims()) return builder.bind_view(node, view);
  StoredPad stored;
  for (const int axis : layout->order) {
    stored.sides.push_back(view.size(axis));
    stored.before.push_back(pad.before[axis]);
    stored.after.push_back(pad.after[axis]);
  }
  const Strided elements = view.in_stored_order(*layout);
  const ir::Shape held =
      view.value < 0 ? ir::Shape{} : builder.graph().value(view.value).type.shape;
  const bool whole = elements.elements() == held.elements();
  ir::ValueId value =
      builder.add_strided(node, view.value, elements,
                          whole ? held : ir::Shape{1, 1, static_cast<int>(elements.elements())});
  value = add_pads(builder, node, value, stored, pad);
  value = builder.add_strided(node, value, {0, {{layout->shape.elements(), 1}}}, layout->shape);
  builder.bind(node.outputs.at(0), value, dims);
}

// Attributes until opset 10, then inputs: pads (all before, all after), value, axes.
void import_onnx(Builder &builder, const ForeignNode &node) {
  const Imported *input = builder.activation(node, 0);
  const auto pads = integer_list(builder, node, node.version < 2 ? "paddings" : "pads", 1);
  auto axes = integer_list(builder, node, "axes", 3);
  if (!input || !pads || !axes) return;
  const std::size_t rank = input->dims.size();
  for (std::size_t i = 0; axes->size() < rank && !builder.has_input(node, 3); ++i)
    axes->push_back(static_cast<std::int64_t>(i));
  if (pads->size() != 2 * axes->size())
    return builder.error(
        node, fmt::format("pads [{}] along {} axes", fmt::join(*pads, ","), axes->size()));
  ForeignPad pad{Dims(rank), Dims(rank), node.text("mode", "constant"), node.real("value", 0)};
  for (std::size_t i = 0; i < axes->size(); ++i) {
    const auto axis = position((*axes)[i], rank);
    if (!axis) return builder.error(node, "pads an axis that its input lacks");
    pad.before[*axis] = (*pads)[i];
    pad.after[*axis] = (*pads)[axes->size() + i];
  }
  if (builder.has_input(node, 2)) {
    const ForeignTensor *value = builder.constant(node.inputs[2]);
    if (!value || value->f32.size() != 1)
      return builder.error(node, "pads with a value that is not a constant number");
    pad.value = value->f32[0];
  }
  import_pad(builder, node, std::move(pad));
}

// Pairs (before, after) from the last axis on.
void import_aten_mode(Builder &builder, const ForeignNode &node, const char *key,
                      std::string mode) {
  const Imported *input = builder.activation(node, 0);
  if (!input) return;
  const std::size_t rank = input->dims.size();
  const Dims pads = node.integers(key);
  if (pads.size() % 2 != 0 || pads.size() > 2 * rank)
    return builder.error(node, fmt::format("pads [{}]", fmt::join(pads, ",")));
  ForeignPad pad{Dims(rank), Dims(rank), std::move(mode), node.real("value", 0)};
  for (std::size_t i = 0; i < pads.size() / 2; ++i) {
    pad.before[rank - 1 - i] = pads[2 * i];
    pad.after[rank - 1 - i] = pads[2 * i + 1];
  }
  import_pad(builder, node, std::move(pad));
}

void import_aten(Builder &builder, const ForeignNode &node) {
  const std::string mode = node.text("mode", "constant");
  import_aten_mode(builder, node, "pad",
                   mode == "replicate"  ? "edge"
                   : mode == "circular" ? "wrap"
                                        : mode);
}

// TensorFlow Lite: [rank][2] in input 1, of PADV2 the value in input 2.
void import_tflite(Builder &builder, const ForeignNode &node) {
  const Imported *input = builder.activation(node, 0);
  const auto pads = integer_list(builder, node, "paddings", 1);
  if (!input || !pads) return;
  const std::size_t rank = input->dims.size();
  if (pads->size() != 2 * rank)
    return builder.error(node, fmt::format("pads [{}] along {} axes", fmt::join(*pads, ","), rank));
  ForeignPad pad{Dims(rank), Dims(rank), "constant", 0};
  for (std::size_t i = 0; i < rank; ++i) {
    pad.before[i] = (*pads)[2 * i];
    pad.after[i] = (*pads)[2 * i + 1];
  }
  if (builder.has_input(node, 2)) {
    const ForeignTensor *value = builder.weights(node, 2);
    if (!value || value->f32.size() != 1)
      return builder.error(node, "pads with a value that is not a constant number");
    pad.value = value->f32[0];
  }
  import_pad(builder, node, std::move(pad));
}

void import_reflection(Builder &builder, const ForeignNode &node) {
  import_aten_mode(builder, node, "padding", "reflect");
}

void import_replication(Builder &builder, const ForeignNode &node) {
  import_aten_mode(builder, node, "padding", "edge");
}

}  // namespace

std::vector<ImportRule> pad_import_rules() {
  return {{"onnx", "Pad", import_onnx},
          {"aten", "constant_pad_nd.default", import_aten},
          {"aten", "pad.default", import_aten},
          {"aten", "reflection_pad1d.default", import_reflection},
          {"aten", "reflection_pad2d.default", import_reflection},
          {"aten", "reflection_pad3d.default", import_reflection},
          {"aten", "replication_pad1d.default", import_replication},
          {"aten", "replication_pad2d.default", import_replication},
          {"aten", "replication_pad3d.default", import_replication},
          {"tflite", "PAD", import_tflite},
          {"tflite", "PADV2", import_tflite}};
}

}  // namespace thimble::ops
