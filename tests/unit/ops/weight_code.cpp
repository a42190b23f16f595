// Which code holds which weights, in how many bytes, to the byte.
#include "ops/weight_code.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <iterator>
#include <optional>

namespace thimble::ops {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using Weights = std::vector<std::int64_t>;

const Weights &codes(const CodedWeights &coded, int table = 0) {
  return std::get<Weights>(coded.tables.at(table).data);
}

std::int64_t size(const CodedWeights &coded, const std::string &name) {
  for (const auto &[known, value] : coded.sizes)
    if (known == name) return value;
  return -1;
}

// In the code of fewest bytes, the first of them.
std::optional<CodedWeights> least(const std::vector<CodedWeights> &all) {
  if (all.empty()) return std::nullopt;
  return *std::ranges::min_element(all, {}, &CodedWeights::bytes);
}

TEST(WeightCode, SixteenLevelsTakeFourBits) {
  const auto coded = least(packed_weights({-7, 8, 0, 1, 2, 3}, 3));  // [3][2]
  ASSERT_TRUE(coded);
  EXPECT_EQ(coded->ending, "_w4");
  EXPECT_EQ(coded->tables[0].code, "4 bits");
  EXPECT_EQ(size(*coded, "w_low"), -7);
  EXPECT_EQ(size(*coded, "w_step"), 1);
  EXPECT_THAT(codes(*coded), ElementsAre(0x70, 0x8F, 9, 10));
  EXPECT_EQ(coded->bytes(), 4);
}

TEST(WeightCode, LevelsNeedNotBeAtEveryInteger) {
  const auto coded = least(packed_weights({-3, -1, 1, 3, 3, -3, 1, -1}, 4));
  ASSERT_TRUE(coded);
  EXPECT_EQ(coded->ending, "_w2");
  EXPECT_EQ(size(*coded, "w_low"), -3);
  EXPECT_EQ(size(*coded, "w_step"), 2);
  EXPECT_THAT(codes(*coded), ElementsAre(0 | 2 << 2 | 3 << 4 | 2 << 6, 1 | 3 << 2 | 0 | 1 << 6));
}

TEST(WeightCode, TwoValuesAreBits) {
  const auto coded = least(packed_weights({5, 0, 0, 5, 5, 5, 0, 5, 0}, 9));
  ASSERT_TRUE(coded);
  EXPECT_EQ(coded->ending, "_w1");
  EXPECT_EQ(size(*coded, "w_low"), 0);
  EXPECT_EQ(size(*coded, "w_step"), 5);
  EXPECT_THAT(codes(*coded), ElementsAre(0b10111001, 0));
}

TEST(WeightCode, OneValueIsALevelToo) {
  const auto coded = least(packed_weights(Weights(8, 127), 4));
  ASSERT_TRUE(coded);
  EXPECT_EQ(size(*coded, "w_low"), 127);
  EXPECT_THAT(codes(*coded), ElementsAre(0, 0));
}

// Level of a lane as the kernels find it: what three times the fraction carries, lane after lane.
int ternary_level(std::int64_t code, int lane) {
  std::int64_t digits = code * 3;
  for (; lane > 0; --lane) digits = (digits & 255) * 3;
  return static_cast<int>(digits >> 8);
}

TEST(WeightCode, FiveTernaryLevelsShareAByte) {
  for (int number = 0; number < 243; ++number) {
    Weights weights;
    for (int power = 81; power > 0; power /= 3) weights.push_back(number / power % 3 - 1);
    weights.insert(weights.end(), {-1, 0, 1, 0, 0});  // so that all levels occur
    Weights by_output(10);
    for (int o = 0; o < 5; ++o)
      for (int i = 0; i < 2; ++i) by_output[o * 2 + i] = weights[i * 5 + o];
    const auto coded = least(packed_weights(by_output, 5));
    ASSERT_TRUE(coded);
    ASSERT_EQ(coded->ending, "_wt");
    for (int lane = 0; lane < 5; ++lane)
      EXPECT_EQ(ternary_level(codes(*coded)[0], lane) - 1, weights[lane]) << number << " " << lane;
  }
}

TEST(WeightCode, LanesThatAreLeftOverCount) {
  EXPECT_EQ(least(packed_weights({0, 1, 2}, 1))->bytes(), 3);  // one output: a byte a weight
  EXPECT_EQ(least(packed_weights({0, 1, 2, 0, 1, 2}, 6))->ending,
            "_wt");  // two bytes; of 2 bits also
  EXPECT_EQ(least(packed_weights(Weights{0, 1, 2, 0}, 4))->bytes(), 1);
}

TEST(WeightCode, SeventeenLevelsArePackedNowhere) {
  Weights weights;
  for (int i = 0; i < 17; ++i) weights.push_back(3 * i);
  EXPECT_THAT(packed_weights(weights, 17), IsEmpty());
  EXPECT_THAT(plane_weights(weights, 17), IsEmpty());
  weights.pop_back();
  EXPECT_EQ(packed_weights(weights, 16).size(), 1u);
  EXPECT_EQ(plane_weights(weights, 16).size(), 1u);
}

TEST(WeightCode, FewSmallWeightsAreSteps) {
  Weights weights(40);
  weights[3] = -2, weights[20] = 14, weights[36] = -16;
  const auto coded = least(sparse_weights(weights));
  ASSERT_TRUE(coded);
  EXPECT_EQ(coded->ending, "_z4");
  EXPECT_EQ(size(*coded, "w_step"), 2);
  // 0 and two zeros; -1 and fifteen, 0 and none; 7 and fifteen; -8 and three.
  EXPECT_THAT(codes(*coded), ElementsAre(8 | 2 << 4, 7 | 15 << 4, 8, 15 | 15 << 4, 0 | 3 << 4));
}

TEST(WeightCode, FewLargeWeightsAreStepsOfBytes) {
  Weights weights(400);
  weights[0] = -128, weights[300] = 127;
  const auto coded = least(sparse_weights(weights));
  ASSERT_TRUE(coded);
  EXPECT_EQ(coded->ending, "_z8");
  EXPECT_THAT(codes(*coded), ElementsAre(0x80, 255, 0, 43, 127, 99));
}

TEST(WeightCode, HalfOfTheWeightsAreMapped) {
  const auto large = least(sparse_weights({0, 100, 0, -3, 0, 0, 7, 9, 0, 1}));
  ASSERT_TRUE(large);
  EXPECT_EQ(large->ending, "_m8");
  EXPECT_THAT(codes(*large), ElementsAre(0b11001010, 100, 253, 7, 9, 0b10, 1));
  Weights weights(32);
  for (int i = 0; i < 32; i += 2) weights[i] = i % 4 == 0 ? 3 : -3;
  weights[0] = 6;
  const auto small = least(sparse_weights(weights));
  ASSERT_TRUE(small);
  EXPECT_EQ(small->ending, "_m4");
  EXPECT_EQ(size(*small, "w_step"), 3);
  EXPECT_EQ(small->bytes(), 4 * 3);
  EXPECT_EQ(codes(*small)[0], 0b01010101);
  EXPECT_EQ(codes(*small)[1], 10 | 7 << 4);
  EXPECT_EQ(codes(*small)[2], 9 | 7 << 4);
}

TEST(WeightCode, StreamsSayWhereTheyBegin) {
  Weights weights(60);
  weights[1] = 1, weights[30] = 2;
  const auto coded = least(sparse_weights(weights, 3));
  ASSERT_TRUE(coded);
  EXPECT_EQ(coded->tables[1].role, "start");
  EXPECT_THAT(codes(*coded, 1), ElementsAre(0, 3, 5));  // of 0, 1 and 0; 0 and 2; 0 and 0
  EXPECT_EQ(coded->bytes(), 7 + 6);
}

TEST(WeightCode, FullWeightsAreNotSparse) {
  EXPECT_THAT(sparse_weights({1, 2, 3, 4, 5, 6, 7, 8}), IsEmpty());
  EXPECT_THAT(sparse_weights({}), IsEmpty());
}

Kernel kernel_of(const Weights &weights) {
  Kernel kernel;
  kernel.file = "linear_i8";
  kernel.tables = {{"weight", "int8_t", weights, true}, {"bias", "int32_t", Weights{1}, true}};
  return kernel;
}

TEST(WeightCode, PlanesHoldABitOfSixteenInputs) {
  Weights weights(2 * 18);  // [2][18]
  weights[0] = -7, weights[15] = 8, weights[17] = 1, weights[18 + 16] = 8;
  const auto coded = plane_weights(weights, 2);
  ASSERT_EQ(coded.size(), 1u);
  EXPECT_EQ(coded[0].ending, "_p4");
  EXPECT_EQ(size(coded[0], "w_low"), -7);
  EXPECT_EQ(size(coded[0], "out_count"), 2);
  EXPECT_TRUE(coded[0].takes_stack);
  EXPECT_THAT(codes(coded[0]),  // levels are 7, but 0, 15, 8 and 15
              ElementsAre(-32768, -2, -2, -2, 0, -1, -1, -1, 2, 1, 1, 1, 1, 3, 3, 3));
}

TEST(WeightCode, PlanesOfMoreBitsHoldFewerLevels) {
  const auto coded = plane_weights({0, 1, 1, 0}, 2);
  ASSERT_EQ(coded.size(), 3u);
  EXPECT_EQ(coded[0].ending, "_p1");
  EXPECT_THAT(codes(coded[0]), ElementsAre(2, 1));
  EXPECT_THAT(codes(coded[1]), ElementsAre(0, 2, 0, 1));
}

std::string file_of(const Weights &weights, int outputs, const Numbers &numbers) {
  Kernel kernel = kernel_of(weights);
  std::vector<CodedWeights> choices = packed_weights(weights, outputs);
  std::ranges::move(plane_weights(weights, outputs), std::back_inserter(choices));
  std::ranges::move(sparse_weights(weights), std::back_inserter(choices));
  take_code(kernel, choices, numbers);
  return kernel.file;
}

TEST(WeightCode, TheLeastBytesAreTaken) {
  Weights weights(200);
  for (int i = 0; i < 200; ++i) weights[i] = i % 10 == 0 ? 1 + i % 7 : 0;
  Kernel kernel = kernel_of(weights);
  const auto packed = packed_weights(weights, 10), sparse = sparse_weights(weights);
  ASSERT_LT(least(sparse)->bytes(), least(packed)->bytes());
  std::vector<CodedWeights> both = packed;
  both.insert(both.end(), sparse.begin(), sparse.end());
  take_code(kernel, both, {});
  EXPECT_EQ(kernel.file, "linear_z4");
  EXPECT_EQ(kernel.tables[0].bytes(), least(sparse)->bytes());
  EXPECT_EQ(kernel.tables[1].role, "bias");
}

TEST(WeightCode, OfAboutEqualBytesTheFastestIsTaken) {
  Weights weights(16 * 16);
  for (int i = 0; i < 256; ++i) weights[i] = i % 15 - 7;
  Numbers numbers;
  EXPECT_EQ(file_of(weights, 16, numbers), "linear_w4");
  numbers.costs = {{"w4", 8, 0, 0}, {"p4", 6, 0, 240}};
  EXPECT_EQ(file_of(weights, 16, numbers), "linear_p4");
  numbers.costs = {{"w4", 5, 0, 0}, {"p4", 6, 0, 240}};
  EXPECT_EQ(file_of(weights, 16, numbers), "linear_w4");
}

TEST(WeightCode, CodesThatTakeStackAreTakenOnlyWhereThatIsKnown) {
  Weights weights(256);  // one output: half of what pairs of outputs take
  for (int i = 0; i < 256; ++i) weights[i] = i % 15 - 7;
  Numbers numbers;
  EXPECT_EQ(file_of(weights, 1, numbers), "linear_i8");
  numbers.costs = {{"p4", 6, 0, 240}};
  EXPECT_EQ(file_of(weights, 1, numbers), "linear_p4");
}

TEST(WeightCode, CodesThatTakeStackAreTakenOnlyWhereTheyAreFaster) {
  Weights weights(256);
  for (int i = 0; i < 256; ++i) weights[i] = i % 15 - 7;
  Numbers numbers;
  numbers.costs = {{"w4", 6, 0, 0}, {"p4", 6, 0, 240}};
  EXPECT_EQ(file_of(weights, 1, numbers), "linear_i8");
  numbers.costs[1].time = 5;
  EXPECT_EQ(file_of(weights, 1, numbers), "linear_p4");
}

TEST(WeightCode, ALayoutIsTakenWhereItIsFasterAndNothingIsSmaller) {
  const CodedWeights layout{"_o8", {{"weight", "uint8_t", Weights(64), true}}, {}, false, true};
  const CodedWeights smaller{"_w4", {{"weight", "uint8_t", Weights(32), true}}, {}};
  const auto file = [](const std::vector<CodedWeights> &codes, double time) {
    Kernel kernel;
    kernel.file = "conv2d_i8";
    kernel.tables = {{"weight", "int8_t", Weights(64), true}};
    Numbers numbers;
    numbers.costs = {{"i8", 3, 0, 0}, {"o8", time, 0, 0}};
    take_code(kernel, codes, numbers);
    return kernel.file;
  };
  EXPECT_EQ(file({layout}, 2), "conv2d_o8");
  EXPECT_EQ(file({layout}, 4), "conv2d_i8");
  EXPECT_EQ(file({layout, smaller}, 2), "conv2d_w4");
}

TEST(WeightCode, WhatIsAskedForIsTaken) {
  Weights weights(256);
  for (int i = 0; i < 256; ++i) weights[i] = i % 2;
  Numbers numbers;
  numbers.costs = {{"i8", 3, 0, 0}, {"w1", 9, 0, 0}, {"w4", 2, 0, 0}};
  EXPECT_EQ(file_of(weights, 16, numbers), "linear_w1");
  numbers.weights = "fast";
  EXPECT_EQ(file_of(weights, 16, numbers), "linear_w4");
  numbers.costs[2].time = 4;
  EXPECT_EQ(file_of(weights, 16, numbers), "linear_i8");
  numbers.weights = "int8";
  EXPECT_EQ(file_of(weights, 16, numbers), "linear_i8");
  numbers.weights = "p2";
  EXPECT_EQ(file_of(weights, 16, numbers), "linear_p2");
  numbers.weights = "z4";  // half of the weights are zero
  EXPECT_EQ(file_of(Weights(256, 100), 16, numbers), "linear_i8");
}

TEST(WeightCode, SmallTablesAreLeftAlone) {
  const Weights weights = {1, 1, -1, 1, -1, 1, 1};
  Kernel kernel = kernel_of(weights);
  take_code(kernel, packed_weights(weights, 7), {});
  EXPECT_EQ(kernel.file, "linear_i8");
  EXPECT_EQ(kernel.tables[0].c_type, "int8_t");
  EXPECT_THAT(kernel.sizes, IsEmpty());
}

}  // namespace
}  // namespace thimble::ops
