// The C printer: indentation and wrapping, exact literals, names.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>

#include "ctext/arrays.h"
#include "ctext/c_writer.h"
#include "ctext/identifiers.h"
#include "ctext/literals.h"
#include "support/check.h"

namespace thimble::ctext {
namespace {

TEST(CWriter, IndentsBlocks) {
  CWriter writer;
  writer.open("if (x)");
  writer.line("y();");
  writer.close();
  EXPECT_EQ(writer.take(), "if (x) {\n  y();\n}\n");
}

TEST(CWriter, RefusesUnbalancedBlocks) {
  CWriter open;
  open.open("if (x)");
  EXPECT_THROW(open.take(), InternalError);
  CWriter closed;
  EXPECT_THROW(closed.close(), InternalError);
}

TEST(CWriter, NoLineIsWiderThanThePage) {
  CWriter writer;
  writer.open("{");
  writer.comment(std::string(30, 'a') + std::string(" word") + std::string(300, ' ') + "end");
  writer.list("f(", std::vector<std::string>(60, "argument"), ");");
  write_array(writer, "int x[100]", std::vector<std::int64_t>(100, -12345));
  writer.close();
  const std::string text = writer.take();
  for (std::size_t at = 0; at < text.size();) {
    const auto end = text.find('\n', at);
    EXPECT_LE(end - at, static_cast<std::size_t>(kLineWidth));
    at = end + 1;
  }
}

TEST(CWriter, WhatIsSetInGoesOnFurtherIn) {
  CWriter writer;
  writer.comment("  1 " + std::string(90, 'a') + " b c d");
  EXPECT_EQ(writer.take(), "//   1 " + std::string(90, 'a') + " b\n//       c d\n");
}

TEST(Literals, FloatsReadBackToTheSameBits) {
  for (const float value : {0.1f, -2.0f, 3.4028235e+38f, 1e-45f, 16777216.0f, 1.0f / 3.0f}) {
    const std::string text = float_literal(value);
    EXPECT_EQ(text.back(), 'f');
    EXPECT_NE(text.find_first_of(".e"), std::string::npos) << text;
    EXPECT_EQ(std::strtof(text.c_str(), nullptr), value) << text;
  }
  EXPECT_EQ(float_literal(-INFINITY), "-INFINITY");
  EXPECT_THROW(float_literal(NAN), InternalError);
}

TEST(Literals, TheLeastInt32DoesNotOverflow) {
  EXPECT_EQ(int_literal(INT32_MIN), "(-2147483647 - 1)");
  EXPECT_EQ(int_literal(-5), "-5");
}

TEST(Literals, StringsAndCommentsCannotEscape) {
  EXPECT_EQ(string_literal("a\"\n"), "\"a\\\"\\012\"");
  EXPECT_EQ(comment_text("x\ny\\"), "x?y/");
}

TEST(Identifiers, ComeFromAnything) {
  EXPECT_EQ(identifier("/model/conv.1/Conv"), "model_conv_1_Conv");
  EXPECT_EQ(identifier("__1a__"), "n1a");
  EXPECT_EQ(identifier("\xc3\xa9"), "x");
  EXPECT_EQ(identifier(""), "x");
}

TEST(Identifiers, KeywordsAreNotNames) {
  EXPECT_FALSE(is_identifier("int"));
  EXPECT_FALSE(is_identifier("class"));
  EXPECT_FALSE(is_identifier("1a"));
  EXPECT_FALSE(is_identifier("a-b"));
  EXPECT_TRUE(is_identifier("die_929"));
}

TEST(Names, AreGivenOnce) {
  Names names;
  names.reserve({"weight"});
  EXPECT_EQ(names.fresh("weight"), "weight_2");
  EXPECT_EQ(names.fresh("bias"), "bias");
  EXPECT_EQ(names.fresh("bias"), "bias_2");
}

}  // namespace
}  // namespace thimble::ctext
