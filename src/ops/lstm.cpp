// Lstm: long short-term memory (Hochreiter and Schmidhuber, 1997; with forget gates, Gers et al.,
// 2000), as recurrent.h lays it out. Gates of a unit: input i, forget f, cell g, output o.
//     c = sigmoid(f) * c + sigmoid(i) * tanh(g)        h = sigmoid(o) * tanh(c)
// Attribute cell_rows: 1 where an output row is h and behind it c (both at one quantization), so
// that what the last cells are needed for can read them.
#include <algorithm>
#include <cmath>

#include "ops/families.h"
#include "ops/recurrent.h"
#include "ops/recurrent_import.h"

namespace thimble::ops {
namespace {

constexpr int kInput = 0, kForget = 1, kCell = 2, kOutput = 3, kGates = 4;

bool has_cell_rows(const ir::Node &node) { return node.integer("cell_rows", 0) != 0; }

Result<std::vector<ir::Type>> infer(const ir::Graph &graph, const ir::Node &node) {
  return infer_recurrent(graph, node, {kGates, 2, 2, has_cell_rows(node) ? 2 : 1});
}

double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }

void eval_float(const ir::Graph &graph, const ir::Node &node, std::span<const Tensor *const> inputs,
                std::span<Tensor> outputs) {
  allocate(outputs[0]);
  const FloatGates gates = float_gates(graph, node);
  const auto [rows, in_count, hidden] = gates.sizes;
  std::vector<float> last = initial_state(inputs, 1, hidden);
  std::vector<float> cells = initial_state(inputs, 2, hidden);
  const int width = outputs[0].type.shape.channels;
  for (int y = 0; y < rows; ++y) {
    const float *in = inputs[0]->f32.data() + std::int64_t{y} * in_count;
    float *out = outputs[0].f32.data() + std::int64_t{y} * width;
    for (int j = 0; j < hidden; ++j) {
      const auto gate = [&](int g) { return gates.gate(kGates * j + g, in, last.data()); };
      cells[j] = static_cast<float>(sigmoid(gate(kForget)) * cells[j] +
                                    sigmoid(gate(kInput)) * std::tanh(gate(kCell)));
      out[j] = static_cast<float>(sigmoid(gate(kOutput)) * std::tanh(cells[j]));
      if (has_cell_rows(node)) out[hidden + j] = cells[j];
    }
    last.assign(out, out + hidden);
  }
}

void eval_int(const ir::Graph &graph, const ir::Node &node, const Numbers &numbers,
              std::span<const Tensor *const> inputs, std::span<Tensor> outputs) {
  allocate(outputs[0]);
  const IntGates gates = int_gates(graph, node, numbers);
  const auto [rows, in_count, hidden] = gates.sizes;
  const ir::Quant &output = *outputs[0].type.quant;
  const Multiplier from_units = scale_of(1.0 / kUnitOne / output.scale);
  const Multiplier from_cells = scale_of(1.0 / kCellOne / output.scale);
  std::vector<std::int8_t> last = initial_last(inputs, hidden, output);
  std::vector<std::int32_t> cells = initial_fine(inputs, 2, hidden, kCellOne);
  const int width = outputs[0].type.shape.channels;
  for (int y = 0; y < rows; ++y) {
    const std::int8_t *in = inputs[0]->i8.data() + std::int64_t{y} * in_count;
    std::int8_t *out = outputs[0].i8.data() + std::int64_t{y} * width;
    for (int j = 0; j < hidden; ++j) {
      const auto gate = [&](int g) { return gates.gate(kGates * j + g, in, last.data()); };
      const std::int32_t kept = sigmoid_unit(gate(kForget)) * cells[j];
      const std::int32_t added = sigmoid_unit(gate(kInput)) * tanh_unit(2 * gate(kCell));
      cells[j] = std::clamp(from_unit(kept + (added >> 3)), -32768, 32767);
      const std::int32_t shown = from_unit(sigmoid_unit(gate(kOutput)) * tanh_unit(cells[j]));
      out[j] = scaled_to_int8(shown, from_units, output.zero_point);
      if (has_cell_rows(node))
        out[hidden + j] = scaled_to_int8(cells[j], from_cells, output.zero_point);
    }
    last.assign(out, out + hidden);
  }
}

std::vector<Mode> modes(const ir::Graph &graph, const ir::Node &node) {
  return is_int8(graph, node) ? recurrent_modes(graph, node, 3, 0, 2)
                              : recurrent_modes(graph, node, 8, 0, 4);
}

Kernels kernels(const ir::Graph &graph, const ir::Node &node, const Numbers &numbers, int) {
  Kernel row = recurrent_kernel("lstm", graph, node, numbers);
  row.sizes.emplace_back("cell_rows", has_cell_rows(node));
  if (is_int8(graph, node))
    add_scale(row, "cell", 1.0 / kCellOne / graph.value(node.outputs[0]).type.quant->scale);
  return {.row = std::move(row), .begin = recurrent_begin("lstm_load", graph, node, kCellOne)};
}

// ONNX has i, o, f, c; PyTorch i, f, g, o, which is ours.
void import_onnx(Builder &builder, const ForeignNode &node) {
  import_onnx_recurrent(builder, node, {"Lstm", {0, 2, 3, 1}, {"Sigmoid", "Tanh", "Tanh"}, 2});
}
void import_aten(Builder &builder, const ForeignNode &node) {
  import_aten_recurrent(builder, node, {"Lstm", {0, 1, 2, 3}, {}, 2});
}

}  // namespace

const Operator kLstm = {
    .name = "Lstm",
    .summary = "long short-term memory, row by row",
    .imports = {{"onnx", "LSTM", import_onnx}, {"aten", "lstm.input", import_aten}},
    .infer = infer,
    .eval_float = eval_float,
    .eval_int = eval_int,
    .modes = modes,
    .kernels = kernels,
    .macs = recurrent_macs,
    .recurrent = true,
};

}  // namespace thimble::ops
