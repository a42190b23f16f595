// A channel's scale is its largest weight / 127, larger where a 32-bit sum could overflow.
#include "passes/quantize_weights.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "ops/fixed_point.h"
#include "ops/operator.h"
#include "passes/rewrite.h"

namespace thimble::passes {
namespace {

using Floats = std::vector<float>;

// A recurrent node's weights of its last output row, brought to the scale of those of its input.
void bring_to_input_scale(const ir::Graph &graph, const ir::Node &node, float ratio,
                          Floats &weights) {
  const std::size_t columns = graph.constant(node.constants[0]).dims[1];
  const std::size_t hidden = node.integer("hidden", 1);
  for (std::size_t i = 0; i < weights.size(); ++i)
    if (i % columns >= columns - hidden) weights[i] *= ratio;
}

// What each input channel is on average, or each element of a Linear's or recurrent node's input.
std::vector<double> input_means_of(const ir::Graph &graph, const ir::Node &node,
                                   const std::vector<double> &input_means) {
  if (node.op == "Linear") return input_means;
  const ir::Shape &shape = graph.value(node.inputs[0]).type.shape;
  const bool recurrent = ops::operator_of(node).recurrent;  // its weights meet whole rows
  std::vector<double> means(recurrent ? shape.cols * shape.channels : shape.channels);
  for (std::size_t i = 0; i < input_means.size(); ++i)
    means[i % means.size()] += input_means[i] * static_cast<double>(means.size()) /
                               static_cast<double>(input_means.size());
  if (recurrent) means.resize(graph.constant(node.constants[0]).dims[1]);
  return means;
}

// What weight i of an output channel is multiplied by on average: entry i modulo their number. An
// output channel meets the input channels of its group; a BatchNorm's groups are single channels.
std::vector<double> mean_partners(const ir::Node &node, const std::vector<double> &means,
                                  std::size_t channel, std::size_t channels) {
  const std::size_t groups =
      node.op == "BatchNorm" ? channels : static_cast<std::size_t>(node.integer("groups", 1));
  const std::size_t count = means.size() / groups, group = channel / (channels / groups);
  const auto first = means.begin() + static_cast<std::ptrdiff_t>(group * count);
  return {first, first + static_cast<std::ptrdiff_t>(count)};
}

// One output channel.
struct Channel {
  const float *weight;
  std::size_t count;
  double bias;
  std::vector<double> partners;  // mean input of weight i: partners[i % size]
};

struct QuantizedChannel {
  float scale;
  std::vector<std::int8_t> weight;
  std::int64_t bias;
};

QuantizedChannel at_scale(const Channel &channel, float scale, double in_scale) {
  QuantizedChannel result{scale, {}, 0};
  double lost = 0;
  for (std::size_t i = 0; i < channel.count; ++i) {
    const double q = std::clamp(std::round(channel.weight[i] / double{scale}), -127.0, 127.0);
    result.weight.push_back(static_cast<std::int8_t>(q));
    lost += (channel.weight[i] - q * scale) * channel.partners[i % channel.partners.size()];
  }
  const double bias = std::round((channel.bias + lost) / (in_scale * scale));
  result.bias = static_cast<std::int64_t>(std::clamp(bias, -1e18, 1e18));
  return result;
}

// |bias| + 255 * sum |weight| bounds every partial sum.
bool fits(const QuantizedChannel &channel) {
  std::int64_t bound = std::abs(channel.bias);
  for (const std::int8_t weight : channel.weight) bound += 255 * std::abs(int{weight});
  return bound <= std::numeric_limits<std::int32_t>::max();
}

// The multiplier to the scale that sums are brought to stays at 2^-22 or more, so that channels of
// tiny or no weights keep their bias.
QuantizedChannel quantize_channel(const Channel &channel, float in_scale, float sum_scale) {
  float largest = 0;
  for (std::size_t i = 0; i < channel.count; ++i)
    largest = std::max(largest, std::abs(channel.weight[i]));
  float scale = std::max(largest / 127, std::ldexp(sum_scale / in_scale, -22));
  for (;; scale *= 2) {
    auto result = at_scale(channel, scale, in_scale);
    if (fits(result)) return result;
  }
}

// Of a constant behind the bias: one a unit, at the scale of the unit's last weight row.
std::vector<std::int32_t> quantize_unit_bias(const Floats &biases, const ir::Constant &weight,
                                             double in_scale) {
  constexpr double kMost = 1 << 30;
  const std::size_t rows_per_unit = weight.scales.size() / biases.size();
  std::vector<std::int32_t> result;
  for (std::size_t unit = 0; unit < biases.size(); ++unit) {
    const double scale = in_scale * weight.scales[(unit + 1) * rows_per_unit - 1];
    result.push_back(
        static_cast<std::int32_t>(std::clamp(std::round(biases[unit] / scale), -kMost, kMost)));
  }
  return result;
}

}  // namespace

void quantize_weights(ir::Graph &graph, ir::NodeId id, const WeightQuant &quant) {
  for (std::size_t i = 0; i < graph.node(id).constants.size(); ++i) own_constant(graph, id, i);
  const ir::Node &node = graph.node(id);
  ir::Constant &weight = graph.constant(node.constants[0]);
  ir::Constant &bias = graph.constant(node.constants[1]);
  const bool recurrent = ops::operator_of(node).recurrent;
  Floats weights = std::get<Floats>(weight.data);
  const Floats biases = std::get<Floats>(bias.data);
  if (recurrent) bring_to_input_scale(graph, node, quant.out_scale / quant.in_scale, weights);
  const std::size_t count = weights.size() / biases.size();
  const float sum_scale = recurrent ? 1.0f / ops::kGateOne : quant.out_scale;
  const auto means = input_means_of(graph, node, quant.input_means);
  std::vector<std::int8_t> int_weights;
  std::vector<std::int32_t> int_biases;
  for (std::size_t c = 0; c < biases.size(); ++c) {
    const Channel channel{&weights[c * count], count, biases[c],
                          mean_partners(node, means, c, biases.size())};
    const QuantizedChannel result = quantize_channel(channel, quant.in_scale, sum_scale);
    weight.scales.push_back(result.scale);
    int_weights.insert(int_weights.end(), result.weight.begin(), result.weight.end());
    int_biases.push_back(static_cast<std::int32_t>(result.bias));
  }
  weight.data = std::move(int_weights);
  bias.data = std::move(int_biases);
  for (std::size_t i = 2; i < node.constants.size(); ++i) {
    ir::Constant &more = graph.constant(node.constants[i]);
    more.data = quantize_unit_bias(std::get<Floats>(more.data), weight, quant.in_scale);
  }
}

}  // namespace thimble::passes
