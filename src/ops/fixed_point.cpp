// See fixed_point.h; each function is the kernel helper of about the same name, in C++.
#include "ops/fixed_point.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace thimble::ops {

const std::vector<std::int64_t> &sigmoid_table() {
  static const std::vector<std::int64_t> kTable = [] {
    std::vector<std::int64_t> table;
    for (int i = 0; i <= 64; ++i) table.push_back(std::lround(kUnitOne / (1 + std::exp(-i / 8.0))));
    return table;
  }();
  return kTable;
}

std::int32_t sigmoid_unit(std::int32_t x) {
  const std::vector<std::int64_t> &table = sigmoid_table();
  const int size = std::abs(x), at = std::min(size >> 7, 64), next = std::min(at + 1, 64);
  const auto low = static_cast<std::int32_t>(table[at]);
  const auto step = static_cast<std::int32_t>(table[next]) - low;
  const std::int32_t value = low + ((step * (size & 127) + 64) >> 7);
  return x < 0 ? kUnitOne - value : value;
}

std::int32_t tanh_unit(std::int32_t x) { return 2 * sigmoid_unit(x) - kUnitOne; }

std::int32_t mix_units(std::int32_t share, std::int32_t a, std::int32_t b) {
  return from_unit(share * a + (kUnitOne - share) * b);
}

std::int32_t from_unit(std::int32_t value) { return (value + kUnitOne / 2) >> 14; }

Multiplier scale_of(double real) {
  const Multiplier scale = quantize_multiplier(real, targets::Requant::kM16);
  return scale.shift > 30 ? Multiplier{0, 1} : scale;  // below 2^-16: nothing is left of 16 bits
}

std::int32_t scaled(std::int32_t value, Multiplier scale) {
  const std::int32_t product = value * scale.multiplier;
  return std::clamp(((product >> (scale.shift - 1)) + 1) >> 1, -32768, 32767);
}

std::int8_t scaled_to_int8(std::int32_t value, Multiplier scale, int zero) {
  return static_cast<std::int8_t>(std::clamp(scaled(value, scale) + zero, -128, 127));
}

}  // namespace thimble::ops
