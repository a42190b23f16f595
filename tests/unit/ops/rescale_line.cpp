// Lines through staircases: the same int8 as the requantization says, for every sum.
#include "ops/rescale_line.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "ops/rescaled_kernel.h"

namespace thimble::ops {
namespace {

using targets::Requant;

std::vector<Staircase> random_layer(std::mt19937 &random, Requant requant, int zero, int least) {
  std::vector<Staircase> channels(8);
  const int exponent = -4 - static_cast<int>(random() % 7);
  for (Staircase &stairs : channels) {
    const double real =
        std::ldexp(1 + random() / 4294967296.0, exponent - static_cast<int>(random() % 3));
    stairs.multiplier = quantize_multiplier(real, requant);
    stairs.requant = requant;
    stairs.out_zero = zero;
    stairs.bias = static_cast<int>(random() % 20000) - 10000;
    stairs.lo = least - static_cast<int>(random() % 1000);
    stairs.hi = static_cast<int>(std::lround(300 / real));
  }
  return channels;
}

void expect_the_same(const std::vector<Staircase> &channels, const RescaleLine &line) {
  for (std::size_t c = 0; c < channels.size(); ++c)
    for (std::int32_t sum = channels[c].lo; sum <= channels[c].hi; ++sum)
      ASSERT_EQ(line(static_cast<int>(c), sum), channels[c](sum)) << "channel " << c;
}

TEST(RescaleLine, RunsThroughWhatRoundsOnce) {
  std::mt19937 random(1);
  for (const Requant requant : {Requant::kM16, Requant::kPow2})
    for (int i = 0; i < 12; ++i) {
      const auto channels =
          random_layer(random, requant, static_cast<int>(random() % 256) - 128, -90000);
      const auto line = line_through(channels);
      ASSERT_TRUE(line.has_value());
      expect_the_same(channels, *line);
    }
}

TEST(RescaleLine, RunsThroughTwoRoundingsOfWhatIsNotNegative) {
  std::mt19937 random(2);
  int solved = 0;
  for (int i = 0; i < 20; ++i) {
    const auto channels = random_layer(random, Requant::kQ31, -128, -90000);
    const auto line = line_through(channels);
    if (!line) continue;
    ++solved;
    expect_the_same(channels, *line);
  }
  EXPECT_GE(solved, 19);
}

TEST(RescaleLine, RunsThroughNoHalvesThatGoAwayFromZero) {
  std::mt19937 random(3);
  for (int i = 0; i < 8; ++i)
    EXPECT_FALSE(line_through(random_layer(random, Requant::kQ31, 0, -90000)));
}

TEST(RescaleLine, HoldsTheZeroPointInItsBiasesWhereAsked) {
  std::mt19937 random(5);
  for (int i = 0; i < 8; ++i) {
    const auto channels = random_layer(random, Requant::kM16, -128, -90000);
    const auto line = line_through(channels, false);
    ASSERT_TRUE(line.has_value());
    EXPECT_EQ(line->offset, 0);
    expect_the_same(channels, *line);
  }
}

// Channels that do next to nothing: their biases are large, and no sum takes them over a step.
TEST(RescaleLine, AChannelWithoutStepsLiesOnAnyLine) {
  std::mt19937 random(4);
  auto channels = random_layer(random, Requant::kQ31, -128, 0);
  channels[3].multiplier = quantize_multiplier(std::ldexp(1.3, -23), Requant::kQ31);
  channels[3].bias = 500000000;
  channels[3].lo = -3;
  channels[3].hi = 40;
  const auto line = line_through(channels);
  ASSERT_TRUE(line.has_value());
  expect_the_same(channels, *line);
}

// What a left shift saturates, and multipliers of 1 and more.
TEST(RescaleLine, LargeMultipliersAreRefusedOrRight) {
  for (const Requant requant : {Requant::kQ31, Requant::kM16})
    for (const double real : {0.3, 0.7, 1.0, 3.0, 40.0}) {
      const std::vector<Staircase> channels{
          {quantize_multiplier(real, requant), requant, -128, 17, -70000, 70000}};
      if (const auto line = line_through(channels)) expect_the_same(channels, *line);
    }
}

Kernel small_kernel() {
  Kernel kernel;
  kernel.file = "conv2d_i8";
  kernel.tables = {{"weight", "int8_t", std::vector<std::int64_t>{3, -5, 7, 127, 90, -128}, true},
                   {"full_bias", "int32_t", std::vector<std::int64_t>{100, -200}, true},
                   {"multiplier", "int32_t", std::vector<std::int64_t>{1500000000, 1234567891}},
                   {"shift", "int8_t", std::vector<std::int64_t>{-5, -7}}};
  kernel.sizes = {{"out_zero", -128}, {"act_min", -128}, {"act_max", 127}, {"in_c", 3}};
  return kernel;
}

TEST(RescaledKernel, AKernelLosesItsShiftsAndLimits) {
  const auto kernel = on_a_line(small_kernel(), Requant::kQ31);
  ASSERT_TRUE(kernel.has_value());
  ASSERT_EQ(kernel->tables.size(), 3u);
  EXPECT_EQ(kernel->tables[2].role, "multiplier");
  std::vector<std::string> sizes;
  for (const auto &[name, value] : kernel->sizes) sizes.push_back(name);
  EXPECT_EQ(sizes, (std::vector<std::string>{"in_c", "out_zero", "shift"}));
}

TEST(RescaledKernel, AKernelOfNarrowLimitsOrPackedWeightsStaysAsItIs) {
  Kernel narrow = small_kernel(), packed = small_kernel();
  narrow.sizes[2].second = 100;
  packed.tables[0].c_type = "uint8_t";
  EXPECT_FALSE(on_a_line(narrow, Requant::kQ31));
  EXPECT_FALSE(on_a_line(packed, Requant::kQ31));
}

TEST(RescaledKernel, ARescalingOfAllChannelsIsSaidForThoseOfOneCall) {
  Kernel wide = small_kernel();
  for (Table &table : wide.tables) {
    auto &values = std::get<std::vector<std::int64_t>>(table.data);
    const std::vector<std::int64_t> first(values.begin(), values.begin() + values.size() / 2);
    values.clear();
    for (int channel = 0; channel < 70; ++channel)
      values.insert(values.end(), first.begin(), first.end());
  }
  const auto twice = with_doubled_sums(wide, Requant::kQ31);
  ASSERT_TRUE(twice.has_value());
  const auto once = per_tensor(*twice);
  ASSERT_TRUE(once.has_value());
  EXPECT_EQ(once->file, "conv2d_i8_doubled_tensor");
  EXPECT_EQ(integers(once->tables[1]).size(), 70u);
  EXPECT_EQ(integers(once->tables[2]), std::vector<std::int64_t>(32, 1500000000));
  EXPECT_EQ(integers(once->tables[3]), std::vector<std::int64_t>(32, 4));
  std::get<std::vector<std::int64_t>>(wide.tables[2].data)[69] += 1;
  EXPECT_FALSE(per_tensor(*with_doubled_sums(wide, Requant::kQ31)));
  EXPECT_FALSE(per_tensor(*with_doubled_sums(small_kernel(), Requant::kQ31)));
}

TEST(RescaledKernel, DoubledSumsHaveDoubledBiasesAndShiftsToTheRight) {
  const auto kernel = with_doubled_sums(small_kernel(), Requant::kQ31);
  ASSERT_TRUE(kernel.has_value());
  EXPECT_EQ(kernel->file, "conv2d_i8_doubled");
  EXPECT_EQ(std::get<0>(kernel->tables[1].data), (std::vector<std::int64_t>{200, -400}));
  EXPECT_EQ(std::get<0>(kernel->tables[3].data), (std::vector<std::int64_t>{4, 6}));
}

TEST(RescaledKernel, LeftShiftsAndSumsOf31BitsAreNotDoubled) {
  Kernel left = small_kernel(), large = small_kernel();
  std::get<0>(left.tables[3].data)[1] = 0;
  std::get<0>(large.tables[1].data)[0] = 1 << 30;
  EXPECT_FALSE(with_doubled_sums(left, Requant::kQ31));
  EXPECT_FALSE(with_doubled_sums(large, Requant::kQ31));
  EXPECT_FALSE(with_doubled_sums(small_kernel(), Requant::kM16));
}

}  // namespace
}  // namespace thimble::ops
