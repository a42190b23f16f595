// Gru: gated recurrent units (Cho et al., 2014), as recurrent.h lays it out. Gates of a unit: reset
// r, update z, new n, the last with weights W of the input row and R of the last output row.
//     h = sigmoid(z) * h + (1 - sigmoid(z)) * n
// Attribute reset_after 1 (PyTorch): n = tanh(W x + bias + sigmoid(r) * (R h + reset_bias)), where
// constant 2 is reset_bias [hidden]; 0: n = tanh(W x + bias + R (sigmoid(r) * h)), two constants.
#include <algorithm>
#include <cmath>

#include "ops/families.h"
#include "ops/infer.h"
#include "ops/recurrent.h"
#include "ops/recurrent_import.h"

namespace thimble::ops {
namespace {

constexpr int kReset = 0, kUpdate = 1, kNew = 2, kGates = 3;

bool resets_after(const ir::Node &node) { return node.integer("reset_after", 0) != 0; }

// Beside its layer's bias; sums stay within 32 bits.
Diagnostics check_reset_bias(const ir::Graph &graph, const ir::Node &node) {
  constexpr std::int32_t kMost = 1 << 30;
  const ir::Constant &bias = graph.constant(node.constants[1]);
  const ir::Constant &reset = graph.constant(node.constants[2]);
  const std::size_t count = std::visit([](const auto &data) { return data.size(); }, reset.data);
  if (reset.dtype() != bias.dtype() || reset.dims != std::vector<int>{bias.dims[0] / kGates} ||
      static_cast<std::int64_t>(count) != reset.elements())
    return {node_error(node, "its reset bias '" + reset.name + "' does not fit its bias")};
  const auto *sums = std::get_if<std::vector<std::int32_t>>(&reset.data);
  if (!sums) return {};
  const auto columns = static_cast<std::int64_t>(graph.constant(node.constants[0]).dims[1]);
  const bool small = std::all_of(sums->begin(), sums->end(),
                                 [](std::int32_t b) { return -kMost <= b && b <= kMost; });
  if (small && columns * 256 * 128 < kMost) return {};
  return {node_error(node, "its reset bias '" + reset.name + "' can overflow 32-bit sums")};
}

Result<std::vector<ir::Type>> infer(const ir::Graph &graph, const ir::Node &node) {
  const std::size_t constants = resets_after(node) ? 3 : 2;
  TRY(auto types, infer_recurrent(graph, node, {kGates, 1, constants, 1}));
  if (!resets_after(node)) return types;
  if (auto found = check_reset_bias(graph, node); !found.empty()) return found;
  return types;
}

double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }

// One row: `last` becomes the new one.
void step_float(const FloatGates &gates, const std::vector<float> *reset_bias, const float *in,
                std::vector<float> &last) {
  const int hidden = gates.sizes.hidden;
  std::vector<float> scaled = last, next(hidden);
  const auto share = [&](int j, int g) {
    return sigmoid(gates.gate(kGates * j + g, in, last.data()));
  };
  for (int j = 0; j < hidden; ++j) scaled[j] = static_cast<float>(share(j, kReset) * last[j]);
  for (int j = 0; j < hidden; ++j) {
    const int row = kGates * j + kNew;
    const double taken =
        reset_bias ? share(j, kReset) * (gates.of_last(row, last.data()) + (*reset_bias)[j])
                   : gates.of_last(row, scaled.data());
    const double made =
        std::tanh(gates.limits.clamp(static_cast<float>(gates.of_input(row, in) + taken)));
    const double update = share(j, kUpdate);
    next[j] = static_cast<float>(update * last[j] + (1 - update) * made);
  }
  last = next;
}

void eval_float(const ir::Graph &graph, const ir::Node &node, std::span<const Tensor *const> inputs,
                std::span<Tensor> outputs) {
  allocate(outputs[0]);
  const FloatGates gates = float_gates(graph, node);
  const std::vector<float> *reset_bias =
      resets_after(node) ? &std::get<std::vector<float>>(graph.constant(node.constants[2]).data)
                         : nullptr;
  const auto [rows, in_count, hidden] = gates.sizes;
  std::vector<float> last = initial_state(inputs, 1, hidden);
  for (int y = 0; y < rows; ++y) {
    step_float(gates, reset_bias, inputs[0]->f32.data() + std::int64_t{y} * in_count, last);
    std::copy(last.begin(), last.end(), outputs[0].f32.begin() + std::int64_t{y} * hidden);
  }
}

// The last output row, as a unit and at the output's quantization.
struct IntState {
  std::vector<std::int32_t> fine;
  std::vector<std::int8_t> last;
};

std::int32_t new_gate(const IntGates &gates, int j, const std::vector<std::int32_t> *reset_bias,
                      const std::int8_t *in, const std::int8_t *last, const std::int8_t *reset) {
  const int row = kGates * j + kNew;
  if (!reset_bias) return gates.gate(row, in, reset);
  const std::int32_t carried =
      gates.finish(row, gates.of_last(row, last) + (*reset_bias)[j], kGateMax);
  const std::int32_t fresh = gates.finish(row, gates.of_input(row, in), kGateMax);
  const std::int32_t share = sigmoid_unit(gates.gate(kGates * j + kReset, in, last));
  return std::clamp(fresh + from_unit(share * carried), -gates.clip, gates.clip);
}

void step_int(const IntGates &gates, const std::vector<std::int32_t> *reset_bias,
              const std::int8_t *in, Multiplier from_units, IntState &state) {
  const int hidden = gates.sizes.hidden;
  const std::int8_t *last = state.last.data();
  std::vector<std::int8_t> reset(hidden), next(hidden);
  for (int j = 0; j < hidden; ++j) {
    const std::int32_t share = sigmoid_unit(gates.gate(kGates * j + kReset, in, last));
    reset[j] =
        static_cast<std::int8_t>(from_unit(share * (last[j] - gates.out_zero)) + gates.out_zero);
  }
  for (int j = 0; j < hidden; ++j) {
    const std::int32_t made = new_gate(gates, j, reset_bias, in, last, reset.data());
    const std::int32_t update = sigmoid_unit(gates.gate(kGates * j + kUpdate, in, last));
    state.fine[j] = mix_units(update, state.fine[j], tanh_unit(2 * made));
    next[j] = scaled_to_int8(state.fine[j], from_units, gates.out_zero);
  }
  state.last = next;
}

void eval_int(const ir::Graph &graph, const ir::Node &node, const Numbers &numbers,
              std::span<const Tensor *const> inputs, std::span<Tensor> outputs) {
  allocate(outputs[0]);
  const IntGates gates = int_gates(graph, node, numbers);
  const std::vector<std::int32_t> *reset_bias =
      resets_after(node)
          ? &std::get<std::vector<std::int32_t>>(graph.constant(node.constants[2]).data)
          : nullptr;
  const auto [rows, in_count, hidden] = gates.sizes;
  const ir::Quant &output = *outputs[0].type.quant;
  const Multiplier from_units = scale_of(1.0 / kUnitOne / output.scale);
  IntState state{initial_fine(inputs, 1, hidden, kUnitOne), initial_last(inputs, hidden, output)};
  for (int y = 0; y < rows; ++y) {
    const std::int8_t *in = inputs[0]->i8.data() + std::int64_t{y} * in_count;
    step_int(gates, reset_bias, in, from_units, state);
    std::copy(state.last.begin(), state.last.end(),
              outputs[0].i8.begin() + std::int64_t{y} * hidden);
  }
}

std::vector<Mode> modes(const ir::Graph &graph, const ir::Node &node) {
  const bool works = !resets_after(node);
  return is_int8(graph, node) ? recurrent_modes(graph, node, 3, works ? 1 : 0, 2)
                              : recurrent_modes(graph, node, 4, works ? 4 : 0, 4);
}

// The new gate's sums over the last output row start from biases of their own.
void set_apart(Kernel &row, const ir::Graph &graph, const ir::Node &node, const Numbers &numbers) {
  row.tables.push_back(constant_table(graph, node, 2, "reset_bias"));
  if (!is_int8(graph, node)) return;
  auto &bias = std::get<std::vector<std::int64_t>>(row.tables[1].data);
  auto &reset_bias = std::get<std::vector<std::int64_t>>(row.tables.back().data);
  const IntGates gates = int_gates(graph, node, numbers);
  for (int j = 0; j < gates.sizes.hidden; ++j) {
    const int made = kGates * j + kNew;
    bias[made] = gates.start_of_input(made);
    reset_bias[j] += gates.start_of_last(made);
  }
}

Kernels kernels(const ir::Graph &graph, const ir::Node &node, const Numbers &numbers, int) {
  Kernel row =
      recurrent_kernel(resets_after(node) ? "gru" : "gru_reset_first", graph, node, numbers);
  if (resets_after(node)) set_apart(row, graph, node, numbers);
  const std::string load = is_int8(graph, node) ? "gru_load" : "recurrent_load";
  return {.row = std::move(row), .begin = recurrent_begin(load, graph, node, kUnitOne)};
}

// ONNX has z, r, h; PyTorch r, z, n, which is ours.
void import_onnx(Builder &builder, const ForeignNode &node) {
  import_onnx_recurrent(builder, node, {"Gru", {1, 0, 2}, {"Sigmoid", "Tanh"}, 1});
}
void import_aten(Builder &builder, const ForeignNode &node) {
  import_aten_recurrent(builder, node, {"Gru", {0, 1, 2}, {}, 1});
}

}  // namespace

const Operator kGru = {
    .name = "Gru",
    .summary = "gated recurrent units, row by row",
    .imports = {{"onnx", "GRU", import_onnx}, {"aten", "gru.input", import_aten}},
    .infer = infer,
    .eval_float = eval_float,
    .eval_int = eval_int,
    .modes = modes,
    .kernels = kernels,
    .macs = recurrent_macs,
    .recurrent = true,
};

}  // namespace thimble::ops
