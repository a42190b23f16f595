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
#include "ops/pad_import.h"
#include "ops/quantized.h"
#include "ops/strided.h"

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

}  // namespace

const Operator kPad = {
    .name = "Pad",
    .summary = "rows, columns and channels added around a tensor",
    .imports = pad_import_rules(),
    .infer = infer,
    .eval_float = eval_float,
    .eval_int = eval_int,
    .modes = modes,
    .kernels = kernels,
    .quant_rule = Operator::QuantRule::kSameAsInput,
    .channelwise = true,
};

}  // namespace thimble::ops
