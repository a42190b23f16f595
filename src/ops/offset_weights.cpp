// Ranges of sums, and the tables of offset weights (offset_weights.h).
#include "ops/offset_weights.h"

#include <algorithm>
#include <cstdlib>
#include <span>

#include "ops/quantized.h"

namespace thimble::ops {
namespace {

using Weights = std::vector<std::int64_t>;

constexpr std::size_t kBlock = 4;
constexpr std::int64_t kOffset = 128;
constexpr std::int64_t kMostInput = 255;          // u
constexpr std::size_t kMostTaps = 257;            // the sum of so many u fits 16 bits
constexpr std::size_t kMostScattered = 12;        // sums of a pixel (conv2d_scatter_fold_o8.c)
constexpr std::size_t kMostOfRow = 6;             // those of a kernel row (fold_c8.c)
constexpr std::int64_t kMostResult = 32000;       // of 16 bits, with room for a zero point
constexpr std::int64_t kLeastLimitedShift = -10;  // a limit is a multiple of kLimitStep

// Bounds of a sum of w * u, u from 0 to 255, that starts from `low` = `high`.
struct Bounds {
  std::int64_t low = 0, high = 0;
  std::int64_t greatest() const { return std::max(std::abs(low), std::abs(high)); }
};

Bounds bounds_of(std::int64_t start, std::span<const std::int64_t> weights) {
  Bounds bounds{start, start};
  for (const std::int64_t weight : weights)
    (weight < 0 ? bounds.low : bounds.high) += weight * kMostInput;
  return bounds;
}

// m16's factor and shift with a shift near 24; one more bit of the factor than m16's fits 16 bits.
End end_of(std::int64_t start, const Multiplier &multiplier) {
  if (multiplier.multiplier == 0) return {start, 0, 0};
  const int more = multiplier.shift < 24 ? 1 : 0;
  return {start, std::int64_t{multiplier.multiplier} << more, multiplier.shift + more - 24};
}

// Whether the sum's product has its result in bytes 2 to 4, within 16 bits.
bool is_plain(const End &end, const Bounds &bounds) {
  return end.shift >= -7 && (bounds.greatest() * end.factor >> (24 + end.shift)) < kMostResult;
}

// From here on results are 256 and more, which no zero point makes an int8: factors are 2^14 and
// more.
void set_limit(End &end) { end.limit = std::int64_t{1} << (18 + end.shift); }

void append(Weights &bytes, std::int64_t value, int count) {
  for (int i = 0; i < count; ++i) bytes.push_back(value >> (8 * i) & 255);
}

Weights bytes_of(const std::vector<End> &ends) {
  Weights bytes;
  for (const End &end : ends) {
    append(bytes, end.start, 3);
    append(bytes, end.factor, 2);
    append(bytes, end.shift, 1);
  }
  return bytes;
}

CodedWeights coded(const Weights &weights, int outputs) {
  CodedWeights code;
  code.ending = "_o8";
  code.tables = {{"weight", "uint8_t", offset_blocks(weights, outputs), true}};
  code.is_layout = true;
  return code;
}

CodedWeights as_code(Weights words) {
  CodedWeights code;
  code.ending = "_c8";
  code.tables = {{"weight", "uint16_t", std::move(words), true, "instructions", true}};
  code.is_layout = true;
  return code;
}

constexpr std::int64_t kLeastUses = 64;  // of a weight that is made instructions

constexpr std::int64_t kProgramBytes = 12288;  // code, constants and an application

bool is_convolution(const ir::Node &node) {
  return node.op == "Conv2d" || node.op == "ConvTranspose2d";
}

std::int64_t weight_count(const ir::Graph &graph, const ir::Node &node) {
  return is_convolution(node) ? graph.constant(node.constants[0]).elements() : 0;
}

// How often a weight is multiplied in one run.
std::int64_t uses(const ir::Graph &graph, const ir::Node &node) {
  const std::int64_t count = weight_count(graph, node);
  return count == 0 ? 0 : macs(graph, node) / count;
}

bool fits_registers(const ir::Graph &graph, const ir::Node &node) {
  return is_convolution(node) && node.integer("groups", 1) == 1 &&
         graph.value(node.outputs[0]).type.shape.channels <= kMostInRegisters;
}

// Bytes of a layer's weights as code.
std::int64_t code_bytes(const ir::Graph &graph, const ir::Node &node) {
  const std::vector<int> &dims = graph.constant(node.constants[0]).dims;
  const std::int64_t taps = std::int64_t{dims[1]} * dims[2];
  return taps * (dims[3] * (6 + 10 * std::int64_t{dims[0]}) + 6) + std::int64_t{110} * dims[0];
}

// What the weights and the rest of a program leave of the flash is for weights as code; those that
// are used most often have it first.
bool has_flash_for_code(const ir::Graph &graph, const ir::Node &node, const Numbers &numbers) {
  if (!fits_registers(graph, node) || uses(graph, node) < kLeastUses) return false;
  std::int64_t left = numbers.flash_bytes - kProgramBytes - parameter_count(graph);
  bool is_behind = false;
  for (const ir::Node &other : graph.nodes()) {
    is_behind |= other.name == node.name;
    const std::int64_t more = uses(graph, other) - uses(graph, node);
    const bool is_before = more > 0 || (more == 0 && !is_behind);
    if (is_before && fits_registers(graph, other)) left -= code_bytes(graph, other);
  }
  return left >= code_bytes(graph, node);
}

// Weights of `dims`, [out][kernel row][kernel column][in], as [kernel row][kernel column][out][in].
Weights by_tap(const Weights &weights, const std::vector<int> &dims) {
  const int taps = dims[1] * dims[2], in_c = dims[3];
  Weights ordered;
  for (int tap = 0; tap < taps; ++tap)
    for (int c = 0; c < dims[0]; ++c) {
      const auto first = weights.begin() + (std::ptrdiff_t{c} * taps + tap) * in_c;
      ordered.insert(ordered.end(), first, first + in_c);
    }
  return ordered;
}

// Of weights by_tap, for each kernel row the instructions of its sums as these lie side by side:
// those of the last column first.
Weights row_instructions(const Weights &weights, const std::vector<int> &dims) {
  const std::ptrdiff_t each = std::ptrdiff_t{dims[0]} * dims[3], row = each * dims[2];
  Weights words;
  for (int kernel_row = 0; kernel_row < dims[1]; ++kernel_row) {
    const auto end = weights.begin() + (kernel_row + 1) * row;
    Weights turned;
    for (int column = 1; column <= dims[2]; ++column)
      turned.insert(turned.end(), end - column * each, end - (column - 1) * each);
    const Weights more = instructions_of(turned, dims[0] * dims[2], dims[3]);
    words.insert(words.end(), more.begin(), more.end());
  }
  return words;
}

// Whether sums that start from the bias, some taps of the weights added, are proven to fit 24 bits.
bool sums_fit(const ir::Graph &graph, const ir::Node &node, const Weights &weights) {
  const auto &bias = std::get<std::vector<std::int32_t>>(graph.constant(node.constants[1]).data);
  const std::size_t each = weights.size() / bias.size();
  for (std::size_t c = 0; c < bias.size(); ++c)
    if (bounds_of(bias[c], std::span(weights).subspan(c * each, each)).greatest() >= 1 << 23)
      return false;
  return true;
}

}  // namespace

Weights instructions_of(const Weights &weights, int outputs, int in_c) {
  const std::size_t each = weights.size() / outputs;
  Weights words;
  for (std::size_t i = 0; i < each; i += in_c) {
    std::vector<std::vector<Product>> values(in_c);
    for (int value = 0; value < in_c; ++value)
      for (int c = 0; c < outputs; ++c) values[value].push_back({c, weights[c * each + i + value]});
    append_tap(words, values);
  }
  return words;
}

Weights offset_blocks(const Weights &weights, int outputs) {
  const std::size_t each = weights.size() / outputs;
  const std::size_t in_blocks = outputs / kBlock * kBlock;
  Weights blocks;
  blocks.reserve(weights.size());
  for (std::size_t first = 0; first < in_blocks; first += kBlock)
    for (std::size_t i = 0; i < each; ++i)
      for (std::size_t lane = 0; lane < kBlock; ++lane)
        blocks.push_back(weights[(first + lane) * each + i] + kOffset);
  for (std::size_t i = in_blocks * each; i < weights.size(); ++i)
    blocks.push_back(weights[i] + kOffset);
  return blocks;
}

std::optional<std::vector<End>> offset_ends(const ir::Graph &graph, const ir::Node &node,
                                            const Weights &weights, bool stays_inside,
                                            const Numbers &numbers) {
  const Requantizer finish = requantizer(graph, node, numbers);
  const std::int64_t zero = finish.in_zero + kOffset;  // the u that stands for 0
  const std::size_t outputs = finish.multipliers.size(), each = weights.size() / outputs;
  if (finish.requant != targets::Requant::kM16 || each > kMostTaps) return {};
  if (zero != 0 && !stays_inside) return {};
  std::vector<End> ends;
  for (std::size_t c = 0; c < outputs; ++c) {
    const auto filter = std::span(weights).subspan(c * each, each);
    std::int64_t start = finish.bias[c];
    for (const std::int64_t weight : filter) start -= zero * weight;
    const Bounds bounds = bounds_of(start, filter);
    if (bounds.greatest() >= 1 << 23) return {};
    ends.push_back(end_of(start, finish.multipliers[c]));
    if (is_plain(ends.back(), bounds)) continue;
    if (finish.act_min != finish.out_zero || ends.back().shift < kLeastLimitedShift) return {};
    set_limit(ends.back());
  }
  return ends;
}

std::vector<CodedWeights> offset_weights(const ir::Graph &graph, const ir::Node &node,
                                         const Weights &weights, bool stays_inside,
                                         const Numbers &numbers) {
  const auto ends = offset_ends(graph, node, weights, stays_inside, numbers);
  if (!ends) return {};
  const int outputs = static_cast<int>(ends->size());
  std::vector<CodedWeights> codes;
  if (std::ranges::all_of(*ends, [](const End &end) { return end.limit == 0; }))
    codes.push_back(coded(weights, outputs));
  if (has_flash_for_code(graph, node, numbers)) {
    const int in_c = graph.value(node.inputs[0]).type.shape.channels;
    Weights words = instructions_of(weights, outputs, in_c);
    const Requantizer finish = requantizer(graph, node, numbers);
    for (const Weights &more : {start_instructions(*ends), end_instructions(*ends, finish)})
      words.insert(words.end(), more.begin(), more.end());
    codes.push_back(as_code(std::move(words)));
  }
  for (CodedWeights &code : codes) {
    code.tables.push_back({"ends", "uint8_t", bytes_of(*ends), false});
    code.replaced = {"full_bias", "multiplier", "shift"};
  }
  return codes;
}

std::vector<CodedWeights> scattered_offset_weights(const ir::Graph &graph, const ir::Node &node,
                                                   const Weights &weights, int taps,
                                                   const Numbers &numbers) {
  const std::int64_t zero = graph.value(node.inputs[0]).type.quant->zero_point + kOffset;
  const std::vector<int> &dims = graph.constant(node.constants[0]).dims;
  const std::size_t outputs = dims[0], in_c = dims[3];
  if (zero != 0) return {};
  std::vector<CodedWeights> codes;
  if (in_c <= kMostTaps && outputs * taps <= kMostScattered)
    codes.push_back(coded(by_tap(weights, dims), static_cast<int>(outputs) * taps));
  if (outputs * dims[2] <= kMostOfRow && sums_fit(graph, node, weights) &&
      has_flash_for_code(graph, node, numbers)) {
    codes.push_back(as_code(row_instructions(by_tap(weights, dims), dims)));
  }
  for (CodedWeights &code : codes) code.replaced = {"tap_bias"};
  return codes;
}

}  // namespace thimble::ops
