// Constant arrays: shared, billed once, checked against the target.
#include "codegen/tables.h"

#include <gtest/gtest.h>

#include <cmath>

namespace thimble::codegen {
namespace {

ops::Table int8_table(const std::string &role, std::size_t count, bool is_weight) {
  return {role, "int8_t", std::vector<std::int64_t>(count, 3), is_weight};
}

TEST(Tables, EqualTablesArePrintedOnce) {
  Tables tables;
  ctext::Names names;
  const std::string first = tables.add("conv1", int8_table("shift", 4, false), names);
  EXPECT_EQ(first, "conv1_shift");
  EXPECT_EQ(tables.add("conv2", int8_table("shift", 4, false), names), first);
  EXPECT_NE(tables.add("conv2", int8_table("shift", 5, false), names), first);
  EXPECT_EQ(tables.constant_bytes(), 9);
}

TEST(Tables, ATableThatIsAWeightToAnyoneCountsAsWeights) {
  Tables tables;
  ctext::Names names;
  tables.add("a", int8_table("weight", 6, false), names);
  tables.add("b", int8_table("weight", 6, true), names);
  EXPECT_EQ(tables.weight_bytes(), 6);
  EXPECT_EQ(tables.constant_bytes(), 0);
}

TEST(Tables, TooLargeForA16BitIndexIsSaidByName) {
  Tables tables;
  ctext::Names names;
  tables.add("fc", int8_table("weight", 32768, true), names);
  targets::Target avr;
  avr.name = "atmega328p";
  avr.index_bits = 16;
  const Diagnostics errors = tables.check(avr);
  ASSERT_EQ(errors.size(), 1u);
  EXPECT_EQ(errors[0].node, "fc");
  EXPECT_NE(errors[0].what.find("32768"), std::string::npos);
  EXPECT_TRUE(tables.check(targets::Target{}).empty());
}

TEST(Tables, ANumberThatIsNoneIsAnError) {
  Tables tables;
  ctext::Names names;
  tables.add("fc", {"bias", "float", std::vector<float>{1.0f, NAN}, false}, names);
  EXPECT_EQ(tables.check(targets::Target{}).size(), 1u);
}

}  // namespace
}  // namespace thimble::codegen
