// Words of depthwise convolutions (nines.h).
#include "ops/nines.h"

#include <algorithm>
#include <span>

#include "ops/quantized.h"

namespace thimble::ops {
namespace {

constexpr int kTaps = 9;

// What has any 32 bits, as an int32_t.
std::int64_t word(std::int64_t bits) { return static_cast<std::int32_t>(bits); }

std::int64_t bytes(std::int64_t a, std::int64_t b, std::int64_t c, std::int64_t d) {
  return word((a & 255) | (b & 255) << 8 | (c & 255) << 16 | (d & 255) << 24);
}

}  // namespace

Kernel in_nines(Kernel kernel, const RescaleLine &line) {
  if (kernel.file != "depthwise2d_planes_i8_line" || line.shift != kUsualShift) return kernel;
  Table &weight = kernel.tables.front();
  const std::vector<std::int64_t> weights = integers(weight);
  std::int64_t zero = 0;
  for (const auto &[name, value] : kernel.sizes)
    if (name == "in_zero") zero = value;
  std::vector<std::int64_t> words;
  for (std::size_t c = 0; c < line.biases.size(); ++c) {
    const std::span k{weights.data() + c * kTaps, kTaps};
    std::int64_t sum = 0;
    for (const std::int64_t one : k) sum += one;
    words.push_back(bytes(k[0], k[1], k[3], k[4]));
    words.push_back(bytes(k[2], k[6], k[5], k[7]));
    const int factor = c % 2 ? 1 : 256;
    words.push_back(word((factor * k[7] & 0xFFFF) | (factor * k[8] & 0xFFFF) << 16));
    words.push_back(word(line.biases[c] - 256 * zero * sum));
    words.push_back(line.multipliers[c]);
  }
  weight = {"weight", "int32_t", std::move(words), true};
  weight.plain = weights;
  std::erase_if(kernel.tables, [](const Table &table) {
    return table.role == "bias" || table.role == "multiplier";
  });
  std::erase_if(kernel.sizes, [](const auto &size) { return size.first == "shift"; });
  kernel.file = "depthwise2d_nines_i8";
  return kernel;
}

}  // namespace thimble::ops
