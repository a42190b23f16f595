// A graph read by libtorch computes what eval_float computes, and comes back as it went in.
#include "train/module.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "ir/text.h"
#include "networks.h"
#include "ops/evaluate.h"
#include "ops/operator.h"
#include "random_graphs.h"
#include "train/differentiable.h"
#include "train/tensors.h"

namespace thimble::train {
namespace {

constexpr unsigned kRandomGraphs = 40;

ir::Graph parsed(const std::string &text) {
  auto graph = ir::parse(text, "test");
  EXPECT_TRUE(graph.ok());
  EXPECT_TRUE(ops::infer_types(*graph).ok());
  return *std::move(graph);
}

Module module_of(ir::Graph graph) {
  auto module = Module::make(std::move(graph));
  if (!module.ok()) throw std::runtime_error(to_string(module.diagnostics()[0]));
  return *std::move(module);
}

// Each network input's samples, one a seed.
std::vector<torch::Tensor> batches(const std::vector<std::vector<ops::Tensor>> &samples) {
  std::vector<torch::Tensor> inputs;
  for (std::size_t i = 0; i < samples[0].size(); ++i) {
    std::vector<ops::Tensor> of_input;
    for (const auto &sample : samples) of_input.push_back(sample[i]);
    inputs.push_back(to_batch(of_input));
  }
  return inputs;
}

void expect_close(const std::vector<float> &got, const std::vector<float> &expected,
                  const std::string &name) {
  const auto [lo, hi] = std::minmax_element(expected.begin(), expected.end());
  ASSERT_LT(*lo, *hi) << name << ": a constant output proves nothing";
  float worst = 0;
  for (std::size_t i = 0; i < expected.size(); ++i)
    worst = std::max(worst, std::abs(got[i] - expected[i]));
  EXPECT_LE(worst, 1e-5f * (*hi - *lo)) << name;
}

void expect_same_readings(const ir::Graph &graph) {
  std::vector<std::vector<ops::Tensor>> samples;
  for (unsigned seed = 1; seed <= 3; ++seed) samples.push_back(codegen::random_inputs(graph, seed));
  const auto outputs = module_of(graph).forward(batches(samples));
  ASSERT_EQ(outputs.size(), graph.outputs().size());
  for (std::size_t o = 0; o < outputs.size(); ++o) {
    const ir::Type &type = graph.value(graph.outputs()[o].value).type;
    const auto got = from_batch(outputs[o], type);
    ASSERT_EQ(got.size(), samples.size());
    std::vector<float> ours, theirs;
    for (std::size_t i = 0; i < samples.size(); ++i) {
      const auto expected = ops::evaluate_outputs(graph, {}, samples[i]);
      ours.insert(ours.end(), got[i].f32.begin(), got[i].f32.end());
      theirs.insert(theirs.end(), expected[o].f32.begin(), expected[o].f32.end());
    }
    expect_close(ours, theirs, graph.name);
  }
}

TEST(Module, ComputesWhatTheEvaluatorSays) {
  for (const codegen::Network &network : codegen::networks()) {
    SCOPED_TRACE(network.name);
    expect_same_readings(parsed(network.text));
    expect_same_readings(codegen::prepare(network, {}));
  }
}

TEST(Module, ComputesWhatTheEvaluatorSaysOfRandomGraphs) {
  for (unsigned seed = 1; seed <= kRandomGraphs; ++seed) {
    SCOPED_TRACE(seed);
    expect_same_readings(parsed(codegen::random_graph(seed).text));
  }
}

TEST(Module, NamesEveryOperatorWithoutAGradient) {
  const auto module = Module::make(parsed(R"(
graph refused
input x: f32[1x2x4]
node good: Relu(x) -> y
node first: ArgMax(y) -> a
node second: Hardmax(y) -> b
output a dims [1, 1, 2]
output b dims [1, 1, 2, 4]
)"));
  ASSERT_FALSE(module.ok());
  ASSERT_EQ(module.diagnostics().size(), 2u);
  EXPECT_EQ(module.diagnostics()[0].node, "first");
  EXPECT_EQ(module.diagnostics()[1].node, "second");
  for (const Diagnostic &error : module.diagnostics()) {
    EXPECT_EQ(error.error_class, ErrorClass::kModel);
    EXPECT_EQ(error.what, "has no gradient");
    EXPECT_FALSE(error.why.empty());
    EXPECT_FALSE(error.fix.empty());
  }
}

TEST(Differentiable, IsEveryOperatorButThoseThatChoose) {
  std::vector<std::string_view> without;
  for (const ops::Operator *op : ops::all_operators())
    if (!find_differentiable(op->name)) without.push_back(op->name);
  EXPECT_THAT(without, testing::UnorderedElementsAre("ArgMax", "Hardmax"));
}

TEST(Module, GivesTheGraphBack) {
  for (const codegen::Network &network : codegen::networks()) {
    const ir::Graph graph = parsed(network.text);
    EXPECT_EQ(ir::print(module_of(graph).graph()), ir::print(graph));
  }
}

constexpr const char *kTwoLayers = R"(
graph two
input x: f32[4x4x2]
node a: Conv2d(x; aw, ab) {act = "relu"} -> a
node n: BatchNorm(a; scale, shift) -> n
node f: Linear(n; fw, fb) -> f
output f dims [1, 5]
const aw: f32[3, 3, 3, 2] = random(1, 0.4)
const ab: f32[3] = random(2, 0.4)
const scale: f32[3] = random(3, 0.4, 1)
const shift: f32[3] = random(4, 0.4)
const fw: f32[5, 12] = random(5, 0.4)
const fb: f32[5] = random(6, 0.4)
)";

TEST(Module, ParametersAreTheConstantsOfTheGraphItGivesBack) {
  const Module module = module_of(parsed(kTwoLayers));
  ASSERT_EQ(module.parameters().size(), 6u);
  {
    const torch::NoGradGuard no_gradients;
    module.parameters()[3].fill_(7.0f);
  }
  const ir::Graph graph = module.graph();
  EXPECT_EQ(std::get<std::vector<float>>(graph.constant(3).data), std::vector<float>(3, 7.0f));
  expect_same_readings(graph);
}

TEST(Module, EveryParameterHasAGradient) {
  const Module module = module_of(parsed(kTwoLayers));
  module.forward({torch::rand({2, 4, 4, 2})})[0].square().sum().backward();
  for (const torch::Tensor &parameter : module.parameters()) {
    EXPECT_TRUE(parameter.is_leaf());
    ASSERT_TRUE(parameter.grad().defined());
    EXPECT_GT(parameter.grad().abs().max().item<float>(), 0.0f);
  }
}

TEST(Module, InitialisesAsPyTorchDoes) {
  Module module = module_of(parsed(kTwoLayers));
  torch::manual_seed(1);
  module.initialise();
  const auto &p = module.parameters();
  for (const auto &[index, fan_in] : {std::pair{0, 18}, {1, 18}, {4, 12}, {5, 12}}) {
    EXPECT_LE(p[index].abs().max().item<float>(), 1 / std::sqrt(static_cast<float>(fan_in)));
    EXPECT_GT(p[index].std().item<float>(), 0.0f);
  }
  EXPECT_TRUE(p[2].equal(torch::ones({3})));
  EXPECT_TRUE(p[3].equal(torch::zeros({3})));
  const torch::Tensor first = p[0].detach().clone();
  torch::manual_seed(1);
  module.initialise();
  EXPECT_TRUE(p[0].equal(first));
}

TEST(Module, LooksThroughALens) {
  const Module module = module_of(parsed(kTwoLayers));
  std::set<std::pair<ir::NodeId, std::size_t>> constants;
  std::vector<ir::ValueId> values;
  Lens lens;
  lens.constant = [&](const ir::Graph &, ir::NodeId node, std::size_t index,
                      const torch::Tensor &constant) {
    constants.insert({node, index});
    return constant * 0;
  };
  lens.value = [&](ir::ValueId value, const torch::Tensor &tensor) {
    values.push_back(value);
    return tensor + 1;
  };
  const auto outputs = module.forward({torch::rand({2, 4, 4, 2})}, lens);
  EXPECT_EQ(constants.size(), 6u);
  EXPECT_THAT(values, testing::ElementsAre(0, 1, 2, 3));
  EXPECT_TRUE(outputs[0].equal(torch::ones({2, 1, 1, 5})));
}

TEST(Module, ForgetsTheScalesOfWeightsThatTrainingMoved) {
  ir::Graph graph = parsed(kTwoLayers);
  graph.constant(0).scales = {0.5f};
  const Module module = module_of(graph);
  EXPECT_EQ(module.graph().constant(0).scales, std::vector<float>{0.5f});
  {
    const torch::NoGradGuard no_gradients;
    module.parameters()[0].add_(0.1);
  }
  EXPECT_TRUE(module.graph().constant(0).scales.empty());
}

}  // namespace
}  // namespace thimble::train
