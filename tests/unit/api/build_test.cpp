#include "api/build.h"

#include <gtest/gtest.h>

#include "api/compare.h"
#include "ir/text.h"

namespace thimble::api {
namespace {

const Notify kDeaf = [](const Diagnostics &) {};

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

PlanOptions at(const char *chip, const char *level) {
  PlanOptions options;
  options.target = chip;
  options.optimize = level;
  return options;
}

TEST(TargetOf, PlansAsTheLevelPrefersUnlessToldOtherwise) {
  for (const auto &[level, lines, layers] :
       {std::tuple{"ram", true, false}, {"balanced", false, false}, {"flash", false, true}}) {
    PlanOptions options = at("cortex-m4", level);
    ASSERT_TRUE(target_of(options).ok());
    EXPECT_EQ(planning_of(options).lines == plan::Lines::kChosen, lines) << level;
    EXPECT_EQ(planning_of(options).layer_by_layer, layers) << level;
    options.residency = "rings";
    EXPECT_EQ(planning_of(options).lines, plan::Lines::kNever) << level;
    EXPECT_FALSE(planning_of(options).layer_by_layer) << level;
  }
}

TEST(TargetOf, KnowsNeitherOtherChipsNorOtherLevels) {
  PlanOptions nowhere = at("nowhere", "ram"), size = at("host", "size");
  EXPECT_FALSE(target_of(nowhere).ok());
  EXPECT_EQ(target_of(size).diagnostics()[0].error_class, ErrorClass::kUsage);
}

// Two convolutions with 2,048 bytes between them.
Network convolutions() {
  Network network;
  network.model.graph = *ir::parse(R"(
graph convolutions
input x: i8[16x16x2] scale 0.1 zero 0
node a: Conv2d(x; aw, ab) {} -> a: i8[16x16x8] scale 0.1 zero 0
node b: Conv2d(a; bw, bb) {pad = [1, 1, 1, 1]} -> b: i8[16x16x2] scale 0.1 zero 0
output b dims [1, 2, 16, 16]
const aw: i8[8, 1, 1, 2] scales [0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1] = random(1, 127)
const ab: i32[8] = random(2, 100)
const bw: i8[2, 3, 3, 8] scales [0.1, 0.1] = random(3, 127)
const bb: i32[2] = random(4, 100)
)",
                                   "convolutions.thm");
  network.float_graph = network.model.graph;
  network.model.path = "convolutions.thm";
  network.numbers_name = "int8";
  return network;
}

TEST(BuildNetwork, GoesLayerByLayerForLittleCodeWhereThatFits) {
  const Network network = convolutions();
  PlanOptions options = at("cortex-m4", "flash");
  const targets::Target target = *target_of(options);
  EXPECT_GT(build_network(network, target, options, kDeaf)->plan.arena_bytes, 2048);
  options.ram = 2048;
  EXPECT_LT(build_network(network, target, options, kDeaf)->plan.arena_bytes, 1024);
  options.residency = "layers";
  EXPECT_GT(build_network(network, target, options, kDeaf)->plan.arena_bytes, 2048);
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
}  // namespace thimble::api
