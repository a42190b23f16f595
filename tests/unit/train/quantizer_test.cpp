// What a network sees of its quantization while it learns, and the integers that it is in the end.
#include "train/quantizer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "ir/text.h"
#include "networks.h"
#include "ops/evaluate.h"
#include "ops/operator.h"
#include "passes/pipeline.h"
#include "random_blocks.h"
#include "random_graphs.h"
#include "train/tensors.h"

namespace thimble::train {
namespace {

using LevelsOf = std::map<ir::ConstantId, passes::Levels>;

const std::vector<std::string> kWords = {"8", "4", "2", "ternary", "1"};

template <class T>
T must(Result<T> result) {
  if (!result.ok()) throw std::runtime_error(to_string(result.diagnostics()[0]));
  return *std::move(result);
}

ir::Graph parsed(const std::string &text) {
  ir::Graph graph = must(ir::parse(text, "test"));
  EXPECT_TRUE(ops::infer_types(graph).ok());
  return graph;
}

std::vector<ir::ConstantId> weights_of(const ir::Graph &graph) {
  std::vector<ir::ConstantId> weights;
  for (const ir::Node &node : graph.nodes())
    if (node.constants.size() == 2 && !node.inputs.empty()) weights.push_back(node.constants[0]);
  return weights;
}

LevelsOf all_at(const ir::Graph &graph, const std::string &word) {
  LevelsOf levels;
  for (const ir::ConstantId weight : weights_of(graph))
    levels[weight] = must(passes::levels_of(word));
  return levels;
}

std::set<int> numbers_of(const ir::Constant &weight) {
  const auto &data = std::get<std::vector<std::int8_t>>(weight.data);
  return {data.begin(), data.end()};
}

bool is_level(int number, const passes::Levels &levels) { return levels.nearest(number) == number; }

constexpr const char *kLinear = R"(
graph one
input x: f32[1x1x16]
node l: Linear(x; w, b) -> l
output l dims [1, 8]
const w: f32[8, 16] = random(1, 0.4)
const b: f32[8] = random(2, 0.2)
)";

// A quantizer of one layer that has begun.
struct OneLayer {
  explicit OneLayer(const std::string &word, torch::Tensor mask = {})
      : graph(parsed(kLinear)),
        module(must(Module::make(graph))),
        levels(must(passes::levels_of(word))),
        quantizer(graph, {{0, levels}}) {
    torch::manual_seed(1);
    inputs = torch::rand({32, 1, 1, 16}) * 2 - 1;
    if (mask.defined()) quantizer.set_mask(0, mask);
    quantizer.begin(module, {inputs});
  }

  torch::Tensor weight() const { return module.parameters()[0]; }
  torch::Tensor seen(const torch::Tensor &weight) {
    return quantizer.lens(false).constant(graph, 0, 0, weight);
  }
  // [out, 1]
  torch::Tensor scales() const { return quantizer.parameters()[0].exp().detach().unsqueeze(1); }

