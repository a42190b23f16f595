// Pad: rows, columns and channels added around a tensor.
//
// Attributes: before {3}, after {3} (rows, columns, channels); mode "constant" (of `value`),
// "edge", "reflect" (without the edge itself), "wrap". int8: `value` at the level nearest to it.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "ops/evaluate.h"
#include "ops/families.h"
#include "ops/infer.h"
#include "ops/integer_list.h"
#include "ops/quantized.h"
#include "ops/strided_view.h"

namespace thimble::ops {
namespace {

constexpr std::string_view kModes[] = {"constant", "edge", "reflect", "wrap"};

// The number of the node's mode in the list, -1 if it is none.
int mode_of(const ir::Node &node) {
  const auto found = std::find(std::begin(kModes), std::end(kModes), node.text("mode", "constant"));
  return found == std::end(kModes) ? -1 : static_cast<int>(found - std::begin(kModes));
}

struct PaddedAxis {
  int count, before, after;
  int mode;
  int padded() const { return before + count + after; }
  // The position that fills position i, -1 for the constant.
  int source(int i) const {
    const int at = i - before;
    if (0 <= at && at < count) return at;
    if (mode == 1) return at < 0 ? 0 : count - 1;
    if (mode == 2) return at < 0 ? -at : 2 * (count - 1) - at;
    if (mode == 3) return at < 0 ? at + count : at - count;
    return -1;
  }
};

std::array<PaddedAxis, 3> axes_of(const ir::Graph &graph, const ir::Node &node) {
  const ir::Shape &in = graph.value(node.inputs[0]).type.shape;
  const int sides[] = {in.rows, in.cols, in.channels};
  const auto before = node.integers("before"), after = node.integers("after");
  std::array<PaddedAxis, 3> axes{};
  for (int i = 0; i < 3; ++i)
    axes[i] = {sides[i], static_cast<int>(before.at(i)), static_cast<int>(after.at(i)),
               mode_of(node)};
  return axes;
}

Result<std::vector<ir::Type>> infer(const ir::Graph &graph, const ir::Node &node) {
  Diagnostics errors = check_arity(graph, node, 1, 0);
  for (const char *key : {"before", "after"})
    if (errors.empty()) errors = check_integers(node, key, 3, 0, kMaxElements, true);
  if (!errors.empty()) return errors;
  const int mode = mode_of(node);
  if (mode < 0) return node_error(node, "pads in mode '" + node.text("mode", "") + "'");
  const auto axes = axes_of(graph, node);
  for (const PaddedAxis &axis : axes) {
    const int most = mode == 2 ? axis.count - 1 : mode == 3 ? axis.count : axis.padded();
    if (axis.before > most || axis.after > most)
      return node_error(
          node, fmt::format("pads {} elements by {} and {}", axis.count, axis.before, axis.after),
          "there are not as many to repeat");
  }
  TRY(const ir::Shape shape,
      checked_shape(node, axes[0].padded(), axes[1].padded(), axes[2].padded()));
  return output_type(graph, node, shape);
}

template <class T>
void pad(const std::array<PaddedAxis, 3> &axes, T value, const std::vector<T> &in,
         std::vector<T> &out) {
  const auto &[rows, cols, channels] = axes;
  std::size_t at = 0;
  for (int y = 0; y < rows.padded(); ++y)
    for (int x = 0; x < cols.padded(); ++x)
      for (int c = 0; c < channels.padded(); ++c) {
        const int row = rows.source(y), col = cols.source(x), channel = channels.source(c);
        const bool added = row < 0 || col < 0 || channel < 0;
        const std::int64_t from = (std::int64_t{row} * cols.count + col) * channels.count + channel;
        out[at++] = added ? value : in[static_cast<std::size_t>(from)];
      }
}

float real_value(const ir::Node &node) { return static_cast<float>(node.real("value", 0)); }

std::int8_t int_value(const ir::Graph &graph, const ir::Node &node) {
  const ir::Type pixel{{1, 1, 1}, ir::DType::kI8, graph.value(node.outputs[0]).type.quant};
  return from_real(pixel, {real_value(node)}).i8[0];
}

void eval_float(const ir::Graph &graph, const ir::Node &node, std::span<const Tensor *const> inputs,
                std::span<Tensor> outputs) {
  allocate(outputs[0]);
  pad(axes_of(graph, node), real_value(node), inputs[0]->f32, outputs[0].f32);
}

void eval_int(const ir::Graph &graph, const ir::Node &node, const Numbers &,
              std::span<const Tensor *const> inputs, std::span<Tensor> outputs) {
  allocate(outputs[0]);
  pad(axes_of(graph, node), int_value(graph, node), inputs[0]->i8, outputs[0].i8);
}

std::vector<Range> reads(const PaddedAxis &axis) {
  std::vector<Range> ranges;
  for (int i = 0; i < axis.padded(); ++i) {
    const int from = axis.source(i);
    ranges.push_back(from < 0 ? Range{} : Range{from, from + 1});
  }
  return monotone_hull(std::move(ranges), axis.count);
}

std::vector<Mode> modes(const ir::Graph &graph, const ir::Node &node) {
  Mode mode;
  mode.name = "window";
  mode.inputs = {{AccessKind::kWindow, reads(axes_of(graph, node)[0]), {}}};
  return {mode};
}

Kernels kernels(const ir::Graph &graph, const ir::Node &node, const Numbers &, int) {
  const auto axes = axes_of(graph, node);
  Kernel kernel;
  kernel.file = kernel_file("pad", graph, node);
  kernel.sizes = {{"in_h", axes[0].count},     {"in_w", axes[1].count}, {"in_c", axes[2].count},
                  {"out_c", axes[2].padded()}, {"top", axes[0].before}, {"left", axes[1].before},
                  {"front", axes[2].before},   {"mode", mode_of(node)}};
  if (is_int8(graph, node))
    kernel.sizes.push_back({"value", int_value(graph, node)});
  else
    kernel.reals.push_back({"value", real_value(node)});
  return {.row = kernel};
}

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

// One Pad over the last three sides where there is only one element of the others; else one Pad a
// side, of everything before it times the side times everything behind it.
ir::ValueId add_pads(Builder &builder, const ForeignNode &node, ir::ValueId value, StoredPad stored,
                     const ForeignPad &pad) {
  const auto attributes = [&](const Dims &before, const Dims &after) -> ir::Attributes {
    return {{"before", before}, {"after", after}, {"mode", pad.mode}, {"value", pad.value}};
  };
  const auto product = [&](std::size_t first, std::size_t last) {
    std::int64_t count = 1;
    for (std::size_t i = first; i < last; ++i) count *= stored.sides[i];
    return count;
  };
  const auto shaped = [&](const Dims &sides) {
    const ir::Shape shape{static_cast<int>(sides[0]), static_cast<int>(sides[1]),
                          static_cast<int>(sides[2])};
    return builder.add_strided(node, value, {0, {{shape.elements(), 1}}}, shape);
  };
  for (Dims *list : {&stored.sides, &stored.before, &stored.after})
    while (list->size() < 3) list->insert(list->begin(), list == &stored.sides ? 1 : 0);
  const std::size_t rank = stored.sides.size();
  const auto last_three = [&](const Dims &list) { return Dims(list.end() - 3, list.end()); };
  const auto is_zero = [](std::int64_t count) { return count == 0; };
  const bool in_one = product(0, rank - 3) == 1 &&
                      std::all_of(stored.before.begin(), stored.before.end() - 3, is_zero) &&
                      std::all_of(stored.after.begin(), stored.after.end() - 3, is_zero);
  if (in_one)
    return builder.add(node, "Pad", {shaped(last_three(stored.sides))}, {},
                       attributes(last_three(stored.before), last_three(stored.after)));
  for (std::size_t i = 0; i < rank; ++i) {
    if (stored.before[i] == 0 && stored.after[i] == 0) continue;
    value = shaped({product(0, i), stored.sides[i], product(i + 1, rank)});
    value = builder.add(node, "Pad", {value}, {},
                        attributes({0, stored.before[i], 0}, {0, stored.after[i], 0}));
    stored.sides[i] += stored.before[i] + stored.after[i];
  }
  return value;
}

void import_pad(Builder &builder, const ForeignNode &node, ForeignPad pad) {
  const Imported *input = builder.activation(node, 0);
  if (!input) return;
  StridedView view = view_of(*input);
  const auto sound = [](std::int64_t count) { return std::abs(count) <= kMaxElements; };
  if (!std::all_of(pad.before.begin(), pad.before.end(), sound) ||
      !std::all_of(pad.after.begin(), pad.after.end(), sound) || !std::isfinite(pad.value))
    return builder.error(node, "pads by too much, or with a number that is not finite");
  cut(view, pad);
  Dims dims = view.dims();
  if (std::count(dims.begin(), dims.end(), 0) != 0)
    return builder.error(node, "cuts all of its input away");
  for (std::size_t axis = 0; axis < dims.size(); ++axis)
    dims[axis] += pad.before[axis] + pad.after[axis];
  const auto layout = layout_of(dims);
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

void import_reflection(Builder &builder, const ForeignNode &node) {
  import_aten_mode(builder, node, "padding", "reflect");
}

void import_replication(Builder &builder, const ForeignNode &node) {
  import_aten_mode(builder, node, "padding", "edge");
}

}  // namespace

const Operator kPad = {
    .name = "Pad",
    .summary = "rows, columns and channels added around a tensor",
    .imports = {{"onnx", "Pad", import_onnx},
                {"aten", "constant_pad_nd.default", import_aten},
                {"aten", "pad.default", import_aten},
                {"aten", "reflection_pad1d.default", import_reflection},
                {"aten", "reflection_pad2d.default", import_reflection},
                {"aten", "reflection_pad3d.default", import_reflection},
                {"aten", "replication_pad1d.default", import_replication},
                {"aten", "replication_pad2d.default", import_replication},
                {"aten", "replication_pad3d.default", import_replication}},
    .infer = infer,
    .eval_float = eval_float,
    .eval_int = eval_int,
    .modes = modes,
    .kernels = kernels,
    .quant_rule = Operator::QuantRule::kSameAsInput,
};

}  // namespace thimble::ops
