// Sizes, checks, sums, initial states and kernels that recurrent operators share (recurrent.h).
#include "ops/recurrent.h"

#include <fmt/format.h>

#include <algorithm>
#include <cfloat>
#include <cmath>
#include <limits>

#include "ops/infer.h"
#include "support/check.h"

namespace thimble::ops {
namespace {

const ir::Quant &quant_of(const ir::Graph &graph, ir::ValueId value) {
  return *graph.value(value).type.quant;
}

Diagnostics check_states(const ir::Graph &graph, const ir::Node &node, std::int64_t hidden) {
  for (std::size_t i = 1; i < node.inputs.size(); ++i) {
    const ir::Shape &shape = graph.value(node.inputs[i]).type.shape;
    if (shape.rows != 1 || shape.elements() != hidden)
      return {node_error(
          node,
          fmt::format("initial state '{}' is {} rows of {} elements",
                      graph.value(node.inputs[i]).name, shape.rows, shape.elements() / shape.rows),
          fmt::format("one row of {} is meant", hidden))};
  }
  return {};
}

// The last output row lies in memory as int8, zeros too.
Diagnostics check_output_zero(const ir::Node &node, const ir::Type &type) {
  if (!type.quant || (-128 <= type.quant->zero_point && type.quant->zero_point <= 127)) return {};
  return {node_error(node, fmt::format("output has zero point {}", type.quant->zero_point),
                     "a recurrent layer starts with zeros: it must be an int8")};
}

bool has_states(const ir::Node &node) { return node.inputs.size() > 1; }

}  // namespace

RecurrentSizes recurrent_sizes(const ir::Graph &graph, const ir::Node &node) {
  const ir::Shape &in = graph.value(node.inputs[0]).type.shape;
  return {in.rows, in.cols * in.channels, static_cast<int>(node.integer("hidden", 1))};
}

RealLimits clip_limits(const ir::Node &node) {
  const auto clip = static_cast<float>(node.real("clip", FLT_MAX));
  return {-clip, clip};
}

int clip_gate(const ir::Node &node) {
  return static_cast<int>(
      std::lround(std::min<double>(kGateMax, node.real("clip", 1e30) * kGateOne)));
}

Result<std::vector<ir::Type>> infer_recurrent(const ir::Graph &graph, const ir::Node &node,
                                              const RecurrentForm &form) {
  const std::size_t inputs = has_states(node) ? 1 + form.states : 1;
  if (auto found = check_arity(graph, node, inputs, form.constants); !found.empty()) return found;
  const std::int64_t hidden = node.integer("hidden", 0);
  if (hidden < 1 || hidden > kMaxElements / form.gates)
    return node_error(node, "lacks a sound attribute 'hidden'");
  if (const double clip = node.real("clip", 1); !(clip > 0))
    return node_error(node, "attribute 'clip' must be above 0");
  const ir::Shape &in = graph.value(node.inputs[0]).type.shape;
  const std::int64_t columns = std::int64_t{in.cols} * in.channels + hidden;
  if (columns > kMaxElements) return node_error(node, "has too many columns of weights");
  const auto gate_rows = static_cast<int>(form.gates * hidden);
  if (auto found = check_weights(graph, node, {gate_rows, static_cast<int>(columns)});
      !found.empty())
    return found;
  if (auto found = check_states(graph, node, hidden); !found.empty()) return found;
  TRY(const ir::Shape shape, checked_shape(node, in.rows, 1, form.channels_per_unit * hidden));
  auto types = output_type(graph, node, shape);
  if (auto found = check_output_zero(node, types[0]); !found.empty()) return found;
  return types;
}

std::vector<Mode> recurrent_modes(const ir::Graph &graph, const ir::Node &node, int state_bytes,
                                  int workspace_bytes, int alignment) {
  const RecurrentSizes sizes = recurrent_sizes(graph, node);
  Access sequence{AccessKind::kCarry, {}, {}}, state{AccessKind::kWindow, {}, {}};
  for (int y = 0; y < sizes.rows; ++y) {
    sequence.rows.push_back({y, y + 1});
    state.rows.push_back(y == 0 ? Range{0, 1} : Range{1, 1});
  }
  Mode mode;
  mode.name = "carry";
  mode.inputs.assign(node.inputs.size(), state);
  mode.inputs[0] = sequence;
  mode.state_bytes = std::int64_t{state_bytes} * sizes.hidden;
  mode.workspace_bytes = std::int64_t{workspace_bytes} * sizes.hidden;
  mode.alignment = alignment;
  return {mode};
}

std::int64_t recurrent_macs(const ir::Graph &graph, const ir::Node &node) {
  return recurrent_sizes(graph, node).rows * graph.constant(node.constants[0]).elements();
}

double FloatGates::of_input(int row, const float *in) const {
  const float *w = weight.data() + std::int64_t{row} * sizes.columns();
  double sum = bias[row];
  for (int i = 0; i < sizes.in_count; ++i) sum += double{w[i]} * in[i];
  return sum;
}

double FloatGates::of_last(int row, const float *last) const {
  const float *w = weight.data() + std::int64_t{row} * sizes.columns() + sizes.in_count;
  double sum = 0;
  for (int i = 0; i < sizes.hidden; ++i) sum += double{w[i]} * last[i];
  return sum;
}

double FloatGates::gate(int row, const float *in, const float *last) const {
  return limits.clamp(static_cast<float>(of_input(row, in) + of_last(row, last)));
}

FloatGates float_gates(const ir::Graph &graph, const ir::Node &node) {
  return {std::get<std::vector<float>>(graph.constant(node.constants[0]).data),
          std::get<std::vector<float>>(graph.constant(node.constants[1]).data),
          recurrent_sizes(graph, node), clip_limits(node)};
}

std::int32_t IntGates::of_input(int row, const std::int8_t *in) const {
  const std::int8_t *w = weight.data() + std::int64_t{row} * sizes.columns();
  std::int32_t sum = bias[row];
  for (int i = 0; i < sizes.in_count; ++i) sum += w[i] * (in[i] - in_zero);
  return sum;
}

std::int32_t IntGates::of_last(int row, const std::int8_t *last) const {
  const std::int8_t *w = weight.data() + std::int64_t{row} * sizes.columns() + sizes.in_count;
  std::int32_t sum = 0;
  for (int i = 0; i < sizes.hidden; ++i) sum += w[i] * (last[i] - out_zero);
  return sum;
}

std::int32_t IntGates::finish(int row, std::int32_t sum, int most) const {
  return std::clamp(requantize(sum, multipliers[row], requant), -most, most);
}

std::int32_t IntGates::gate(int row, const std::int8_t *in, const std::int8_t *last) const {
  return finish(row, of_input(row, in) + of_last(row, last), clip);
}

std::int64_t IntGates::start_of_input(int row) const {
  return of_input(row, std::vector<std::int8_t>(sizes.in_count).data());
}

std::int64_t IntGates::start_of_last(int row) const {
  return of_last(row, std::vector<std::int8_t>(sizes.hidden).data());
}

IntGates int_gates(const ir::Graph &graph, const ir::Node &node, const Numbers &numbers,
                   double sum_one) {
  const ir::Constant &weight = graph.constant(node.constants[0]);
  const ir::Quant &in = quant_of(graph, node.inputs[0]);
  IntGates gates{std::get<std::vector<std::int8_t>>(weight.data),
                 std::get<std::vector<std::int32_t>>(graph.constant(node.constants[1]).data),
                 recurrent_sizes(graph, node),
                 {},
                 numbers.requant,
                 in.zero_point,
                 quant_of(graph, node.outputs[0]).zero_point,
                 clip_gate(node)};
  for (int row = 0; row < weight.dims[0]; ++row) {
    const double scale = weight.scales[weight.scales.size() == 1 ? 0 : row];
    gates.multipliers.push_back(quantize_multiplier(in.scale * scale * sum_one, numbers.requant));
  }
  return gates;
}

std::vector<float> initial_state(std::span<const Tensor *const> inputs, std::size_t index,
                                 int hidden) {
  return index < inputs.size() ? inputs[index]->f32 : std::vector<float>(hidden);
}

std::vector<std::int32_t> initial_fine(std::span<const Tensor *const> inputs, std::size_t index,
                                       int hidden, int one) {
  std::vector<std::int32_t> state(hidden);
  if (index >= inputs.size()) return state;
  const ir::Quant &quant = *inputs[index]->type.quant;
  const Multiplier scale = scale_of(double{quant.scale} * one);
  for (int j = 0; j < hidden; ++j)
    state[j] = scaled(inputs[index]->i8[j] - quant.zero_point, scale);
  return state;
}

std::vector<std::int8_t> initial_last(std::span<const Tensor *const> inputs, int hidden,
                                      const ir::Quant &output) {
  std::vector<std::int8_t> last(hidden, static_cast<std::int8_t>(output.zero_point));
  if (inputs.size() < 2) return last;
  const ir::Quant &quant = *inputs[1]->type.quant;
  const Multiplier scale = scale_of(double{quant.scale} / output.scale);
  for (int j = 0; j < hidden; ++j)
    last[j] = scaled_to_int8(inputs[1]->i8[j] - quant.zero_point, scale, output.zero_point);
  return last;
}

void add_scale(Kernel &kernel, const std::string &name, double real) {
  const Multiplier scale = scale_of(real);
  kernel.sizes.emplace_back(name + "_factor", scale.multiplier);
  kernel.sizes.emplace_back(name + "_shift", scale.shift);
}

Table recurrent_bias(const ir::Graph &graph, const ir::Node &node, const Numbers &numbers) {
  if (!is_int8(graph, node)) return bias_table(graph, node);
  const IntGates gates = int_gates(graph, node, numbers);
  std::vector<std::int64_t> starts;
  for (int row = 0; row < static_cast<int>(gates.bias.size()); ++row)
    starts.push_back(gates.start_of_input(row) + gates.start_of_last(row));
  Table table = int32_table("full_bias", std::move(starts));
  table.is_weight = true;
  return table;
}

Kernel recurrent_kernel(const std::string &name, const ir::Graph &graph, const ir::Node &node,
                        const Numbers &numbers) {
  const RecurrentSizes sizes = recurrent_sizes(graph, node);
  Kernel kernel;
  kernel.file = kernel_file(name, graph, node);
  kernel.tables = {weight_table(graph, node), recurrent_bias(graph, node, numbers)};
  kernel.sizes = {{"in_count", sizes.in_count}, {"hidden", sizes.hidden}};
  if (!is_int8(graph, node)) {
    kernel.reals = {{"act_min", clip_limits(node).lo}, {"act_max", clip_limits(node).hi}};
    return kernel;
  }
  const IntGates gates = int_gates(graph, node, numbers);
  add_multipliers(kernel, gates.multipliers, numbers.requant);
  kernel.tables.push_back({"sigmoid", "int16_t", sigmoid_table()});
  kernel.sizes.emplace_back("out_zero", gates.out_zero);
  kernel.sizes.emplace_back("clip", gates.clip);
  add_scale(kernel, "out", 1.0 / kUnitOne / quant_of(graph, node.outputs[0]).scale);
  return kernel;
}

Kernel recurrent_begin(const std::string &load, const ir::Graph &graph, const ir::Node &node,
                       int fine) {
  const int hidden = recurrent_sizes(graph, node).hidden;
  Kernel kernel;
  kernel.file = kernel_file(has_states(node) ? load : "recurrent_begin", graph, node);
  if (!is_int8(graph, node)) {
    const auto state_bytes = operator_of(node).modes(graph, node)[0].state_bytes;
    kernel.sizes = {has_states(node)
                        ? std::pair<std::string, std::int64_t>{"hidden", hidden}
                        : std::pair<std::string, std::int64_t>{"state_count", state_bytes / 4}};
    return kernel;
  }
  const ir::Quant &output = quant_of(graph, node.outputs[0]);
  kernel.sizes = {{"hidden", hidden}, {"out_zero", output.zero_point}};
  if (!has_states(node)) {
    kernel.sizes.emplace_back("fine_count", fine > 0 ? hidden : 0);
    return kernel;
  }
  const ir::Quant &first = quant_of(graph, node.inputs[1]);
  const ir::Quant &finest = quant_of(graph, node.inputs.back());
  kernel.sizes.emplace_back("h_zero", first.zero_point);
  kernel.sizes.emplace_back("fine_zero", finest.zero_point);
  add_scale(kernel, "h", double{first.scale} / output.scale);
  if (fine > 0) add_scale(kernel, "fine", double{finest.scale} * fine);
  return kernel;
}

}  // namespace thimble::ops
