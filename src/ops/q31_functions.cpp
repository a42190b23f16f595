// The constants are those of gemmlowp's fixed-point functions: exp at -1/8 and at negative powers
// of two, and the straight line from which Newton's division starts.
#include "ops/q31_functions.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

#include "ops/requant.h"

namespace thimble::ops {
namespace {

constexpr std::int32_t kMax = std::numeric_limits<std::int32_t>::max();
constexpr std::int32_t kMin = std::numeric_limits<std::int32_t>::min();
constexpr auto kQ31 = targets::Requant::kQ31;

std::int32_t saturated(std::int64_t value) {
  return static_cast<std::int32_t>(std::clamp<std::int64_t>(value, kMin, kMax));
}

// a * b / 2^31, halves up.
std::int32_t high_mul(std::int32_t a, std::int32_t b) {
  return saturated((std::int64_t{a} * b + (1ll << 30)) >> 31);
}

// value / 2^bits, halves away from zero.
std::int32_t shift_right(std::int32_t value, int bits) {
  if (bits == 0) return value;
  const std::int64_t half = 1ll << (bits - 1);
  return static_cast<std::int32_t>((value + half - (value < 0 ? 1 : 0)) >> bits);
}

std::int32_t shift_left(std::int32_t value, int bits) {
  return saturated(std::int64_t{value} << bits);
}

// exp(a) for -1/4 <= a < 0, no integer bits: its series around -1/8.
std::int32_t exp_near_zero(std::int32_t a) {
  constexpr std::int32_t kExpOfMinusEighth = 1895147668, kThird = 715827883;
  const std::int32_t x = a + (1 << 28);
  const std::int32_t x2 = high_mul(x, x), x3 = high_mul(x2, x), x4 = high_mul(x2, x2);
  const std::int32_t tail = shift_right(high_mul(shift_right(x4, 2) + x3, kThird) + x2, 1);
  return kExpOfMinusEighth + high_mul(kExpOfMinusEighth, x + tail);
}

// exp(a) for a <= 0 of so many integer bits, without any: that of what lies within a quarter, times
// those of the powers of two that make up the rest.
std::int32_t exp_of_negative(std::int32_t a, int integer_bits) {
  // exp(-2^k) for k = -2 .. 4
  constexpr std::int32_t kPowers[] = {1672461947, 1302514674, 790015084, 290630308,
                                      39332535,   720401,     242};
  if (a == 0) return kMax;
  const int fraction_bits = 31 - integer_bits;
  const std::int32_t quarter = std::int32_t{1} << (fraction_bits - 2);
  const std::int32_t near = (a & (quarter - 1)) - quarter;
  std::int32_t result = exp_near_zero(shift_left(near, integer_bits));
  const std::int32_t rest = near - a;
  for (int k = -2; k < integer_bits; ++k)
    if (rest & (std::int32_t{1} << (fraction_bits + k))) result = high_mul(result, kPowers[k + 2]);
  return result;
}

// 2 / (1 + a) with two integer bits, for 0 <= a < 1 without any: three steps of Newton's.
std::int32_t twice_reciprocal(std::int32_t a) {
  constexpr std::int32_t k48Over17 = 1515870810, kMinus32Over17 = -1010580540;
  const auto half = static_cast<std::int32_t>((std::int64_t{a} + kMax + 1) / 2);
  std::int32_t x = k48Over17 + high_mul(half, kMinus32Over17);
  for (int i = 0; i < 3; ++i) {
    const std::int32_t rest = (1 << 29) - high_mul(half, x);
    x += shift_left(high_mul(x, rest), 2);
  }
  return x;
}

// 1 / (1 + a), no integer bits.
std::int32_t reciprocal(std::int32_t a) { return shift_left(twice_reciprocal(a), 1); }

// An int8 above its zero point with 4 integer bits; beyond +-16 nothing.
std::optional<std::int32_t> with_four_bits(int above, double in_scale) {
  const Multiplier multiplier = quantize_multiplier(in_scale * (1 << 27), kQ31);
  const double most = std::floor(15.0 * (1 << 27) / std::ldexp(1.0, multiplier.shift));
  if (std::abs(above) >= most) return std::nullopt;
  return requantize(above, multiplier, kQ31);
}

// A ratio of scales as it may come out of a sound file.
bool is_usual(float real) { return real >= 0 && real < 1e9f; }

int rescaled(int above, double real, const ir::Quant &out) {
  const std::int64_t q = requantize(above, quantize_multiplier(real, kQ31), kQ31);
  return static_cast<int>(std::clamp<std::int64_t>(q + out.zero_point, -128, 127));
}

// 16 bits of a multiplier, and its power of two.
Multiplier short_multiplier(float real) {
  Multiplier multiplier = quantize_multiplier(real, kQ31);
  multiplier.multiplier = static_cast<std::int32_t>(
      std::min((std::int64_t{multiplier.multiplier} + (1 << 15)) >> 16, std::int64_t{32767}));
  return multiplier;
}

std::int32_t saturated16(std::int64_t value) {
  return static_cast<std::int32_t>(std::clamp<std::int64_t>(value, -32768, 32767));
}

std::int32_t high_mul16(std::int32_t a, std::int32_t b) {
  return saturated16((a * b + (1 << 14)) >> 15);
}

}  // namespace

std::optional<int> logistic_q31(int q, const ir::Quant &in, const ir::Quant &out, const float *) {
  if (out != ir::Quant{1.0f / 256, -128}) return std::nullopt;
  const int above = q - in.zero_point;
  const auto x = with_four_bits(above, in.scale);
  if (!x) return above < 0 ? -128 : 127;
  std::int32_t y = 1 << 30;
  if (*x != 0) y = reciprocal(exp_of_negative(-std::abs(*x), 4));
  if (*x < 0) y = kMax - y;
  return std::min(shift_right(y, 23) - 128, 127);
}

std::optional<int> tanh_q31(int q, const ir::Quant &in, const ir::Quant &out, const float *) {
  if (out != ir::Quant{1.0f / 128, 0}) return std::nullopt;
  const int above = q - in.zero_point;
  const auto x = with_four_bits(above, in.scale);
  if (!x) return above < 0 ? -128 : 127;
  if (*x == 0) return 0;
  // (1 - e) / (1 + e) with e = exp(-2x): of -x with an integer bit more.
  const std::int32_t e = exp_of_negative(-std::abs(*x), 5);
  const std::int32_t magnitude = shift_left(twice_reciprocal(e) - (1 << 29), 2);
  const std::int32_t y = *x < 0 ? -magnitude : magnitude;
  return std::clamp(shift_right(y, 24), -128, 127);
}

std::optional<int> hard_swish_q31(int q, const ir::Quant &in, const ir::Quant &out, const float *) {
  const float hires_scale = 1.0f / 128 * in.scale;
  const float to_output = hires_scale / out.scale, to_gate = hires_scale / (3.0f / 32768);
  if (!is_usual(to_output) || !is_usual(to_gate)) return std::nullopt;
  const Multiplier output = short_multiplier(to_output), gate = short_multiplier(to_gate);
  if (output.shift > 0) return std::nullopt;
  const std::int32_t hires = (q - in.zero_point) * 128;
  const std::int32_t scaled = high_mul16(hires, output.multiplier);
  std::int32_t share = hires;
  if (gate.shift > 0) share = saturated16(share * (1ll << (gate.shift - 1)));
  share = high_mul16(share, gate.multiplier);
  if (gate.shift > 0) share = saturated16(share * 2);
  if (gate.shift < 0) share = shift_right(share, -gate.shift);
  share = (share + (1 << 15)) >> 1;
  const std::int32_t product = saturated16(share * scaled / (1 << 15));
  return std::clamp(shift_right(product, -output.shift) + out.zero_point, -128, 127);
}

std::optional<int> leaky_relu_q31(int q, const ir::Quant &in, const ir::Quant &out,
                                  const float *parameters) {
  const int above = q - in.zero_point;
  const float slope = above < 0 ? parameters[0] : 1.0f;
  const float real = above < 0 ? in.scale * slope / out.scale : in.scale / out.scale;
  if (!is_usual(real)) return std::nullopt;
  return rescaled(above, real, out);
}

std::optional<int> clip_q31(int q, const ir::Quant &in, const ir::Quant &out,
                            const float *parameters) {
  const auto limit = [&](float real) {
    return static_cast<int>(std::clamp(
        std::round(real / out.scale) + static_cast<float>(out.zero_point), -128.0f, 127.0f));
  };
  const int lo = limit(parameters[0]), hi = limit(parameters[1]);
  return std::clamp(rescale_q31(q, in, out), std::min(lo, hi), hi);
}

int rescale_q31(int q, const ir::Quant &in, const ir::Quant &out) {
  return rescaled(q - in.zero_point, double{in.scale} / double{out.scale}, out);
}

std::vector<std::int64_t> softmax_exponentials_q31(double in_scale) {
  constexpr int kIntegerBits = 5;
  const double real = std::min(in_scale * (1 << (31 - kIntegerBits)), double{kMax});
  const Multiplier multiplier = quantize_multiplier(real, kQ31);
  const double most = std::floor(31.0 * (1 << 26) / std::ldexp(1.0, multiplier.shift));
  std::vector<std::int64_t> table;
  for (int d = 0; d < 256; ++d)
    table.push_back(d > most ? 0 : exp_of_negative(requantize(-d, multiplier, kQ31), kIntegerBits));
  return table;
}

std::int32_t softmax_addend_q31(std::int32_t exponential) { return shift_right(exponential, 12); }

int softmax_output_q31(std::int32_t exponential, std::int32_t sum) {
  const int headroom = std::countl_zero(static_cast<std::uint32_t>(sum));
  const auto fraction =
      static_cast<std::int32_t>((static_cast<std::uint32_t>(sum) << headroom) - (1u << 31));
  // The sum has 12 integer bits: 1 / sum = reciprocal / 2^(12 - headroom).
  const std::int32_t share = high_mul(reciprocal(fraction), exponential);
  return std::clamp(shift_right(share, 12 - headroom + 31 - 8) - 128, -128, 127);
}

}  // namespace thimble::ops
