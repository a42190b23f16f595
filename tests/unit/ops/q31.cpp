// TensorFlow Lite's integer functions: near the real ones, and at the ends what its kernels give.
// tests/tflite holds them to the bit.
#include <gtest/gtest.h>

#include <cmath>

#include "ops/q31_functions.h"

namespace thimble::ops {
namespace {

const ir::Quant kUnit{1.0f / 256, -128}, kSigned{1.0f / 128, 0};
constexpr float kNone[3] = {};

// Of every int8 at several scales: within `levels` of the rounded real value.
template <class F, class Real>
void expect_near(F f, Real real, const ir::Quant &out, double levels, const float *parameters) {
  for (const float scale : {0.003f, 0.02f, 0.047f, 0.3f})
    for (const int zero : {-128, -3, 90})
      for (int q = -128; q <= 127; ++q) {
        const ir::Quant in{scale, zero};
        const double exact = real(double{scale} * (q - zero)) / out.scale + out.zero_point;
        const double cut = std::fmin(std::fmax(exact, -128), 127);
        ASSERT_NEAR(*f(q, in, out, parameters), cut, levels)
            << q << " at " << scale << ", " << zero;
      }
}

TEST(Q31, LogisticIsNearTheRealOne) {
  expect_near(
      logistic_q31, [](double x) { return 1 / (1 + std::exp(-x)); }, kUnit, 0.6, kNone);
}

TEST(Q31, TanhIsNearTheRealOne) {
  expect_near(
      tanh_q31, [](double x) { return std::tanh(x); }, kSigned, 0.6, kNone);
}

TEST(Q31, LeakyReluRoundsBothSides) {
  const float slope[] = {0.25f};
  expect_near(
      leaky_relu_q31, [](double x) { return x < 0 ? 0.25 * x : x; }, {0.1f, 5}, 0.76, slope);
}

TEST(Q31, FunctionsWithoutTheirScalesHaveNoReference) {
  EXPECT_FALSE(logistic_q31(0, {0.1f, 0}, {0.01f, 0}, kNone));
  EXPECT_FALSE(tanh_q31(0, {0.1f, 0}, kUnit, kNone));
  EXPECT_FALSE(hard_swish_q31(0, {3e38f, 0}, {3e38f, 0}, kNone));
}

TEST(Q31, RescalingToTheSameScaleChangesNothing) {
  for (int q = -128; q <= 127; ++q) EXPECT_EQ(rescale_q31(q, {0.013f, -7}, {0.013f, -7}), q);
}

TEST(Q31, SoftmaxOfEqualElementsSharesEvenly) {
  const auto table = softmax_exponentials_q31(0.1);
  EXPECT_EQ(table[0], 2147483647);
  const auto one = static_cast<std::int32_t>(table[0]);
  EXPECT_EQ(softmax_output_q31(one, 4 * softmax_addend_q31(one)), 64 - 128);
  EXPECT_EQ(softmax_output_q31(one, softmax_addend_q31(one)), 127) << "256 of 256 is cut";
  for (int d = 1; d < 256; ++d)
    ASSERT_NEAR(static_cast<double>(table[d]) / 2147483648.0, std::exp(-0.1 * d), 1e-6) << d;
}

}  // namespace
}  // namespace thimble::ops
