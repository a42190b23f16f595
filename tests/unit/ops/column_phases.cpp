// Transposed convolutions by instructions, the pixels of a group at once.
#include "ops/column_phases.h"

#include <gtest/gtest.h>

#include "ir/text.h"
#include "ops/operator.h"

namespace thimble::ops {
namespace {

using Words = std::vector<std::int64_t>;

// Of a transposed convolution of one row with a kernel of three weights, 1, 2 and 3.
std::optional<Kernel> phases_of(int stride, int output_padding) {
  const int columns = 63 * stride + 1 + output_padding;
  auto graph = ir::parse(
      "graph g\ninput x: i8[1x64x1] scale 0.1 zero -128\n"
      "node c: ConvTranspose2d(x; w, b) {stride = [1, " +
          std::to_string(stride) + "], pad = [0, 1, 0, 1], output_padding = [0, " +
          std::to_string(output_padding) + "]} -> c: i8[1x" + std::to_string(columns) +
          "x1] scale 0.5 zero 0\n"
          "output c dims [1, 1, 1, " +
          std::to_string(columns) +
          "]\n"
          "const w: i8[1, 1, 3, 1] scales [0.01] = [1, 2, 3]\nconst b: i32[1] = [0]\n",
      "g.thm");
  EXPECT_TRUE(graph.ok()) << to_string(graph.diagnostics()[0]);
  Numbers numbers;
  numbers.weights = "c8";
  numbers.flash_bytes = 1 << 20;
  const ir::Node &node = graph->node(0);
  const auto kernel = operator_of(node).kernels(*graph, node, numbers, 0).row;
  EXPECT_EQ(kernel->file, kPixelByPixel);
  return with_column_phases(*graph, node, numbers, *kernel);
}

// The first two pixels read columns 0, and 0 and 1: weights 2 (the first), 3 and 1 (the second).
TEST(ColumnPhases, LoadAValueOnceForAllPixelsThatReadIt) {
  const auto kernel = phases_of(2, 1);
  ASSERT_TRUE(kernel);
  EXPECT_EQ(kernel->file, kColumnPhases);
  EXPECT_EQ(integers(*find_table(*kernel, "tap_words")), (Words{0, 16, 27}));
  const Words &code = integers(*find_table(*kernel, "weight"));
  // ldi r31, 2 (pixel 0); ldi r31, 3 (pixel 1); then the next column's ldi r31, 1 (pixel 1).
  EXPECT_EQ(code[3], 0xE0F2);
  EXPECT_EQ(code[8], 0xE0F3);
  EXPECT_EQ(code[16 + 3], 0xE0F1);
}

TEST(ColumnPhases, AreOfStridesThatMakeWholeGroups) {
  EXPECT_FALSE(phases_of(2, 0));  // 127 columns
}

}  // namespace
}  // namespace thimble::ops
