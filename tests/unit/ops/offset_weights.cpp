// Weights that take inputs without signs: their orders, their instructions, and when sums are
// proven to fit.
#include "ops/offset_weights.h"

#include <gtest/gtest.h>

#include "ir/text.h"

namespace thimble::ops {
namespace {

using Weights = std::vector<std::int64_t>;

TEST(OffsetWeights, FourOutputsLieSideBySideTheOthersBehind) {
  const Weights weights = {1, 2, 3, 4, 5, 6, 7, 8, -128, 127};
  const Weights blocks = {129, 131, 133, 135, 130, 132, 134, 136, 0, 255};
  EXPECT_EQ(offset_blocks(weights, 5), blocks);
}

// As avr-objdump has them: ld r30, X+; subi r30, 0x80; breq .+20; ldi r31, 0x49; mul r30, r31; add
// r2, r0; adc r3, r1; adc r10, r28; ldi r31, 0x05; mul r30, r31; sub r4, r0; sbc r5, r1; sbc r11,
// r28; dec r29; brne .+2; ret.
TEST(OffsetWeights, InstructionsAreThoseOfTheManual) {
  const Weights words = {0x91ED, 0x58E0, 0xF051, 0xE4F9, 0x9FEF, 0x0C20, 0x1C31, 0x1EAC,
                         0xE0F5, 0x9FEF, 0x1840, 0x0851, 0x0ABC, 0x95DA, 0xF409, 0x9508};
  EXPECT_EQ(instructions_of({0x49, -5}, 2, 1), words);
}

// Of a convolution of one weight.
std::vector<CodedWeights> codes_of(int zero, int weight, int bias, bool stays_inside,
                                   const Numbers &numbers = {}) {
  auto graph = ir::parse("graph g\ninput x: i8[4x4x1] scale 0.1 zero " + std::to_string(zero) +
                             "\nnode c: Conv2d(x; w, b) -> c: i8[4x4x1] scale 0.5 zero 0\n"
                             "output c dims [1, 1, 4, 4]\n"
                             "const w: i8[1, 1, 1, 1] scales [0.01] = [" +
                             std::to_string(weight) + "]\nconst b: i32[1] = [" +
                             std::to_string(bias) + "]\n",
                         "g.thm");
  EXPECT_TRUE(graph.ok());
  return offset_weights(*graph, graph->node(0), {weight}, stays_inside, numbers);
}

TEST(OffsetWeights, AreThereWhereSumsAreProvenToFit24Bits) {
  const int most = (1 << 23) - 1;
  EXPECT_EQ(codes_of(-128, 100, most - 255 * 100, false).size(), 1u);
  EXPECT_TRUE(codes_of(-128, 100, most - 255 * 100 + 1, false).empty());
}

TEST(OffsetWeights, NeedWindowsThatStayInsideWhereZeroIsNotTheLeastInput) {
  EXPECT_TRUE(codes_of(3, 1, 0, false).empty());
  EXPECT_EQ(codes_of(3, 1, 0, true).size(), 1u);
}

TEST(OffsetWeights, AreOfferedWithFactorsOf16Bits) {
  EXPECT_TRUE(codes_of(-128, 1, 0, false, {targets::Requant::kQ31}).empty());
}

// Of a convolution whose sums are rescaled by `scale`, its outputs cut at zero or not.
std::vector<CodedWeights> codes_rescaled(const std::string &scale, const std::string &act) {
  auto graph = ir::parse(
      "graph g\ninput x: i8[8x8x1] scale 1 zero -128\n"
      "node c: Conv2d(x; w, b)" +
          act +
          " -> c: i8[8x8x1] scale 1 zero 0\n"
          "output c dims [1, 1, 8, 8]\nconst w: i8[1, 1, 1, 1] scales [" +
          scale + "] = [100]\nconst b: i32[1] = [0]\n",
      "g.thm");
  EXPECT_TRUE(graph.ok());
  Numbers numbers;
  numbers.flash_bytes = 1 << 20;
  return offset_weights(*graph, graph->node(0), {100}, false, numbers);
}

// A result beyond 16 bits, or one that lies in the product's low bytes.
TEST(OffsetWeights, AreInstructionsAloneWhereARectifierCutsWhatLeaves16Bits) {
  EXPECT_EQ(codes_rescaled("0.1", "").size(), 2u);
  for (const char *const scale : {"0.6", "1.5", "3.9"}) {
    EXPECT_TRUE(codes_rescaled(scale, "").empty()) << scale;
    const auto codes = codes_rescaled(scale, " {act = \"relu\"}");
    ASSERT_EQ(codes.size(), 1u) << scale;
    EXPECT_EQ(codes[0].ending, "_c8");
  }
  EXPECT_TRUE(codes_rescaled("4.1", " {act = \"relu\"}").empty());
}

TEST(OffsetWeights, SumsStartAtTheBiasLessTheZeroPointsShare) {
  const auto codes = codes_of(3, 2, 1000, true);
  ASSERT_EQ(codes.size(), 1u);
  const auto &ends = std::get<Weights>(codes[0].tables[1].data);
  EXPECT_EQ(ends[0] + 256 * ends[1] + 65536 * ends[2], 1000 - 2 * 131);
}

}  // namespace
}  // namespace thimble::ops
