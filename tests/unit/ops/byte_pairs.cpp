// Weights as pairs of bytes: their layout, and that sums come apart again.
#include "ops/byte_pairs.h"

#include <gtest/gtest.h>

#include <cstdlib>

namespace thimble::ops {
namespace {

using Weights = std::vector<std::int64_t>;

const Weights &words_of(const Table &table) { return std::get<Weights>(table.data); }

std::int64_t word(std::int64_t high_0, std::int64_t low_0, std::int64_t high_2,
                  std::int64_t low_2) {
  const auto pair = [](std::int64_t high, std::int64_t low) { return (256 * high + low) & 0xFFFF; };
  return static_cast<std::int32_t>(pair(high_0, low_0) | pair(high_2, low_2) << 16);
}

TEST(BytePairs, AWordHasTwoOutputsOfInputsTwoApart) {
  const Weights weights = {1, 2, 3, 4, -5, -6, -7, -8};  // [2 outputs][4]
  EXPECT_EQ(words_of(pair_table(weights, 2, 4, 2)),
            (Weights{word(-5, 1, -7, 3), word(-6, 2, -8, 4)}));
}

TEST(BytePairs, ZerosFillUpRunsAndOutputs) {
  const Weights weights = {1, 2, -3, -4, 5, 6};  // [3 outputs][1 run][2]
  EXPECT_EQ(words_of(pair_table(weights, 3, 2, 4)),
            (Weights{word(-3, 1, 0, 0), word(0, 5, 0, 0), word(-4, 2, 0, 0), word(0, 6, 0, 0)}));
}

TEST(BytePairs, RunsFollowOneAnotherWithinABlock) {
  Weights weights;
  for (int i = 1; i <= 16; ++i) weights.push_back(i);  // [2 outputs][2 runs][4]
  EXPECT_EQ(
      words_of(pair_table(weights, 2, 4, 2)),
      (Weights{word(9, 1, 11, 3), word(10, 2, 12, 4), word(13, 5, 15, 7), word(14, 6, 16, 8)}));
}

TEST(BytePairs, EndsLieAroundTheWeightsOfTwoOutputs) {
  const Weights weights = {1, 2, 3, 4, -5, -6, -7, -8};  // [2 outputs][4]
  const std::vector<std::int32_t> biases = {10, 20}, multipliers = {30, 40};
  EXPECT_EQ(words_of(pair_table_with_ends(weights, biases, multipliers)),
            (Weights{20, word(-5, 1, -7, 3), word(-6, 2, -8, 4), 40, 10, 30}));
}

TEST(BytePairs, AreOfTheSizeOfTheWeights) {
  EXPECT_EQ(pair_table(Weights(64, 1), 8, 8, 8).bytes(), 64);
  EXPECT_TRUE(pair_table(Weights(64, 1), 8, 8, 8).is_weight);
}

}  // namespace
}  // namespace thimble::ops
