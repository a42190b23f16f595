// Arguments of many calls as structs in flash: narrow fields, shared ones, rows by their numbers.
#include "codegen/told.h"

#include <gtest/gtest.h>

namespace thimble::codegen {
namespace {

constexpr const char *kText = R"(#include "thimble_kernel.h"
THIMBLE_KERNEL void demo(int8_t *out, int top, int y, int in_w, int in_h, int out_c, int zero) {
  out[0] = 0;
}
)";

// Layer `n`: its output one row lower than the one before, windows of rows 2y - 1 on in a ring
// of 3.
KernelCall layer(const KernelText &kernel, int n) {
  const std::string base = "ARENA + " + std::to_string(100 * n);
  KernelCall call{&kernel, "conv" + std::to_string(n), {}, false};
  call.arguments = {{"out", {base + " + y * 8", false, ByRow{base, 1, 0, 9, 8, false}}},
                    {"top", {"...", false, ByRow{"0", 2, 1, 3, 16 * n, true}}},
                    {"y", {"y", false}},
                    {"in_w", {std::to_string(30 + n)}},
                    {"in_h", {std::to_string(30 + n)}},
                    {"out_c", {std::to_string(256 * n)}},
                    {"zero", {std::to_string(-n)}}};
  return call;
}

Told told_of(const KernelText &kernel, int count) {
  std::vector<KernelCall> calls;
  for (int n = 1; n <= count; ++n) calls.push_back(layer(kernel, n));
  std::vector<const KernelCall *> pointers;
  for (const KernelCall &call : calls) pointers.push_back(&call);
  ctext::Names names;
  return tell(kernel, pointers, {}, names);
}

TEST(Told, FieldsAreNarrowAndEqualOnesAreShared) {
  const KernelText kernel = parse_kernel(kText);
  const Told told = told_of(kernel, 3);
  EXPECT_EQ(told.values.at("in_w"), "call->in_w");
  EXPECT_EQ(told.values.at("in_h"), "call->in_w");
  std::vector<std::string> types;
  for (const Told::Field &field : told.fields) types.push_back(field.type + " " + field.name);
  EXPECT_EQ(types, (std::vector<std::string>{"uint8_t in_w", "int8_t zero", "uint8_t top_pitch",
                                             "uint16_t out_c", "int8_t * out"}));
  EXPECT_EQ(told.bytes(), 3 * 12);
  EXPECT_EQ(told.names, (std::vector<std::string>{"conv1_call", "conv2_call", "conv3_call"}));
}

TEST(Told, WhatFollowsFromTheRowIsToldByItsNumbers) {
  const KernelText kernel = parse_kernel(kText);
  const Told told = told_of(kernel, 3);
  EXPECT_EQ(told.values.at("out"), "call->out + y * 8");
  EXPECT_EQ(told.values.at("top"), "(y * 2 < 1 ? 0 : y * 2 - 1) % 3 * call->top_pitch");
  EXPECT_FALSE(told.values.contains("y"));
}

TEST(Told, FieldsStandWhereTheBodyReadsParameters) {
  KernelText kernel = parse_kernel(kText);
  kernel.body = "  for (int i = 0; i < in_h * in_w; ++i) *out++ = zero;\n  out_c -= 1;\n";
  const KernelText reading = reading_fields(kernel, told_of(kernel, 3));
  EXPECT_EQ(reading.body,
            "  for (int i = 0; i < call->in_w * call->in_w; ++i) *out++ = call->zero;\n"
            "  out_c -= 1;\n");
  std::vector<std::string> names;
  for (const KernelParameter &parameter : reading.parameters) names.push_back(parameter.name);
  EXPECT_EQ(names, (std::vector<std::string>{"out", "top", "y", "out_c"}));
}

TEST(Told, OfFewCallsArgumentsStayArguments) {
  const KernelText kernel = parse_kernel(kText);
  EXPECT_TRUE(told_of(kernel, 2).fields.empty());
}

}  // namespace
}  // namespace thimble::codegen
