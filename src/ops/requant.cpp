// The three requantizations as the C computes them (requant.h has the formulas and their bounds),
// here with 64-bit arithmetic where that is plainer.
#include "ops/requant.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "support/check.h"

namespace thimble::ops {
namespace {

using targets::Requant;
constexpr std::int64_t kInt32Max = std::numeric_limits<std::int32_t>::max();
constexpr std::int64_t kInt32Min = std::numeric_limits<std::int32_t>::min();

// real = fraction * 2^exponent with fraction of `bits` bits, its top bit set. Zero for 0.
struct Scaled {
  std::int64_t fraction;
  int exponent;  // of the fraction as a number in [1/2, 1)
};

Scaled scaled(double real, int bits) {
  CHECK(real >= 0 && std::isfinite(real), "a multiplier is a non-negative number");
  int exponent = 0;
  const double fraction = std::frexp(real, &exponent);
  auto integer = static_cast<std::int64_t>(std::round(std::ldexp(fraction, bits)));
  if (integer == std::int64_t{1} << bits) {
    integer /= 2;
    ++exponent;
  }
  return {integer, exponent};
}

Multiplier quantize_q31(double real) {
  const auto [fraction, exponent] = scaled(real, 31);
  if (fraction == 0 || exponent < -31) return {0, 0};
  if (exponent > 30) return {static_cast<std::int32_t>(kInt32Max), 30};
  return {static_cast<std::int32_t>(fraction), exponent};
}

Multiplier quantize_m16(double real) {
  const auto [fraction, exponent] = scaled(real, 15);
  const int shift = 15 - exponent;
  if (fraction == 0 || shift > 47) return {0, 17};
  if (shift < 1) return {32767, 1};
  return {static_cast<std::int32_t>(fraction), shift};
}

// Nearest power of two by ratio: the boundary between 2^-s and 2^-(s+1) is at their geometric mean.
Multiplier quantize_pow2(double real) {
  if (real <= 0) return {1, 31};
  return {1, static_cast<int>(std::clamp(std::round(-std::log2(real)), 0.0, 31.0))};
}

std::int32_t requantize_q31(std::int32_t accumulator, Multiplier m) {
  const std::int64_t left =
      std::clamp(accumulator * (std::int64_t{1} << std::max(m.shift, 0)), kInt32Min, kInt32Max);
  const std::int64_t high = (left * m.multiplier + (1ll << 30)) >> 31;
  const int right = std::max(-m.shift, 0);
  const std::int64_t mask = (1ll << right) - 1;
  const std::int64_t threshold = (mask >> 1) + (high < 0 ? 1 : 0);
  return static_cast<std::int32_t>((high >> right) + ((high & mask) > threshold ? 1 : 0));
}

std::int32_t requantize_m16(std::int32_t accumulator, Multiplier m) {
  const std::int64_t acc = m.shift <= 16 ? std::clamp(accumulator, -32768, 32767) : accumulator;
  return static_cast<std::int32_t>((acc * m.multiplier + (1ll << (m.shift - 1))) >> m.shift);
}

std::int32_t requantize_pow2(std::int32_t accumulator, Multiplier m) {
  if (m.shift == 0) return accumulator;
  return static_cast<std::int32_t>(((std::int64_t{accumulator} >> (m.shift - 1)) + 1) >> 1);
}

}  // namespace

Multiplier quantize_multiplier(double real, Requant requant) {
  switch (requant) {
    case Requant::kQ31:
      return quantize_q31(real);
    case Requant::kM16:
      return quantize_m16(real);
    case Requant::kPow2:
      return quantize_pow2(real);
  }
  CHECK(false, "unknown requantization");
}

double real_of(Multiplier multiplier, Requant requant) {
  return requant == Requant::kQ31 ? std::ldexp(multiplier.multiplier, multiplier.shift - 31)
                                  : std::ldexp(multiplier.multiplier, -multiplier.shift);
}

std::int32_t requantize(std::int32_t accumulator, Multiplier multiplier, Requant requant) {
  switch (requant) {
    case Requant::kQ31:
      return requantize_q31(accumulator, multiplier);
    case Requant::kM16:
      return requantize_m16(accumulator, multiplier);
    case Requant::kPow2:
      return requantize_pow2(accumulator, multiplier);
  }
  CHECK(false, "unknown requantization");
}

}  // namespace thimble::ops
