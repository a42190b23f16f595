// Rnn: a plain recurrent layer (Elman, 1990), as recurrent.h lays it out: h = f(W x + R h + bias).
// Attribute activation: "tanh" or "relu". int8 with ReLU: the sums go straight to the output's
// scale, as a Linear's do.
#include <algorithm>
#include <cmath>

#include "ops/families.h"
#include "ops/recurrent.h"
#include "ops/recurrent_import.h"

namespace thimble::ops {
namespace {

bool is_rectified(const ir::Node &node) { return node.text("activation", "tanh") == "relu"; }

Result<std::vector<ir::Type>> infer(const ir::Graph &graph, const ir::Node &node) {
  return infer_recurrent(graph, node, {});
}

void eval_float(const ir::Graph &graph, const ir::Node &node, std::span<const Tensor *const> inputs,
                std::span<Tensor> outputs) {
  allocate(outputs[0]);
  const FloatGates gates = float_gates(graph, node);
  const auto [rows, in_count, hidden] = gates.sizes;
  std::vector<float> last = initial_state(inputs, 1, hidden);
  for (int y = 0; y < rows; ++y) {
    const float *in = inputs[0]->f32.data() + std::int64_t{y} * in_count;
    float *out = outputs[0].f32.data() + std::int64_t{y} * hidden;
    for (int j = 0; j < hidden; ++j) {
      const double sum = gates.gate(j, in, last.data());
      out[j] = static_cast<float>(is_rectified(node) ? std::max(sum, 0.0) : std::tanh(sum));
    }
    last.assign(out, out + hidden);
  }
}

// Output limits of a rectified node: zero, and its clip.
IntLimits rectified_limits(const ir::Node &node, const ir::Quant &output) {
  const double most = std::round(node.real("clip", 1e30) / output.scale) + output.zero_point;
  return {output.zero_point, static_cast<int>(std::min(most, 127.0))};
}

void eval_int(const ir::Graph &graph, const ir::Node &node, const Numbers &numbers,
              std::span<const Tensor *const> inputs, std::span<Tensor> outputs) {
  allocate(outputs[0]);
  const ir::Quant &output = *outputs[0].type.quant;
  const bool rectified = is_rectified(node);
  const IntGates gates =
      int_gates(graph, node, numbers, rectified ? 1.0 / output.scale : double{kGateOne});
  const auto [rows, in_count, hidden] = gates.sizes;
  const IntLimits limits = rectified_limits(node, output);
  const Multiplier from_units = scale_of(1.0 / kUnitOne / output.scale);
  std::vector<std::int8_t> last = initial_last(inputs, hidden, output);
  for (int y = 0; y < rows; ++y) {
    const std::int8_t *in = inputs[0]->i8.data() + std::int64_t{y} * in_count;
    std::int8_t *out = outputs[0].i8.data() + std::int64_t{y} * hidden;
    for (int j = 0; j < hidden; ++j) {
      if (rectified) {
        const std::int32_t sum = gates.of_input(j, in) + gates.of_last(j, last.data());
        const std::int32_t value = requantize(sum, gates.multipliers[j], numbers.requant);
        out[j] = static_cast<std::int8_t>(std::clamp<std::int64_t>(
            std::int64_t{value} + output.zero_point, limits.lo, limits.hi));
      } else {
        const std::int32_t unit = tanh_unit(2 * gates.gate(j, in, last.data()));
        out[j] = scaled_to_int8(unit, from_units, output.zero_point);
      }
    }
    last.assign(out, out + hidden);
  }
}

std::vector<Mode> modes(const ir::Graph &graph, const ir::Node &node) {
  return is_int8(graph, node) ? recurrent_modes(graph, node, 1, 0, 2)
                              : recurrent_modes(graph, node, 4, 0, 4);
}

Kernel rectified_int8_kernel(const ir::Graph &graph, const ir::Node &node, const Numbers &numbers) {
  const ir::Quant &output = *graph.value(node.outputs[0]).type.quant;
  const IntGates gates = int_gates(graph, node, numbers, 1.0 / output.scale);
  const IntLimits limits = rectified_limits(node, output);
  Kernel kernel;
  kernel.file = "rnn_relu_i8";
  kernel.tables = {weight_table(graph, node), recurrent_bias(graph, node, numbers)};
  add_multipliers(kernel, gates.multipliers, numbers.requant);
  kernel.sizes = {{"in_count", gates.sizes.in_count},
                  {"hidden", gates.sizes.hidden},
                  {"out_zero", gates.out_zero},
                  {"act_min", limits.lo},
                  {"act_max", limits.hi}};
  return kernel;
}

Kernels kernels(const ir::Graph &graph, const ir::Node &node, const Numbers &numbers, int) {
  Kernel begin = recurrent_begin("recurrent_load", graph, node, 0);
  if (is_int8(graph, node) && is_rectified(node))
    return {.row = rectified_int8_kernel(graph, node, numbers), .begin = std::move(begin)};
  Kernel row = recurrent_kernel("rnn", graph, node, numbers);
  row.sizes.emplace_back("rectified", is_rectified(node));
  return {.row = std::move(row), .begin = std::move(begin)};
}

void import_onnx(Builder &builder, const ForeignNode &node) {
  import_onnx_recurrent(builder, node, {"Rnn", {0}, {"Tanh"}, 1});
}
void import_tanh(Builder &builder, const ForeignNode &node) {
  import_aten_recurrent(builder, node, {"Rnn", {0}, {}, 1});
}
void import_relu(Builder &builder, const ForeignNode &node) {
  import_aten_recurrent(builder, node, {"Rnn", {0}, {}, 1, true});
}

}  // namespace

const Operator kRnn = {
    .name = "Rnn",
    .summary = "plain recurrent layer with tanh or ReLU, row by row",
    .imports = {{"onnx", "RNN", import_onnx},
                {"aten", "rnn_tanh.input", import_tanh},
                {"aten", "rnn_relu.input", import_relu}},
    .infer = infer,
    .eval_float = eval_float,
    .eval_int = eval_int,
    .modes = modes,
    .kernels = kernels,
    .macs = recurrent_macs,
    .recurrent = true,
};

}  // namespace thimble::ops
