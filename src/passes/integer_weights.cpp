// Dequantized weights are q * scale, rounded once to float: the quotient is within 2^-15 of q.
#include "passes/integer_weights.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "ops/infer.h"
#include "passes/rewrite.h"

namespace thimble::passes {
namespace {

using Floats = std::vector<float>;

// The integer that the weight is at this scale; none where it lies between two.
std::optional<double> multiple(float weight, float scale) {
  const double quotient = weight / double{scale}, q = std::round(quotient);
  if (!(std::abs(quotient - q) < 1e-3)) return std::nullopt;
  return q;
}

float scale_of(const Floats &scales, std::size_t channel) {
  return scales[scales.size() == 1 ? 0 : channel];
}

std::optional<std::vector<std::int8_t>> int8_weights(const ir::Constant &weight) {
  const auto &data = std::get<Floats>(weight.data);
  const std::size_t each = data.size() / static_cast<std::size_t>(weight.dims[0]);
  std::vector<std::int8_t> integers;
  for (std::size_t i = 0; i < data.size(); ++i) {
    const auto q = multiple(data[i], scale_of(weight.scales, i / each));
    if (!q || *q < -128 || *q > 127) return std::nullopt;
    integers.push_back(static_cast<std::int8_t>(*q));
  }
  return integers;
}

// At in_scale * weight scale. The file's own scale is that product, rounded: where the two agree it
// gives its integers back to the bit: up to 2^23, where floats end, from the float, else from the
// file's multiples, if it is those that the float stands for.
std::optional<std::vector<std::int32_t>> int32_biases(const ir::Constant &bias,
                                                      const Floats &weight_scales, float in_scale) {
  const auto &data = std::get<Floats>(bias.data);
  std::vector<std::int32_t> integers;
  for (std::size_t c = 0; c < data.size(); ++c) {
    double scale = double{in_scale} * scale_of(weight_scales, c);
    const double own = bias.scales.empty() ? scale : scale_of(bias.scales, c);
    if (std::abs(own - scale) < 1e-5 * scale) scale = own;
    double q = std::round(data[c] / scale);
    if (!bias.multiples.empty() && std::abs(q - bias.multiples[c]) <= std::ldexp(std::abs(q), -23))
      q = bias.multiples[c];
    if (!(std::abs(q) <= std::numeric_limits<std::int32_t>::max())) return std::nullopt;
    integers.push_back(static_cast<std::int32_t>(q));
  }
  return integers;
}

}  // namespace

Diagnostics integer_weights(ir::Graph &graph, ir::NodeId id) {
  ir::Constant weight = own_constant(graph, id, 0), bias = own_constant(graph, id, 1);
  const ir::Node &node = graph.node(id);
  if (weight.scales.empty())
    return {ops::node_error(node, fmt::format("weight '{}' is not quantized", weight.name),
                            "its input is, by QuantizeLinear and DequantizeLinear",
                            "quantize the weights too: int8, symmetric")};
  auto weights = int8_weights(weight);
  if (!weights)
    return {ops::node_error(
        node, fmt::format("weight '{}' is not made of int8 multiples of its scales", weight.name),
        "its zero point is not the middle, it has scales along another axis than the output "
        "channels, or an operator behind it was folded into it",
        "quantize weights symmetrically, one scale an output channel")};
  auto biases = int32_biases(bias, weight.scales, graph.value(node.inputs[0]).type.quant->scale);
  if (!biases)
    return {ops::node_error(node, fmt::format("bias '{}' is beyond 32-bit sums", bias.name),
                            "it is counted in input scale * weight scale")};
  graph.constant(node.constants[0]).data = *std::move(weights);
  graph.constant(node.constants[1]).data = *std::move(biases);
  graph.constant(node.constants[1]).scales.clear();
  graph.constant(node.constants[1]).multiples.clear();
  return {};
}

std::optional<ir::Quant> exact_quant(const ir::Constant &constant) {
  const auto *data = std::get_if<Floats>(&constant.data);
  if (!data || data->empty() || constant.scales.size() != 1) return std::nullopt;
  double least = 0, most = 0;
  for (const float real : *data) {
    const auto q = multiple(real, constant.scales[0]);
    if (!q) return std::nullopt;
    least = std::min(least, *q);
    most = std::max(most, *q);
  }
  if (most - least > 255) return std::nullopt;
  // Zero at 0 where that holds them all, else as near to it as it can be.
  const double zero = std::clamp(0.0, -128 - least, 127 - most);
  return ir::Quant{constant.scales[0], static_cast<int>(zero)};
}

}  // namespace thimble::passes
