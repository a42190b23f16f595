// Requantization against its definition in wide integers, and the 32-bit formulas that the C uses.
#include "ops/requant.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <random>
#include <vector>

namespace thimble::ops {
namespace {

using targets::Requant;
using Wide = __int128;

// Half a million pairs: accumulators of every magnitude, and the extremes.
std::vector<std::int32_t> accumulators() {
  std::vector<std::int32_t> result{0,     1,      -1,    INT32_MAX - 1, INT32_MIN,
                                   32767, -32768, 32768, -32769};
  std::mt19937 random(1);
  for (int bits = 1; bits <= 31; ++bits)
    for (int i = 0; i < 200; ++i)
      result.push_back(static_cast<std::int32_t>(random()) >> (31 - bits));
  return result;
}

std::vector<double> reals() {
  std::vector<double> result{1e-12, 0.25, 0.5, 0.2499999, 0.4999999, 0.9999999, 1.0, 3.7};
  std::mt19937 random(2);
  for (int i = 0; i < 80; ++i)
    result.push_back(std::ldexp(1 + random() / 4294967296.0, -static_cast<int>(random() % 24) - 1));
  return result;
}

int cut(Wide x) { return static_cast<int>(std::clamp<Wide>(x, -500, 500)); }

TEST(Requant, M16IsTheRoundedProductForEveryInt8) {
  for (const double real : reals()) {
    const Multiplier m = quantize_multiplier(real, Requant::kM16);
    for (const std::int32_t acc : accumulators()) {
      const Wide exact = (Wide(acc) * m.multiplier + (Wide(1) << (m.shift - 1))) >> m.shift;
      ASSERT_EQ(cut(requantize(acc, m, Requant::kM16)), cut(exact)) << real << " * " << acc;
    }
  }
}

TEST(Requant, M16NeedsNoMoreThan32Bits) {
  for (const double real : reals()) {
    const Multiplier m = quantize_multiplier(real, Requant::kM16);
    if (m.shift < 17) continue;
    for (const std::int32_t acc : accumulators()) {
      const std::int32_t high = std::int16_t(acc >> 16) * m.multiplier;
      const std::uint32_t low = std::uint32_t(std::uint16_t(acc)) * m.multiplier;
      const std::int32_t sum = high + std::int32_t(low >> 16) + (1 << (m.shift - 17));
      ASSERT_EQ(requantize(acc, m, Requant::kM16), sum >> (m.shift - 16)) << real << " * " << acc;
    }
  }
}

TEST(Requant, M16MultipliersHaveFifteenBits) {
  for (const double real : reals()) {
    const auto [multiplier, shift] = quantize_multiplier(real, Requant::kM16);
    if (multiplier == 0) continue;
    EXPECT_GE(multiplier, 1 << 14);
    EXPECT_LT(multiplier, 1 << 15);
    EXPECT_GE(shift, 1);
    EXPECT_LE(shift, 47);
    EXPECT_NEAR(std::ldexp(multiplier, -shift) / real, 1, 1.0 / (1 << 15));
  }
}

// gemmlowp's two roundings, written as their definition: to the nearest, halves up, then to the
// nearest, halves away from zero.
TEST(Requant, Q31RoundsTwiceAsTensorFlowLite) {
  for (const double real : reals()) {
    const Multiplier m = quantize_multiplier(real, Requant::kQ31);
    for (const std::int32_t acc : accumulators()) {
      const Wide left = std::clamp<Wide>(Wide(acc) << std::max(m.shift, 0), INT32_MIN, INT32_MAX);
      const Wide high = (left * m.multiplier + (Wide(1) << 30)) >> 31;
      const Wide unit = Wide(1) << std::max(-m.shift, 0);
      const Wide away =
          high >= 0 ? (2 * high + unit) / (2 * unit) : -((-2 * high + unit) / (2 * unit));
      ASSERT_EQ(requantize(acc, m, Requant::kQ31), static_cast<std::int32_t>(away))
          << real << " * " << acc;
    }
  }
}

TEST(Requant, Q31OfKnownValues) {
  EXPECT_EQ(quantize_multiplier(0.5, Requant::kQ31), (Multiplier{1 << 30, 0}));
  EXPECT_EQ(quantize_multiplier(0.25, Requant::kQ31), (Multiplier{1 << 30, -1}));
  EXPECT_EQ(quantize_multiplier(1.0, Requant::kQ31), (Multiplier{1 << 30, 1}));
  EXPECT_EQ(requantize(5, {1 << 30, 0}, Requant::kQ31), 3);  // 2.5
  EXPECT_EQ(requantize(-5, {1 << 30, 0}, Requant::kQ31),
            -2);  // -2.5: the first rounding, halves up
  EXPECT_EQ(requantize(-6, {1 << 30, -1}, Requant::kQ31), -2);  // -1.5: the second, away from zero
}

TEST(Requant, Pow2IsARoundingShift) {
  EXPECT_EQ(quantize_multiplier(0.25, Requant::kPow2), (Multiplier{1, 2}));
  EXPECT_EQ(quantize_multiplier(0.3, Requant::kPow2), (Multiplier{1, 2}));
  EXPECT_EQ(quantize_multiplier(4.0, Requant::kPow2), (Multiplier{1, 0}));
  for (int shift = 1; shift <= 31; ++shift)
    for (const std::int32_t acc : accumulators())
      ASSERT_EQ(requantize(acc, {1, shift}, Requant::kPow2),
                static_cast<std::int32_t>((Wide(acc) + (Wide(1) << (shift - 1))) >> shift));
}

TEST(Requant, ZeroStaysZero) {
  for (const Requant requant : {Requant::kQ31, Requant::kM16})
    EXPECT_EQ(requantize(INT32_MIN, quantize_multiplier(0, requant), requant), 0);
}

}  // namespace
}  // namespace thimble::ops
