#include "report/png.h"

#include <gtest/gtest.h>

#include "support/files.h"

namespace thimble::report {
namespace {

TEST(Png, EnlargingMakesSquaresOfPixels) {
  const Image small{2, 1, 3, {1, 2, 3, 4, 5, 6}};
  const Image large = enlarge(small, 2);
  EXPECT_EQ(large.width, 4);
  EXPECT_EQ(large.height, 2);
  const std::vector<std::uint8_t> row = {1, 2, 3, 1, 2, 3, 4, 5, 6, 4, 5, 6};
  std::vector<std::uint8_t> rows = row;
  rows.insert(rows.end(), row.begin(), row.end());
  EXPECT_EQ(large.pixels, rows);
}

TEST(Png, AFileStatesSizeAndKindOfItsPicture) {
  const TemporaryDirectory directory;
  const auto path = directory.path() / "face.png";
  ASSERT_TRUE(write_png(path, {3, 2, 1, {0, 50, 100, 150, 200, 255}}).ok());
  const auto bytes = read_file(path);
  ASSERT_TRUE(bytes.ok());
  const Bytes signature = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
  ASSERT_GT(bytes->size(), 26u);
  EXPECT_TRUE(std::equal(signature.begin(), signature.end(), bytes->begin()));
  EXPECT_EQ((*bytes)[19], 3);  // width, big endian at 16
  EXPECT_EQ((*bytes)[23], 2);  // height
  EXPECT_EQ((*bytes)[24], 8);  // bits a sample
  EXPECT_EQ((*bytes)[25], 0);  // grey
}

TEST(Png, ADirectoryThatCannotBeWrittenIsAnError) {
  EXPECT_FALSE(write_png("/dev/null/face.png", {1, 1, 1, {0}}).ok());
}

}  // namespace
}  // namespace thimble::report
