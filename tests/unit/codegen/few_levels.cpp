// Rounds weights to levels and drops some (few_levels.h).
#include "few_levels.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <set>

namespace thimble::codegen {
namespace {

struct Rule {
  int highest;     // weights are -highest to highest
  bool no_zero;    // -1 or 1
  int kept_of_16;  // of 16 weights
};

Rule rule_of(Weights weights) {
  switch (weights) {
    case Weights::kInt8:
      break;
    case Weights::kFourBits:
      return {7, false, 16};
    case Weights::kTwoBits:
    case Weights::kTernary:
      return {1, false, 16};
    case Weights::kOneBit:
      return {1, true, 16};
    case Weights::kHalfZero:
      return {127, false, 8};
    case Weights::kThin:
      return {127, false, 1};
    case Weights::kHalfZeroFourBits:
      return {7, false, 8};
    case Weights::kThinFourBits:
      return {7, false, 1};
  }
  return {127, false, 16};
}

// Of a ternary network some -1 become -2: two bits.
std::int8_t level(std::int8_t weight, const Rule &rule, bool asymmetric, std::size_t index) {
  if (rule.no_zero) return weight < 0 ? -1 : 1;
  const std::uint32_t noise = static_cast<std::uint32_t>(index) * 2654435761u;
  if (static_cast<int>(noise >> 28) >= rule.kept_of_16) return 0;
  const double real = weight * (rule.highest / 127.0);
  const int rounded = static_cast<int>(std::lround(rule.highest == 1 ? real * 1.5 : real));
  const int lowest = asymmetric ? -2 : -rule.highest;
  return static_cast<std::int8_t>(
      std::clamp(asymmetric ? 2 * rounded : rounded, lowest, rule.highest));
}

void change(ir::Constant &weight, ir::Constant &bias, Weights weights) {
  const Rule rule = rule_of(weights);
  auto &data = std::get<std::vector<std::int8_t>>(weight.data);
  for (std::size_t i = 0; i < data.size(); ++i)
    data[i] = level(data[i], rule, weights == Weights::kTwoBits, i);
  const float wider = 127.0f / static_cast<float>(rule.highest) * (rule.highest == 1 ? 0.6f : 1.0f);
  for (float &scale : weight.scales) scale *= wider;
  for (std::int32_t &one : std::get<std::vector<std::int32_t>>(bias.data))
    one = static_cast<std::int32_t>(std::lround(one / wider));
}

}  // namespace

ir::Graph with_weights(ir::Graph graph, Weights weights) {
  if (weights == Weights::kInt8) return graph;
  std::set<ir::ConstantId> changed;
  for (const ir::Node &node : graph.nodes()) {
    if (node.op != "Conv2d" && node.op != "ConvTranspose2d" && node.op != "Linear") continue;
    if (!changed.insert(node.constants[0]).second) continue;
    ir::Constant &bias = graph.constant(node.constants[1]);
    if (bias.dtype() == ir::DType::kI32) change(graph.constant(node.constants[0]), bias, weights);
  }
  return graph;
}

}  // namespace thimble::codegen
