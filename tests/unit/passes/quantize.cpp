// Post-training quantization on networks small enough to reason about.
#include "passes/quantize.h"

#include <gtest/gtest.h>

#include <cmath>

#include "ir/text.h"
#include "ops/evaluate.h"
#include "passes/pipeline.h"
#include "passes/ranges.h"

namespace thimble::passes {
namespace {

ir::Graph network(const std::string &text) {
  auto graph = ir::parse(text, "test.thm");
  if (!graph.ok()) throw std::runtime_error(to_string(graph.diagnostics().front()));
  auto result = run_pipeline(*std::move(graph));
  if (!result.ok()) throw std::runtime_error(to_string(result.diagnostics().front()));
  return *std::move(result);
}

Samples waves(const ir::Graph &graph, int count, float scale = 1) {
  Samples samples;
  for (int s = 0; s < count; ++s) {
    samples.emplace_back();
    for (const ir::Port &port : graph.inputs()) {
      ops::Tensor tensor{graph.value(port.value).type, {}, {}};
      for (std::int64_t i = 0; i < tensor.type.shape.elements(); ++i)
        tensor.f32.push_back(scale * std::sin(1.7f * static_cast<float>(i + 1) * (s + 1)));
      samples.back().push_back(tensor);
    }
  }
  return samples;
}

const ir::Quant &quant(const ir::Graph &graph, const std::string &name) {
  for (const ir::Value &value : graph.values())
    if (value.name == name) return *value.type.quant;
  throw std::runtime_error("no value " + name);
}

// Largest difference of the first output to the float graph's, in that output's levels.
double error_in_levels(const ir::Graph &real, const ir::Graph &integer, const Samples &samples) {
  double worst = 0;
  for (const auto &sample : samples) {
    std::vector<ops::Tensor> inputs;
    for (std::size_t i = 0; i < sample.size(); ++i)
      inputs.push_back(
          ops::from_real(integer.value(integer.inputs()[i].value).type, sample[i].f32));
    const auto expected = ops::evaluate_outputs(real, {}, sample)[0];
    const auto got = ops::evaluate_outputs(integer, {}, inputs)[0];
    EXPECT_NE(*std::max_element(got.i8.begin(), got.i8.end()),
              *std::min_element(got.i8.begin(), got.i8.end()));
    const auto reals = ops::to_real(got);
    for (std::size_t i = 0; i < reals.size(); ++i)
      worst = std::max(worst, std::abs(double{reals[i]} - expected.f32[i]) / got.type.quant->scale);
  }
  return worst;
}

const char *const kSmall = R"(
graph small
input x: f32[6x6x2]
const w: f32[4, 3, 3, 2] = random(1, 0.5)
const b: f32[4] = random(2, 0.5)
const v: f32[5, 64] = random(3, 0.5)
const d: f32[5] = random(4, 0.5)
node conv: Conv2d(x; w, b) -> c: f32[4x4x4]
node relu: Relu(c) -> r: f32[4x4x4]
node fc: Linear(r; v, d) -> y: f32[1x1x5]
output y
)";

TEST(Quantize, StaysWithinAFewLevelsOfFloat) {
  const ir::Graph graph = network(kSmall);
  const Samples samples = waves(graph, 16);
  const auto result = quantize(graph, samples);
  ASSERT_TRUE(result.ok());
  EXPECT_TRUE(result.diagnostics().empty());
  EXPECT_TRUE(ops::verify(*result).empty());
  EXPECT_LT(error_in_levels(graph, *result, samples), 6);
}

TEST(Quantize, FusedReluUsesAllLevels) {
  const ir::Graph graph = network(kSmall);
  const auto result = quantize(graph, waves(graph, 8));
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(quant(*result, "c").zero_point, -128);
}

TEST(Quantize, WeightsAreSymmetricAChannel) {
  const ir::Graph graph = network(kSmall);
  const auto result = quantize(graph, waves(graph, 8));
  ASSERT_TRUE(result.ok());
  const ir::Constant &weight = result->constant(result->node(0).constants[0]);
  ASSERT_EQ(weight.scales.size(), 4u);
  const auto &data = std::get<std::vector<std::int8_t>>(weight.data);
  for (int c = 0; c < 4; ++c) {
    int largest = 0;
    for (int i = 0; i < 18; ++i) largest = std::max(largest, std::abs(int{data[c * 18 + i]}));
    EXPECT_EQ(largest, 127);
  }
}

TEST(Quantize, ConcatAndItsPartsShareOneScale) {
  const ir::Graph graph = network(R"(
graph parts
input z: f32[1x1x2]
input c: f32[1x1x3]
const v: f32[4, 5] = random(3, 0.5)
const d: f32[4] = random(4, 0.5)
node cat: Concat(z, c) {axis = 2} -> a: f32[1x1x5]
node fc: Linear(a; v, d) -> y: f32[1x1x4]
output y
)");
  const auto result = quantize(graph, waves(graph, 8));
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(quant(*result, "z"), quant(*result, "a"));
  EXPECT_EQ(quant(*result, "c"), quant(*result, "a"));
}

TEST(Quantize, ADeadLayerDoesNoHarm) {
  const ir::Graph graph = network(R"(
graph dead
input x: f32[1x1x3]
const v: f32[2, 3] = [1, 2, 3, 0, 0, 0]
const d: f32[2] = [0.5, -4]
const u: f32[2, 2] = [1, -1, 2, 0.5]
const e: f32[2] = [0.3, -0.2]
node fc: Linear(x; v, d) -> f: f32[1x1x2]
node relu: Relu(f) -> r: f32[1x1x2]
node out: Linear(r; u, e) -> y: f32[1x1x2]
output y
)");
  const Samples samples = waves(graph, 8);
  const auto result = quantize(graph, samples);
  ASSERT_TRUE(result.ok());
  EXPECT_LT(error_in_levels(graph, *result, samples), 3);
}

TEST(Quantize, SigmoidHasItsOwnScaleUnlessItWouldBeWasted) {
  const auto text = [](const char *weight) {
    return std::string("graph g\ninput x: f32[1x1x1]\nconst w: f32[1, 1] = [") + weight +
           "]\nconst b: f32[1] = [0.25]\nnode fc: Linear(x; w, b) -> f: f32[1x1x1]\n"
           "node s: Sigmoid(f) -> y: f32[1x1x1]\noutput y\n";
  };
  const ir::Graph wide = network(text("6"));
  const auto wide_result = quantize(wide, waves(wide, 16));
  ASSERT_TRUE(wide_result.ok());
  EXPECT_EQ(quant(*wide_result, "y"), (ir::Quant{1.0f / 256, -128}));
  const ir::Graph thin = network(text("0.01"));
  const auto thin_result = quantize(thin, waves(thin, 16));
  ASSERT_TRUE(thin_result.ok());
  EXPECT_LT(quant(*thin_result, "y").scale, 1e-4);
  EXPECT_LT(quant(*thin_result, "y").zero_point, -128);
}

TEST(Quantize, SaysWhatCannotBeMeasured) {
  const ir::Graph graph = network(kSmall);
  EXPECT_FALSE(quantize(graph, {}).ok());
  const auto result = quantize(graph, waves(graph, 2, INFINITY));
  ASSERT_FALSE(result.ok());
  EXPECT_NE(result.diagnostics()[0].what.find("not finite"), std::string::npos);
}

TEST(Ranges, ZeroIsALevel) {
  for (const Range range : {Range{-1, 1}, Range{0, 3}, Range{-0.3f, 7}, Range{-5, 0}}) {
    const ir::Quant quant = quant_of(range);
    EXPECT_GE(quant.zero_point, -128);
    EXPECT_LE(quant.zero_point, 127);
    EXPECT_NEAR(quant.scale * 255, range.hi - range.lo, 1e-5);
  }
  EXPECT_EQ(quant_of({0, 0}), (ir::Quant{1, 0}));
}

}  // namespace
}  // namespace thimble::passes
