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
constexpr std::int64_t kMostInput = 255;     // u
constexpr std::size_t kMostTaps = 257;       // the sum of so many u fits 16 bits
constexpr std::size_t kMostScattered = 12;   // sums of a pixel (conv2d_scatter_fold_o8.c)
constexpr std::size_t kMostOfRow = 6;        // those of a kernel row (fold_c8.c)
constexpr std::int64_t kMostResult = 32000;  // of 16 bits, with room for a zero point

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

// One output's entry of the table `ends`.
struct End {
  std::int64_t start = 0, factor = 0, shift = 0;
};

// m16's factor and shift with a shift near 24; one more bit of the factor than m16's fits 16 bits.
End end_of(std::int64_t start, const Multiplier &multiplier) {
  if (multiplier.multiplier == 0) return {start, 0, 0};
  const int more = multiplier.shift < 24 ? 1 : 0;
  return {start, std::int64_t{multiplier.multiplier} << more, multiplier.shift + more - 24};
}

bool is_exact(const End &end, const Bounds &bounds) {
  if (bounds.greatest() >= 1 << 23 || end.shift < -7) return false;
  return (bounds.greatest() * end.factor >> (24 + end.shift)) < kMostResult;
}

void append(Weights &bytes, std::int64_t value, int count) {
  for (int i = 0; i < count; ++i) bytes.push_back(value >> (8 * i) & 255);
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

// Instructions, and registers as their operands (AVR instruction set manual).
enum Opcode {
  kAdd = 0x0C00,
  kAdc = 0x1C00,
  kSub = 0x1800,
  kSbc = 0x0800,
  kMul = 0x9C00,
  kMov = 0x2C00,
  kCpc = 0x0400,
  kCpse = 0x1000,
  kLdi = 0xE000,
  kCpi = 0x3000,
  kSubi = 0x5000,
  kSbci = 0x4000,
  kAsr = 0x9405,
  kRor = 0x9407,
  kSkipIfPlus = 0xFC07,
  kSkipIfMinus = 0xFE07,
  kRjmp = 0xC000,
  kBrlo = 0xF000,
  kBrlt = 0xF004,
  kBrge = 0xF404,
  kRet = 0x9508,
};
constexpr int kValue = 30, kWeight = 31, kTapsLeft = 29, kZero = 28;

std::int64_t on_two(int opcode, int to, int from) {
  return opcode | (from & 16) << 5 | to << 4 | (from & 15);
}
std::int64_t on_one(int opcode, int to) { return opcode | to << 4; }
// SUBI, LDI: of r16 and above.
std::int64_t on_constant(int opcode, int to, std::int64_t value) {
  return opcode | (value & 0xF0) << 4 | (to - 16) << 4 | (value & 15);
}

// Where a sum's bytes are.
struct Sum {
  int low, middle, high;
};
Sum sum_of(int c) {
  return c < 4 ? Sum{2 + 2 * c, 3 + 2 * c, 10 + c} : Sum{6 + 2 * c, 7 + 2 * c, 18 + c};
}

void append_product(Weights &words, std::int64_t weight, const Sum &sum) {
  const bool adds = weight >= 0;
  words.push_back(on_constant(kLdi, kWeight, std::abs(weight)));
  words.push_back(on_two(kMul, kValue, kWeight));
  words.push_back(on_two(adds ? kAdd : kSub, sum.low, 0));
  words.push_back(on_two(adds ? kAdc : kSbc, sum.middle, 1));
  words.push_back(on_two(adds ? kAdc : kSbc, sum.high, kZero));
}

// What every sum starts from, by way of a register that can be loaded.
Weights start_instructions(const std::vector<End> &ends) {
  Weights words;
  for (std::size_t c = 0; c < ends.size(); ++c) {
    const Sum sum = sum_of(static_cast<int>(c));
    const int registers[] = {sum.low, sum.middle, sum.high};
    for (int byte = 0; byte < 3; ++byte) {
      words.push_back(on_constant(kLdi, kValue, ends[c].start >> (8 * byte)));
      words.push_back(on_two(kMov, registers[byte], kValue));
    }
  }
  words.push_back(kRet);
  return words;
}

constexpr int kFactor = 30, kFactorHigh = 31, kResult = 29;  // once the taps are done

// Bytes 2, 3 and 4 of sum * factor, in `sum.low`, kResult and `sum.middle`.
void append_scaling(Weights &words, const Sum &sum, std::int64_t factor, bool may_be_negative) {
  const auto two = [&](int opcode, int to, int from) { words.push_back(on_two(opcode, to, from)); };
  const auto load = [&](int to, std::int64_t value) {
    words.push_back(on_constant(kLdi, to, value));
  };
  load(kFactor, factor);
  load(kFactorHigh, factor >> 8);
  two(kMul, sum.low, kFactor);
  two(kMov, kResult, 1);
  two(kMul, sum.low, kFactorHigh);
  two(kAdd, kResult, 0);
  two(kMov, sum.low, 1);
  two(kAdc, sum.low, kZero);
  two(kMul, sum.middle, kFactor);
  two(kAdd, kResult, 0);
  two(kAdc, sum.low, 1);
  load(kResult, 0);
  two(kAdc, kResult, kZero);
  two(kMul, sum.middle, kFactorHigh);
  two(kAdd, sum.low, 0);
  two(kAdc, kResult, 1);
  two(kMul, sum.high, kFactor);
  two(kAdd, sum.low, 0);
  two(kAdc, kResult, 1);
  two(kMov, sum.middle, kZero);
  two(kAdc, sum.middle, kZero);
  two(kMul, sum.high, kFactorHigh);
  two(kAdd, kResult, 0);
  two(kAdc, sum.middle, 1);
  if (!may_be_negative) return;
  words.push_back(on_one(kSkipIfMinus, sum.high));
  words.push_back(kRjmp | 2);
  two(kSub, kResult, kFactor);
  two(kSbc, sum.middle, kFactorHigh);
}

// Shifted and rounded: the result in kResult, its high byte in `sum.middle`.
void append_rounding(Weights &words, const Sum &sum, std::int64_t shift) {
  for (std::int64_t i = std::min<std::int64_t>(shift, 24); i > 0; --i) {
    words.push_back(on_one(kAsr, sum.middle));
    words.push_back(on_one(kRor, kResult));
    words.push_back(on_one(kRor, sum.low));
  }
  for (std::int64_t i = shift; i < 0; ++i) {
    words.push_back(on_two(kAdd, sum.low, sum.low));
    words.push_back(on_two(kAdc, kResult, kResult));
    words.push_back(on_two(kAdc, sum.middle, sum.middle));
  }
  words.push_back(on_two(kAdd, sum.low, sum.low));
  words.push_back(on_two(kAdc, kResult, kZero));
  words.push_back(on_two(kAdc, sum.middle, kZero));
}

// Of a result that is not below the zero point, which is the least output.
void append_upper_limit(Weights &words, const Sum &sum, const Requantizer &finish) {
  const int most = finish.act_max - finish.out_zero;
  words.push_back(on_two(kCpse, sum.middle, kZero));
  words.push_back(on_constant(kLdi, kResult, 255));
  if (most < 255) {
    words.push_back(on_constant(kCpi, kResult, most + 1));
    words.push_back(kBrlo | 1 << 3);
    words.push_back(on_constant(kLdi, kResult, most));
  }
  words.push_back(on_constant(kSubi, kResult, -finish.out_zero));
}

void append_limits(Weights &words, const Sum &sum, const Requantizer &finish) {
  words.push_back(on_two(kMov, kFactorHigh, sum.middle));
  words.push_back(on_constant(kSubi, kResult, -finish.out_zero));
  words.push_back(on_constant(kSbci, kFactorHigh, -finish.out_zero >> 8));
  const auto limit = [&](int bound, int branch, int value) {
    words.push_back(on_constant(kCpi, kResult, bound));
    words.push_back(on_constant(kLdi, kFactor, bound >> 8));
    words.push_back(on_two(kCpc, kFactorHigh, kFactor));
    words.push_back(branch | 1 << 3);
    words.push_back(on_constant(kLdi, kResult, value));
  };
  limit(finish.act_max + 1, kBrlt, finish.act_max);
  limit(finish.act_min, kBrge, finish.act_min);
}

// Outputs of the sums, to where X points.
Weights end_instructions(const std::vector<End> &ends, const Requantizer &finish) {
  const bool cuts = finish.act_min == finish.out_zero;
  Weights words;
  for (std::size_t c = 0; c < ends.size(); ++c) {
    const Sum sum = sum_of(static_cast<int>(c));
    Weights making;
    append_scaling(making, sum, ends[c].factor, !cuts);
    append_rounding(making, sum, ends[c].shift);
    (cuts ? append_upper_limit : append_limits)(making, sum, finish);
    if (cuts) {
      words.push_back(on_constant(kLdi, kResult, finish.act_min));
      words.push_back(on_one(kSkipIfPlus, sum.high));
      words.push_back(kRjmp | static_cast<std::int64_t>(making.size()));
    }
    words.insert(words.end(), making.begin(), making.end());
    words.push_back(on_one(0x920D, kResult));  // st X+
  }
  words.push_back(kRet);
  return words;
}

constexpr std::size_t kMostInRegisters = 8;  // outputs
constexpr std::int64_t kLeastUses = 64;      // of a weight that is made instructions

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
         graph.value(node.outputs[0]).type.shape.channels <= static_cast<int>(kMostInRegisters);
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
  for (std::size_t i = 0; i < each; ++i) {
    words.push_back(0x900D | kValue << 4);
    words.push_back(on_constant(kSubi, kValue, kOffset));
    words.push_back(0xF001 | 5 * outputs << 3);  // breq, past the products of 0
    for (int c = 0; c < outputs; ++c) append_product(words, weights[c * each + i], sum_of(c));
    if ((i + 1) % in_c != 0) continue;
    words.push_back(0x940A | kTapsLeft << 4);
    words.push_back(0xF409);  // brne, past the next one
    words.push_back(kRet);
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

std::vector<CodedWeights> offset_weights(const ir::Graph &graph, const ir::Node &node,
                                         const Weights &weights, bool stays_inside,
                                         const Numbers &numbers) {
  const Requantizer finish = requantizer(graph, node, numbers);
  const std::int64_t zero = finish.in_zero + kOffset;  // the u that stands for 0
  const std::size_t outputs = finish.multipliers.size(), each = weights.size() / outputs;
  if (finish.requant != targets::Requant::kM16 || each > kMostTaps) return {};
  if (zero != 0 && !stays_inside) return {};
  Weights bytes;
  std::vector<End> ends;
  for (std::size_t c = 0; c < outputs; ++c) {
    const auto filter = std::span(weights).subspan(c * each, each);
    std::int64_t start = finish.bias[c];
    for (const std::int64_t weight : filter) start -= zero * weight;
    const End end = end_of(start, finish.multipliers[c]);
    if (!is_exact(end, bounds_of(start, filter))) return {};
    ends.push_back(end);
    append(bytes, end.start, 3);
    append(bytes, end.factor, 2);
    append(bytes, end.shift, 1);
  }
  std::vector<CodedWeights> codes{coded(weights, static_cast<int>(outputs))};
  if (has_flash_for_code(graph, node, numbers)) {
    const int in_c = graph.value(node.inputs[0]).type.shape.channels;
    Weights words = instructions_of(weights, static_cast<int>(outputs), in_c);
    for (const Weights &more : {start_instructions(ends), end_instructions(ends, finish)})
      words.insert(words.end(), more.begin(), more.end());
    codes.push_back(as_code(std::move(words)));
  }
  for (CodedWeights &code : codes) {
    code.tables.push_back({"ends", "uint8_t", bytes, false});
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
