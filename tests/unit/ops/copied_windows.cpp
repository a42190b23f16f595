// Windows in one run of bytes: what they take.
#include "ops/copied_windows.h"

#include <gtest/gtest.h>

namespace thimble::ops {
namespace {

Axis axis(int in, int kernel, int stride, int pad) {
  return {in, (in + 2 * pad - kernel) / stride + 1, kernel, stride, pad};
}

TEST(CopiedWindows, TakeOneWindow) {
  const Convolution conv{axis(8, 3, 1, 1), axis(8, 3, 1, 1), 5, 7};
  EXPECT_EQ(copied_bytes(conv), 3 * 3 * 5);
}

TEST(CopiedWindows, APixelInsideTheInputTakesNothing) {
  EXPECT_EQ(copied_bytes({axis(8, 1, 2, 0), axis(8, 1, 2, 0), 5, 7}), 0);
  EXPECT_EQ(copied_bytes({axis(8, 1, 1, 1), axis(8, 1, 1, 1), 5, 7}), 5);
}

TEST(CopiedWindows, OfChannelsTakeTheColumnsAndSumsOfSixteen) {
  const Convolution conv{axis(5, 3, 1, 1), axis(5, 3, 1, 1), 64, 64, 64};
  EXPECT_EQ(copied_columns(conv), 5);
  EXPECT_EQ(copied_bytes(conv), 16 * 4 * 7 + 16 * 4 * 5);
}

TEST(CopiedWindows, OfChannelsInLongRowsAreMadeInParts) {
  const Convolution near{axis(48, 3, 1, 1), axis(48, 3, 1, 1), 8, 8, 8};
  EXPECT_EQ(copied_columns(near), 16);
  const Convolution far{axis(48, 3, 2, 1), axis(48, 3, 2, 1), 8, 8, 8};
  EXPECT_EQ(copied_columns(far), 8);
}

}  // namespace
}  // namespace thimble::ops
