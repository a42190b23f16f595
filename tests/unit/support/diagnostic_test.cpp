#include "support/diagnostic.h"

#include <gtest/gtest.h>

#include "support/check.h"

namespace thimble {
namespace {

TEST(Diagnostic, SaysWhereWhatWhyAndHow) {
  Diagnostic diagnostic = model_error("needs 9 bytes", "it is large", "shrink it");
  diagnostic.file = "kws.onnx";
  diagnostic.node = "conv2";
  diagnostic.op = "Conv";
  EXPECT_EQ(to_string(diagnostic),
            "kws.onnx: error: node 'conv2' (Conv): needs 9 bytes\n"
            "  why: it is large\n"
            "  fix: shrink it\n");
}

TEST(Diagnostic, LeavesOutWhatIsNotKnown) {
  EXPECT_EQ(to_string(usage_error("no model given")), "error: no model given\n");
}

TEST(Diagnostic, KeepsControlCharactersOfAModelFromTheTerminal) {
  EXPECT_EQ(to_string(model_error("\033[2Jbad")), "error: ?[2Jbad\n");
}

Result<int> half(int number) {
  if (number % 2) return model_error("odd");
  return number / 2;
}

Result<int> quarter(int number) {
  TRY(const int once, half(number));
  return half(once);
}

TEST(Result, TryPassesTheErrorOn) {
  EXPECT_EQ(*quarter(8), 2);
  ASSERT_FALSE(quarter(6).ok());
  EXPECT_EQ(quarter(6).diagnostics()[0].what, "odd");
}

TEST(Check, ThrowsWithThePlace) {
  EXPECT_NO_THROW(CHECK(1 + 1 == 2, "arithmetic"));
  try {
    CHECK(1 + 1 == 3, "node 'x'");
    FAIL();
  } catch (const InternalError &error) {
    EXPECT_NE(std::string(error.what()).find("node 'x'"), std::string::npos);
  }
}

}  // namespace
}  // namespace thimble
