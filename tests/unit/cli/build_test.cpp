#include "cli/build.h"

#include <gtest/gtest.h>

#include "cli/buffer_csv.h"
#include "cli/compare.h"

namespace thimble::cli {
namespace {

TEST(SymbolName, IsMadeFromTheModelsName) {
  EXPECT_EQ(*symbol_name("", "/a/b/die_929.pt2"), "die_929");
  EXPECT_EQ(*symbol_name("", "my model-2.onnx"), "my_model_2");
  EXPECT_EQ(*symbol_name("", "7up.onnx"), "net_7up");
  EXPECT_EQ(*symbol_name("", "int.onnx"), "net_int");
  EXPECT_EQ(*symbol_name("", "\xc3\xa4.onnx"), "net___");
}

TEST(SymbolName, MustBeACIdentifier) {
  EXPECT_EQ(*symbol_name("kws", "x.onnx"), "kws");
  for (const char *bad : {"2die", "a-b", "while", "a b", "\xc3\xa4"}) {
    EXPECT_FALSE(symbol_name(bad, "x.onnx").ok()) << bad;
  }
}

TEST(TargetOf, HasInnerLoopsOfSeveralOutputsWhereSpeedIsAskedFor) {
  const auto loops = [](const char *chip, const char *optimize) {
    PlanOptions options;
    options.target = chip;
    options.optimize = optimize;
    return target_of(options)->inner_loops;
  };
  EXPECT_EQ(loops("cortex-m4", "ram"), "armv7em high_mul");
  EXPECT_EQ(loops("cortex-m4", "speed"), "armv7em pairs blocks high_mul");
  EXPECT_EQ(loops("atmega328p", "speed"), loops("atmega328p", "ram"));
  PlanOptions options;
  options.target = "nowhere";
  EXPECT_FALSE(target_of(options).ok());
}

TEST(BufferTable, TurnsLivesThatMeetIntoPairs) {
  const auto table =
      parse_buffer_csv("id,lower,upper,size\na,0,2,10\nb,1,3,20\nc,2,4,5\n", "t.csv");
  ASSERT_TRUE(table.ok());
  EXPECT_EQ(table->ids, (std::vector<std::string>{"a", "b", "c"}));
  ASSERT_EQ(table->problem.pairs.size(), 2u);  // a and c only touch
  EXPECT_EQ(table->problem.pairs[0].forbidden, (std::vector<plan::Interval>{{-9, 20}}));
}

TEST(BufferTable, TakesColumnsInAnyOrderAndWindowsLineEnds) {
  const auto table = parse_buffer_csv("size, id,extra,upper,lower\r\n 8,a,?,2,1\r\n", "t.csv");
  ASSERT_TRUE(table.ok());
  EXPECT_EQ(table->problem.objects[0].size, 8);
}

TEST(BufferTable, ReportsEveryBadLine) {
  const auto table =
      parse_buffer_csv("id,lower,upper,size\na,0,2,-1\na,0,0,1\nb,x,2,3\nc,1\n", "t.csv");
  ASSERT_FALSE(table.ok());
  EXPECT_GE(table.diagnostics().size(), 5u);
  EXPECT_EQ(table.diagnostics()[0].file, "t.csv:2");
  EXPECT_FALSE(parse_buffer_csv("", "t.csv").ok());
}

Sample one(std::vector<float> elements) {
  const ir::Type type{{1, 1, static_cast<int>(elements.size())}, ir::DType::kF32, std::nullopt};
  return {ops::Tensor{type, std::move(elements), {}}};
}

TEST(Errors, AreSharesOfTheReferencesRange) {
  const Errors errors = errors_of({one({0, 4})}, {one({1, 4})});
  EXPECT_DOUBLE_EQ(errors.range, 4);
  EXPECT_DOUBLE_EQ(errors.max, 0.25);
  EXPECT_DOUBLE_EQ(errors.mean, 0.125);
}

TEST(Errors, ANumberThatIsNoneIsTheLargest) {
  EXPECT_TRUE(std::isinf(errors_of({one({0, 4})}, {one({0, NAN})}).max));
}

TEST(FirstUnequalSample, LooksAtBits) {
  EXPECT_FALSE(first_unequal_sample({one({1}), one({2})}, {one({1}), one({2})}));
  EXPECT_EQ(first_unequal_sample({one({1}), one({0})}, {one({1}), one({-0.f})}), 1u);
}

TEST(Accuracy, CountsTheLargestOutput) {
  EXPECT_DOUBLE_EQ(accuracy({one({1, 2}), one({3, 2})}, {1, 1}), 0.5);
}

}  // namespace
}  // namespace thimble::cli
