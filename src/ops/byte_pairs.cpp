// Layout of weights in pairs, and the proof that sums come apart again (byte_pairs.h).
#include "ops/byte_pairs.h"

#include <algorithm>
#include <cstdlib>

#include "ops/convolution.h"
#include "ops/quantized.h"
#include "ops/weight_code.h"

namespace thimble::ops {
namespace {

using Weights = std::vector<std::int64_t>;

std::int64_t absolute_sum(const Weights &weights, std::size_t first, std::size_t count) {
  std::int64_t sum = 0;
  for (std::size_t i = first; i < first + count; ++i) sum += std::abs(weights[i]);
  return sum;
}

// The sum of both, 256 * w + v, has 32 bits for any int8 values; w of -128 has no halfword.
bool fits(const Weights &weights, int outputs) {
  const std::size_t each = weights.size() / outputs;
  for (int o = 1; o < outputs; o += 2) {
    const std::int64_t low = absolute_sum(weights, (o - 1) * each, each);
    if (128 * (256 * absolute_sum(weights, o * each, each) + low) > INT32_MAX) return false;
  }
  return std::ranges::find(weights, -128) == weights.end();
}

// Of fewer, a kernel of what is not zero takes less time.
bool is_dense(const Weights &weights) {
  const auto zeros = std::ranges::count(weights, 0);
  return (static_cast<std::int64_t>(weights.size()) - zeros) * 6 >
         static_cast<std::int64_t>(weights.size());
}

int padded_outputs(int outputs, int block) { return (outputs + block - 1) / block * block; }

// Fewer may take more.
constexpr std::int64_t kFewWeights = 1024;
constexpr std::int64_t kLongestVector = 2048;  // values

// With at most a quarter of zeros more.
bool is_full(const Weights &weights, int outputs, int run, int block) {
  const std::int64_t padded = std::int64_t{padded_outputs(outputs, block)} * padded_run(run);
  return std::ssize(weights) < kFewWeights || 4 * padded <= 5 * std::int64_t{outputs} * run;
}

bool is_near(const ir::Node &node) {
  return node.integers("dilation", {1, 1}) == std::vector<std::int64_t>{1, 1};
}

bool is_plain_convolution(const ir::Node &node) {
  return node.op == "Conv2d" && node.integer("groups", 1) == 1 && is_near(node);
}

// Calls begin with one of the eights; inputs are read four at a time.
bool is_linear_in_eights(const ir::Graph &graph, const ir::Node &node) {
  if (node.op != "Linear") return false;
  const ir::Shape &out = graph.value(node.outputs[0]).type.shape;
  return (out.rows * out.cols == 1 || out.channels % kPairedLinearOutputs == 0) &&
         graph.value(node.inputs[0]).type.shape.elements() % 4 == 0;
}

std::int64_t halfword(std::int64_t high, std::int64_t low) { return (256 * high + low) & 0xFFFF; }

// Four channels at a time, a column at a time; no window is all padding.
bool is_depthwise_of_nine(const ir::Graph &graph, const ir::Node &node) {
  if (node.op != "Conv2d") return false;
  const std::vector<int> &dims = graph.constant(node.constants[0]).dims;
  const int channels = graph.value(node.inputs[0]).type.shape.channels;
  return dims == std::vector<int>{channels, 3, 3, 1} && channels % 4 == 0 &&
         node.integer("groups", 1) == channels && is_near(node) &&
         node.integers("stride", {1, 1})[1] <= 2 &&
         std::ranges::max(node.integers("pad", {0, 0, 0, 0})) <= 2;
}

bool is_packed(const ir::Graph &graph, const ir::Node &node) {
  const auto weights = integers(weight_table(graph, node));
  return !packed_weights(weights, graph.constant(node.constants[0]).dims[0]).empty();
}

bool pairs_well(const ir::Graph &graph, const ir::Node &node, int run, int block) {
  const auto weights = integers(weight_table(graph, node));
  const int outputs = graph.constant(node.constants[0]).dims[0];
  return !is_packed(graph, node) && fits(weights, outputs) && is_dense(weights) &&
         is_full(weights, outputs, run, block);
}

}  // namespace

Table pair_table(const Weights &weights, int outputs, int run, int block) {
  const std::size_t each = weights.size() / outputs;
  const auto at = [&](int output, std::size_t first, int i) {
    return output < outputs && i < run ? weights[output * each + first + i] : 0;
  };
  Weights words;
  for (int start = 0; start < outputs; start += block)
    for (std::size_t first = 0; first < each; first += run)
      for (int i = 0; i < padded_run(run); i += 4)
        for (const int odd : {0, 1})
          for (int o = start; o < start + block; o += 2) {
            const auto pair = [&](int k) { return halfword(at(o + 1, first, k), at(o, first, k)); };
            const std::int64_t word = pair(i + odd) | pair(i + odd + 2) << 16;
            words.push_back(static_cast<std::int32_t>(word));
          }
  Table table{"weight", "int32_t", std::move(words), true};
  table.plain = weights;
  return table;
}

Table pair_table_with_ends(const Weights &weights, std::span<const std::int32_t> biases,
                           std::span<const std::int32_t> multipliers) {
  const int outputs = static_cast<int>(biases.size());
  Table table = pair_table(weights, outputs, static_cast<int>(weights.size()) / outputs, 2);
  const Weights plain = std::move(std::get<Weights>(table.data));
  const std::ptrdiff_t each = std::ssize(plain) / (outputs / 2);
  Weights words;
  auto next = plain.begin();
  for (int o = 0; o < outputs; o += 2) {
    words.push_back(biases[o + 1]);
    words.insert(words.end(), next, next + each);
    words.insert(words.end(), {multipliers[o + 1], biases[o], multipliers[o]});
    next += each;
  }
  table.data = std::move(words);
  return table;
}

bool can_pair(const ir::Graph &graph, const ir::Node &node) {
  const bool is_linear = is_linear_in_eights(graph, node);
  const bool is_depthwise = is_depthwise_of_nine(graph, node);
  if (!is_linear && !is_depthwise && !is_plain_convolution(node)) return false;
  if (!is_int8(graph, node)) return false;
  const std::vector<int> &dims = graph.constant(node.constants[0]).dims;
  if (is_depthwise) return !is_packed(graph, node);
  const int run = is_linear ? dims[1] : dims[1] * dims[3];
  return pairs_well(graph, node, run, is_linear ? kPairedLinearOutputs : kPairedConvOutputs);
}

bool can_pair_as_convolution(const ir::Graph &graph, const ir::Node &node) {
  if (!is_linear_in_eights(graph, node) || !can_pair(graph, node)) return false;
  const ir::Shape &in = graph.value(node.inputs[0]).type.shape;
  const ir::Shape &out = graph.value(node.outputs[0]).type.shape;
  return in.rows * in.cols == 1 && out.rows * out.cols == 1 &&
         std::int64_t{in.channels} * out.channels < kFewWeights;
}

bool is_paired_as_convolution(const ir::Node &node) {
  const std::int64_t how = node.integer("pairs", 0);
  return node.op == "Linear" && (how == kPairedConvOutputs || how == kThrees);
}

bool can_pair_as_vector(const ir::Graph &graph, const ir::Node &node) {
  if (node.op != "Linear" || !can_pair(graph, node)) return false;
  const std::int64_t count = graph.value(node.inputs[0]).type.shape.elements();
  return count % 8 == 0 && count <= kLongestVector;
}

bool is_paired_as_vector(const ir::Node &node) {
  return node.op == "Linear" && node.integer("pairs", 0) == kPairedVector;
}
bool can_be_in_threes(const ir::Graph &graph, const ir::Node &node) {
  const Convolution conv = convolution_of(graph, node, false);
  return conv.in_c % 4 != 0 || !is_gathered(conv);
}

bool is_in_threes(const ir::Node &node) { return node.integer("pairs", 0) == kThrees; }

bool can_pair_eights(const ir::Graph &graph, const ir::Node &node) {
  if (!is_plain_convolution(node)) return node.op == "Linear" && can_pair(graph, node);
  const std::vector<int> &dims = graph.constant(node.constants[0]).dims;
  return is_int8(graph, node) && dims[0] % kEights == 0 &&
         pairs_well(graph, node, dims[1] * dims[2] * dims[3], kEights);
}

bool is_in_eights(const ir::Node &node) { return node.integer("pairs", 0) == kEights; }

bool is_paired(const ir::Node &node) { return node.integer("pairs", 0) != 0; }

int pixels_a_walk(const Kernel &kernel) {
  int pixels = 1;
  for (const auto &[name, value] : kernel.sizes) {
    if (name == "at_once") pixels = std::max(pixels, 2);
    if (name == "threes" && value != 0) pixels = 3;
  }
  return pixels;
}

}  // namespace thimble::ops