  ir::Graph graph;
  Module module;
  passes::Levels levels;
  Quantizer quantizer;
  torch::Tensor inputs;
};

TEST(Quantizer, WeightsAreSeenAtTheNearestLevels) {
  for (const std::string &word : kWords) {
    OneLayer one(word);
    const torch::Tensor multiples = (one.seen(one.weight()) / one.scales()).detach();
    const torch::Tensor wanted = (one.weight() / one.scales()).detach();
    for (int out = 0; out < 8; ++out)
      for (int in = 0; in < 16; ++in)
        EXPECT_NEAR(multiples[out][in].item<float>(),
                    one.levels.nearest(wanted[out][in].item<float>()), 1e-4)
            << word;
  }
}

TEST(Quantizer, ScalesLoseLessThanThatOfTheLargestWeight) {
  for (const std::string &word : kWords) {
    OneLayer one(word);
    const torch::Tensor weight = one.weight().detach();
    const torch::Tensor largest = weight.abs().amax(1, true) / one.levels.high;
    torch::Tensor plain = torch::empty_like(weight);
    for (int out = 0; out < 8; ++out)
      for (int in = 0; in < 16; ++in) {
        const float scale = largest[out][0].item<float>();
        plain[out][in] =
            static_cast<float>(one.levels.nearest(weight[out][in].item<float>() / scale)) * scale;
      }
    const double ours = (one.seen(weight) - weight).square().sum().item<double>();
    EXPECT_LE(ours, 1.0001 * (plain - weight).square().sum().item<double>()) << word;
  }
}

TEST(Quantizer, GradientsPassTheRoundingButNotTheEnds) {
  for (const std::string &word : kWords) {
    OneLayer one(word);
    one.seen(one.weight()).sum().backward();
    const torch::Tensor multiples = (one.weight() / one.scales()).detach();
    const torch::Tensor inside =
        torch::logical_and(multiples > one.levels.low + 1e-4, multiples < one.levels.high - 1e-4);
    const torch::Tensor outside =
        torch::logical_or(multiples<one.levels.low - 1e-4, multiples> one.levels.high + 1e-4);
    const torch::Tensor gradient = one.weight().grad();
    EXPECT_TRUE(gradient.masked_select(inside).allclose(torch::ones({}))) << word;
    EXPECT_TRUE(gradient.masked_select(outside).equal(torch::zeros({outside.sum().item<int>()})))
        << word;
    EXPECT_GT(one.quantizer.parameters()[0].grad().abs().max().item<float>(), 0) << word;
  }
}

TEST(Quantizer, GradientsOfValuesPassTheRoundingButNotTheRange) {
  OneLayer one("8");
  const torch::Tensor x = torch::tensor({-50.0f, -0.5f, 0.013f, 0.7f, 50.0f}).requires_grad_();
  const torch::Tensor seen = one.quantizer.lens(false).value(0, x);
  seen.sum().backward();
  EXPECT_TRUE(x.grad().equal(torch::tensor({0.0f, 1.0f, 1.0f, 1.0f, 0.0f})));
  EXPECT_NEAR(seen[2].item<float>(), 0.013f, 2.0f / 255);
  EXPECT_NEAR(seen[4].item<float>(), 1, 0.02);
}

TEST(Quantizer, RangesFollowOnlyWhereAsked) {
  OneLayer one("8");
  const torch::Tensor wide = torch::full({1, 1, 1, 16}, 20.0f);
  const auto seen = [&](bool follows) {
    return one.quantizer.lens(follows).value(0, wide).max().item<float>();
  };
  const float fixed = seen(false);
  EXPECT_EQ(seen(false), fixed);
  EXPECT_GT(seen(true), fixed + 0.5f);
  EXPECT_GT(seen(false), fixed + 0.5f);
}

TEST(Quantizer, MaskedWeightsAreZeroAndStaySo) {
  const torch::Tensor mask = (torch::arange(128).reshape({8, 16}) % 3 != 0).to(torch::kFloat32);
  for (const std::string &word : kWords) {
    OneLayer one(word, mask);
    const torch::Tensor seen = one.seen(one.weight());
    EXPECT_EQ((seen * (1 - mask)).abs().max().item<float>(), 0) << word;
    seen.square().sum().backward();
    EXPECT_EQ((one.weight().grad() * (1 - mask)).abs().max().item<float>(), 0) << word;
    const ir::Graph integer = must(one.quantizer.quantized(one.module));
    const auto &data = std::get<std::vector<std::int8_t>>(integer.constant(0).data);
    for (int i = 0; i < 128; ++i) {
      const bool is_right = i % 3 == 0 ? data[i] == 0 : is_level(data[i], one.levels);
      EXPECT_TRUE(is_right) << word << ": weight " << i << " is " << int(data[i]);
    }
  }
}

TEST(Quantizer, ByShiftsSumsBecomeInt8ByPowersOfTwo) {
  OneLayer one("4");
  Quantizer quantizer(one.graph, {{0, one.levels}}, true);
  quantizer.begin(one.module, {one.inputs});
  const ir::Graph integer = must(quantizer.quantized(one.module));
  const float in = integer.value(integer.inputs()[0].value).type.quant->scale;
  const float out = integer.value(integer.outputs()[0].value).type.quant->scale;
  ASSERT_EQ(integer.constant(0).scales.size(), 8u);
  for (const float scale : integer.constant(0).scales) {
    const float exponent = std::log2(scale * in / out);
    EXPECT_NEAR(exponent, std::round(exponent), 1e-5);
  }
}

TEST(Quantizer, WithoutLevelsThereAreOnlyMasks) {
  const ir::Graph graph = parsed(kLinear);
  const Module module = must(Module::make(graph));
  Quantizer quantizer(graph, {});
  const torch::Tensor mask = (torch::arange(128).reshape({8, 16}) % 2).to(torch::kFloat32);
  quantizer.set_mask(0, mask);
  const torch::Tensor x = torch::rand({4, 1, 1, 16});
  quantizer.begin(module, {x});
  EXPECT_TRUE(quantizer.parameters().empty());
  const Lens lens = quantizer.lens(true);
  EXPECT_TRUE(lens.value(0, x).equal(x));
  const torch::Tensor kept = module.parameters()[0] * mask;
  EXPECT_TRUE(lens.constant(graph, 0, 0, module.parameters()[0]).equal(kept));
  EXPECT_EQ(std::get<std::vector<float>>(quantizer.masked(module).constant(0).data),
            to_floats(kept));
}

TEST(Quantizer, WeightsOfZeroHaveAScaleAllTheSame) {
  OneLayer one("ternary", torch::zeros({8, 16}));
  EXPECT_GT(one.scales().min().item<float>(), 0);
  const ir::Graph integer = must(one.quantizer.quantized(one.module));
  EXPECT_EQ(numbers_of(integer.constant(0)), std::set<int>{0});
}

TEST(Quantizer, ASumBeyondItsBitsIsAnError) {
  OneLayer one("8");
  {
    const torch::NoGradGuard no_gradients;
    one.module.parameters()[1].fill_(1e9f);
  }
  const auto made = one.quantizer.quantized(one.module);
  ASSERT_FALSE(made.ok());
  EXPECT_THAT(made.diagnostics()[0].what, testing::HasSubstr("beyond 32-bit sums"));
}

// A graph, a quantizer of it that has begun, and the integers that come of both.
struct School {
  School(const ir::Graph &given, const std::string &word)
      : graph(given), module(must(Module::make(graph))), quantizer(graph, all_at(graph, word)) {
    for (unsigned seed = 1; seed <= 4; ++seed)
      samples.push_back(codegen::random_inputs(graph, seed));
    for (std::size_t i = 0; i < samples[0].size(); ++i) {
      std::vector<ops::Tensor> of_input;
      for (const auto &sample : samples) of_input.push_back(sample[i]);
      batches.push_back(to_batch(of_input));
    }
    quantizer.begin(module, batches);
    integer = must(quantizer.quantized(module));
  }

