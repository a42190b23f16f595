// Multipliers, limits and tables of int8 operators with weights, and the same parts of float
// kernels.
#include "ops/quantized.h"

#include <algorithm>
#include <cmath>

#include "ops/fused.h"
#include "support/check.h"

namespace thimble::ops {
namespace {

const ir::Quant &quant_of(const ir::Graph &graph, ir::ValueId value) {
  const auto &quant = graph.value(value).type.quant;
  CHECK(quant.has_value(), "'" + graph.value(value).name + "' is not quantized");
  return *quant;
}

std::vector<Multiplier> channel_multipliers(const ir::Graph &graph, const ir::Node &node,
                                            targets::Requant requant) {
  const double in_scale = quant_of(graph, node.inputs[0]).scale;
  const double out_scale = quant_of(graph, node.outputs[0]).scale;
  const auto &scales = graph.constant(node.constants[0]).scales;
  std::vector<Multiplier> multipliers(graph.constant(node.constants[0]).dims[0]);
  // TensorFlow Lite multiplies the scales of a fully connected layer in floats.
  const bool in_floats =
      requant == targets::Requant::kQ31 && node.op == "Linear" && scales.size() == 1;
  const auto product = [&](float weight_scale) {
    const float rounded = static_cast<float>(in_scale) * weight_scale;
    return in_floats && std::isfinite(rounded) ? double{rounded} : in_scale * weight_scale;
  };
  for (std::size_t c = 0; c < multipliers.size(); ++c)
    multipliers[c] =
        quantize_multiplier(product(scales[scales.size() == 1 ? 0 : c]) / out_scale, requant);
  return multipliers;
}

template <class T>
std::vector<std::int64_t> widened(const std::vector<T> &data) {
  return {data.begin(), data.end()};
}

Table table_of(const ir::Constant &constant, std::string role) {
  static constexpr const char *kTypes[] = {"float", "int8_t", "int32_t"};
  Table table{std::move(role), kTypes[constant.data.index()], {}, true};
  if (const auto *floats = std::get_if<std::vector<float>>(&constant.data)) table.data = *floats;
  if (const auto *bytes = std::get_if<std::vector<std::int8_t>>(&constant.data))
    table.data = widened(*bytes);
  if (const auto *words = std::get_if<std::vector<std::int32_t>>(&constant.data))
    table.data = widened(*words);
  return table;
}

}  // namespace

std::int8_t Requantizer::operator()(int channel, std::int32_t accumulator) const {
  // Sums wrap, as those of the C do on every chip.
  const std::uint32_t sum =
      static_cast<std::uint32_t>(accumulator) + static_cast<std::uint32_t>(bias[channel]);
  const std::int64_t scaled =
      requantize(static_cast<std::int32_t>(sum), multipliers[channel], requant);
  return static_cast<std::int8_t>(std::clamp<std::int64_t>(scaled + out_zero, act_min, act_max));
}

Requantizer requantizer(const ir::Graph &graph, const ir::Node &node, const Numbers &numbers) {
  const ir::Quant &output = quant_of(graph, node.outputs[0]);
  const IntLimits limits = int_limits(node, output);
  return {std::get<std::vector<std::int32_t>>(graph.constant(node.constants[1]).data),
          channel_multipliers(graph, node, numbers.requant),
          numbers.requant,
          quant_of(graph, node.inputs[0]).zero_point,
          output.zero_point,
          limits.lo,
          limits.hi};
}

Table weight_table(const ir::Graph &graph, const ir::Node &node) {
  return constant_table(graph, node, 0, "weight");
}

Table bias_table(const ir::Graph &graph, const ir::Node &node) {
  return constant_table(graph, node, 1, "bias");
}

Table constant_table(const ir::Graph &graph, const ir::Node &node, std::size_t index,
                     std::string role) {
  return table_of(graph.constant(node.constants.at(index)), std::move(role));
}

std::vector<std::int64_t> zero_point_shares(const ir::Graph &graph, const ir::Node &node) {
  const ir::Constant &constant = graph.constant(node.constants[0]);
  const auto &weight = std::get<std::vector<std::int8_t>>(constant.data);
  const std::int64_t in_zero = quant_of(graph, node.inputs[0]).zero_point;
  const int row = constant.dims.back();
  std::vector<std::int64_t> shares(weight.size() / row);
  for (std::size_t i = 0; i < weight.size(); ++i) shares[i / row] += in_zero * weight[i];
  return shares;
}

Table int32_table(std::string role, std::vector<std::int64_t> data) {
  for (std::int64_t &value : data) value = static_cast<std::int32_t>(value);
  return {std::move(role), "int32_t", std::move(data), false};
}

void add_multipliers(Kernel &kernel, const std::vector<Multiplier> &multipliers,
                     targets::Requant requant) {
  std::vector<std::int64_t> factors, shifts;
  for (const Multiplier &m : multipliers) {
    factors.push_back(m.multiplier);
    shifts.push_back(m.shift);
  }
  const char *type = requant == targets::Requant::kQ31 ? "int32_t" : "int16_t";
  kernel.tables.push_back({"multiplier", type, std::move(factors), false});
  kernel.tables.push_back({"shift", "int8_t", std::move(shifts), false});
}

void add_requantization(Kernel &kernel, const ir::Graph &graph, const ir::Node &node,
                        const Numbers &numbers) {
  const ir::Quant &output = quant_of(graph, node.outputs[0]);
  const IntLimits limits = int_limits(node, output);
  kernel.sizes.emplace_back("out_zero", output.zero_point);
  kernel.sizes.emplace_back("act_min", limits.lo);
  kernel.sizes.emplace_back("act_max", limits.hi);
  add_multipliers(kernel, channel_multipliers(graph, node, numbers.requant), numbers.requant);
}

void add_real_limits(Kernel &kernel, const ir::Node &node) {
  const RealLimits limits = real_limits(node);
  kernel.reals.emplace_back("act_min", limits.lo);
  kernel.reals.emplace_back("act_max", limits.hi);
}

Kernel weighted_kernel(const std::string &name, const ir::Graph &graph, const ir::Node &node,
                       const Numbers &numbers) {
  Kernel kernel;
  kernel.file = kernel_file(name, graph, node);
  kernel.tables = {weight_table(graph, node), bias_table(graph, node)};
  if (is_int8(graph, node)) {
    add_requantization(kernel, graph, node, numbers);
  } else {
    add_real_limits(kernel, node);
  }
  return kernel;
}

bool is_int8(const ir::Graph &graph, const ir::Node &node) {
  return graph.value(node.inputs[0]).type.dtype == ir::DType::kI8;
}

std::string kernel_file(const std::string &name, const ir::Graph &graph, const ir::Node &node) {
  return name + (is_int8(graph, node) ? "_i8" : "_f32");
}

}  // namespace thimble::ops
