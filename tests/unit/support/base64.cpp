// The examples of RFC 4648, section 10.
#include "support/base64.h"

#include <gtest/gtest.h>

#include <string_view>

namespace thimble {
namespace {

std::string encoded(std::string_view text) { return base64(Bytes(text.begin(), text.end())); }

TEST(Base64, IsThatOfTheStandard) {
  EXPECT_EQ(encoded(""), "");
  EXPECT_EQ(encoded("f"), "Zg==");
  EXPECT_EQ(encoded("fo"), "Zm8=");
  EXPECT_EQ(encoded("foo"), "Zm9v");
  EXPECT_EQ(encoded("foobar"), "Zm9vYmFy");
  EXPECT_EQ(base64({0xFB, 0xFF, 0xFE}), "+//+");
}

}  // namespace
}  // namespace thimble