  // Every value of the integer graph as reals, by ValueId, a batch each.
  std::vector<torch::Tensor> integer_values() const {
    std::vector<std::vector<ops::Tensor>> all(integer.values().size());
    for (const auto &sample : samples) {
      std::vector<ops::Tensor> inputs;
      for (std::size_t i = 0; i < sample.size(); ++i)
        inputs.push_back(
            ops::from_real(integer.value(integer.inputs()[i].value).type, sample[i].f32));
      const auto made = ops::evaluate(integer, {}, inputs);
      for (std::size_t value = 0; value < all.size(); ++value)
        all[value].push_back(
            {{made[value].type.shape, ir::DType::kF32, {}}, ops::to_real(made[value]), {}});
    }
    std::vector<torch::Tensor> values;
    for (const auto &of_value : all) values.push_back(to_batch(of_value));
    return values;
  }

  ir::Graph graph, integer;
  Module module;
  Quantizer quantizer;
  std::vector<std::vector<ops::Tensor>> samples;
  std::vector<torch::Tensor> batches;
};

// Node by node: what the lens shows of a value made of the integers' own values is theirs within a
// level.
void expect_every_node_within_a_level(const ir::Graph &graph, const std::string &word) {
  SCOPED_TRACE(graph.name + " at " + word);
  School school(graph, word);
  const std::vector<torch::Tensor> integers = school.integer_values();
  Lens lens = school.quantizer.lens(false);
  int compared = 0;
  const auto simulated = lens.value;
  lens.value = [&](ir::ValueId id, const torch::Tensor &x) {
    const ir::Value &value = school.integer.value(id);
    const torch::Tensor steps = (simulated(id, x) - integers[id]).abs() / value.type.quant->scale;
    EXPECT_LE(steps.max().item<float>(), 1.01) << "'" << value.name << "'";
    compared += integers[id].min().item<float>() < integers[id].max().item<float>() ? 1 : 0;
    return integers[id];
  };
  const torch::NoGradGuard no_gradients;
  school.module.forward(school.batches, lens);
  EXPECT_GE(compared, 2) << "constants prove nothing";
  for (const auto &[weight, levels] : all_at(graph, word))
    for (const int number : numbers_of(school.integer.constant(weight)))
      EXPECT_TRUE(is_level(number, levels)) << number;
}

bool is_quantizable(const ir::Graph &graph) { return not_quantizable(graph).empty(); }

TEST(Quantizer, EveryOperatorsIntegersAreThoseOfTheSimulation) {
  std::size_t number = 0;
  for (const codegen::Network &network : codegen::networks()) {
    const ir::Graph graph = codegen::prepare(network, {});
    if (is_quantizable(graph))
      expect_every_node_within_a_level(graph, kWords[number++ % kWords.size()]);
  }
  EXPECT_GE(number, 20u);
}

TEST(Quantizer, RandomNetworksIntegersAreThoseOfTheSimulation) {
  for (unsigned seed = 1; seed <= 10; ++seed)
    for (const auto random : {codegen::random_blocks, codegen::random_graph})
      expect_every_node_within_a_level(codegen::prepare(random(seed), {}),
                                       kWords[seed % kWords.size()]);
}

TEST(Quantizer, NodesThatItCannotRoundAreAllNamed) {
  const ir::Graph graph = parsed(R"(
graph refused
input x: f32[4x1x3]
node first: Lstm(x; w, b) {hidden = 2} -> h
node good: Relu(h) -> r
node second: Gru(r; v, c, d) {hidden = 1, reset_after = 1} -> g
output g dims [4, 1, 1]
const w: f32[8, 5] = random(1, 0.4)
const b: f32[8] = random(2, 0.4)
const v: f32[3, 3] = random(3, 0.4)
const c: f32[3] = random(4, 0.4)
const d: f32[1] = random(5, 0.4)
)");
  const Diagnostics errors = not_quantizable(graph);
  ASSERT_EQ(errors.size(), 2u);
  EXPECT_EQ(errors[0].node, "first");
  EXPECT_EQ(errors[1].node, "second");
  for (const Diagnostic &error : errors) {
    EXPECT_EQ(error.error_class, ErrorClass::kModel);
    EXPECT_FALSE(error.why.empty() || error.fix.empty());
  }
}

}  // namespace
}  // namespace thimble::train
