// Random networks with branches (random_graphs.h), quantized and planned: the plan passes
// check_plan, takes no more RAM than the network layer by layer, and its C gives the bits of
// eval_int, on the host for all 2,000 of them and on three emulated chips for 100.
//
// Batches, so that ctest can run two at a time.
#include <fmt/core.h>
#include <gtest/gtest.h>

#include <cstring>

#include "emulate/run.h"
#include "host_program.h"
#include "ops/evaluate.h"
#include "plan/check_plan.h"
#include "random_graphs.h"

namespace thimble::codegen {
namespace {

constexpr int kBatches = 40, kGraphsInBatch = 50;
constexpr int kChipBatches = 20, kGraphsInChipBatch = 5;
constexpr unsigned kSeedsInBatch = 1000;  // room for graphs that are passed over
constexpr unsigned kMostPassedOver = 10;
constexpr unsigned kChipSeeds = 1'000'000;      // the first of the graphs on chips
constexpr std::int64_t kMostArenaOfAvr = 1500;  // bytes: 2,048 less the stack and statics

constexpr double kSeconds = 0.01;  // of work for a plan

// Residencies in turn, too.
Variant variant_of(int graph) {
  constexpr plan::Lines kLines[] = {plan::Lines::kNever, plan::Lines::kNever, plan::Lines::kChosen,
                                    plan::Lines::kAlways};
  Variant variant = variant_in_turn(graph);
  variant.plan.lines = kLines[graph / 3 % 4];
  variant.plan.time_limit_seconds = kSeconds;
  return variant;
}

std::int64_t layer_by_layer_bytes(const ir::Graph &graph, Variant variant,
                                  const std::string &name) {
  variant.plan.layer_by_layer = true;
  variant.plan.time_limit_seconds = kSeconds / 5;  // the other plan considers this one, too
  variant.plan.lines = plan::Lines::kNever;
  return build(graph, variant, target_named("host"), name).plan.arena_bytes;
}

class RandomGraphs : public testing::TestWithParam<int> {};

TEST_P(RandomGraphs, GiveTheBitsOfTheIntegerEvaluatorInLessMemory) {
  const unsigned first_seed = kSeedsInBatch * static_cast<unsigned>(GetParam());
  unsigned seed = first_seed;
  std::vector<Built> all;
  std::int64_t bytes = 0, layered_bytes = 0;
  for (int i = 0; i < kGraphsInBatch; ++i) {
    const int index = GetParam() * kGraphsInBatch + i;
    const Variant variant = variant_of(index);
    const ir::Graph graph = next_telling(random_graph, seed, variant);
    const std::string name = "g" + std::to_string(index);
    SCOPED_TRACE("seed " + std::to_string(seed - 1));
    all.push_back(build(graph, variant, target_named("host"), name));
    const plan::Plan &plan = all.back().plan;
    const Diagnostics wrong = plan::check_plan(graph, plan.program);
    EXPECT_TRUE(wrong.empty()) << to_string(wrong[0]);
    const std::int64_t layered = layer_by_layer_bytes(graph, variant, name);
    EXPECT_LE(plan.arena_bytes, layered);
    bytes += plan.arena_bytes, layered_bytes += layered;
  }
  const unsigned passed_over = seed - first_seed - kGraphsInBatch;
  fmt::print("{} graphs: {} bytes of arenas, {} layer by layer; {} passed over as constant\n",
             kGraphsInBatch, bytes, layered_bytes, passed_over);
  EXPECT_LE(passed_over, kMostPassedOver);
  expect_what_the_evaluators_say(all, {}, compiler_in_turn(GetParam()));
}

INSTANTIATE_TEST_SUITE_P(Batches, RandomGraphs, testing::Range(0, kBatches));

std::vector<std::uint8_t> bytes_of(const ops::Tensor &tensor) {
  std::vector<std::uint8_t> bytes(tensor.i8.size());
  std::memcpy(bytes.data(), tensor.i8.data(), bytes.size());
  return bytes;
}

// Fails where a tool is missing, too: without it nothing is shown.
void expect_bits(const Built &built, const targets::Target &target, const ir::Graph &graph) {
  SCOPED_TRACE(target.name);
  const auto inputs = random_inputs(graph, kInputSeed);
  const auto run = emulate::build_and_run(built.emitted, target, {{bytes_of(inputs[0])}});
  ASSERT_TRUE(run.ok()) << to_string(run.diagnostics()[0]);
  const auto expected = ops::evaluate_outputs(graph, built.numbers, inputs);
  EXPECT_EQ(run->outputs.at(0).at(0), bytes_of(expected[0]));
}

void expect_bits_on(const std::string &target_name, const ir::Graph &graph,
                    const Variant &variant) {
  const targets::Target target = target_named(target_name);
  expect_bits(build(graph, variant, target, "net"), target, graph);
}

class RandomGraphsOnChips : public testing::TestWithParam<int> {};

TEST_P(RandomGraphsOnChips, GiveTheBitsOfTheIntegerEvaluator) {
  unsigned seed = kChipSeeds + kSeedsInBatch * static_cast<unsigned>(GetParam());
  for (int i = 0; i < kGraphsInChipBatch;) {
    const Variant variant = variant_of(GetParam() * kGraphsInChipBatch + i);
    const ir::Graph graph = next_telling(random_graph, seed, variant);
    SCOPED_TRACE("seed " + std::to_string(seed - 1));
    const targets::Target avr = target_named("atmega328p");
    const Built built = build(graph, variant, avr, "net");
    if (built.plan.arena_bytes > kMostArenaOfAvr) continue;
    expect_bits(built, avr, graph);
    for (const char *name : {"cortex-m4", "rv32imc"}) {
      const targets::Target target = target_named(name);
      expect_bits(rebuild(built, variant, target), target, graph);
    }
    ++i;
  }
}

INSTANTIATE_TEST_SUITE_P(Batches, RandomGraphsOnChips, testing::Range(0, kChipBatches));

// Every code of weights by the inner loops of every kind of processor.
class CodedWeightsOnChips : public testing::TestWithParam<int> {};

TEST_P(CodedWeightsOnChips, GiveTheBitsOfTheIntegerEvaluator) {
  int runs = 0;
  for (const Network &network : networks()) {
    if (network.name != "convs" && network.name != "decoder" && network.name != "pool_of_all")
      continue;
    SCOPED_TRACE(network.name);
    Variant variant;
    variant.int8 = true;
    variant.weights = static_cast<Weights>(GetParam());
    const ir::Graph graph = prepare(network, variant);
    const Built for_host = build(graph, variant, target_named("host"), "net");
    for (const char *name : {"atmega328p", "attiny85", "ch32v003", "cortex-m0"}) {
      const targets::Target target = target_named(name);
      const Built built = rebuild(for_host, variant, target);
      if (built.plan.arena_bytes > target.ram_bytes / 2) continue;
      expect_bits(built, target, graph);
      ++runs;
    }
  }
  EXPECT_GE(runs, 9);
}

INSTANTIATE_TEST_SUITE_P(Codes, CodedWeightsOnChips, testing::Range(1, kWeightsCount));

// Windows of five rows, of values that do not lie beside the next pixel's, outputs on both sides of
// zero, and strides.
const Network kWindows = {"windows", R"(
graph windows
input x: f32[10x9x2]
node a: Conv2d(x; aw, ab) {pad = [1, 1, 1, 1], act = "relu"} -> a
node b: Conv2d(x; bw, bb) {pad = [2, 2, 2, 2], act = "relu"} -> b
node c: Concat(a, b) {axis = 2} -> c
node d: Conv2d(a; dw, db) {pad = [1, 1, 1, 1], act = "relu"} -> d
node e: Conv2d(c; ew, eb) {pad = [1, 1, 1, 1]} -> e
node f: ConvTranspose2d(b; fw, fb) {stride = [2, 2], pad = [1, 1, 1, 1], output_padding = [1, 1], act = "relu"} -> f
node g: Conv2d(f; gw, gb) {stride = [2, 2], pad = [1, 1, 1, 1]} -> g
node h: Concat(d, e, g) {axis = 2} -> h
output h dims [1, 9, 10, 9]
const aw: f32[4, 3, 3, 2] = random(1, 0.3)
const ab: f32[4] = random(2, 0.2)
const bw: f32[3, 5, 5, 2] = random(3, 0.2)
const bb: f32[3] = random(4, 0.2)
const dw: f32[5, 3, 3, 4] = random(5, 0.2)
const db: f32[5] = random(6, 0.2)
const ew: f32[2, 3, 3, 7] = random(7, 0.2)
const eb: f32[2] = random(8, 0.2)
const fw: f32[8, 3, 3, 3] = random(9, 0.2)
const fb: f32[8] = random(10, 0.2)
const gw: f32[2, 3, 3, 8] = random(11, 0.2)
const gb: f32[2] = random(12, 0.2)
)"};

TEST(WeightsAsInstructions, GiveTheBitsOfTheIntegerEvaluatorInWindowsOfAllKinds) {
  const targets::Target avr = target_named("atmega328p");
  for (const plan::Lines lines : {plan::Lines::kNever, plan::Lines::kChosen}) {
    Variant variant;
    variant.int8 = true;
    variant.requant = targets::Requant::kM16;
    variant.plan.lines = lines;
    const ir::Graph graph = prepare(kWindows, variant);
    const Built built = build(graph, variant, avr, "net");
    for (const char *const kernel : {" conv2d_c8", " conv_transpose2d_c8"})
      EXPECT_NE(built.emitted.files[1].text.find(kernel), std::string::npos) << kernel;
    expect_bits(built, avr, graph);
  }
}

TEST(WeightsAsInstructions, MakeTheColumnPhasesOfATransposedConvolutionAtOnce) {
  Variant variant;
  variant.int8 = true;
  variant.requant = targets::Requant::kM16;
  variant.plan.lines = plan::Lines::kNever;
  const ir::Graph graph = prepare(doubling(), variant);
  const targets::Target avr = target_named("atmega328p");
  const Built built = build(graph, variant, avr, "net");
  const std::string &text = built.emitted.files[1].text;
  for (const char *const part :
       {"uint16_t b_weight", "uint16_t c_weight", "void conv_transpose2d_phases_c8"})
    EXPECT_NE(text.find(part), std::string::npos) << part;
  EXPECT_EQ(text.find("void conv_transpose2d_c8"), std::string::npos);
  expect_bits(built, avr, graph);
}

// A bit less is left of the sums: results begin below the product's third byte.
TEST(WeightsAsInstructions, RescaleByAHalfAndMore) {
  Variant variant;
  variant.int8 = true;
  variant.requant = targets::Requant::kM16;
  Network network = doubling();
  const std::string biases = "[-0.68, -0.68, -0.68, -0.68]";
  network.text.replace(network.text.find(biases), biases.size(),
                       "[-0.685, -0.685, -0.685, -0.685]");
  expect_bits_on("atmega328p", prepare(network, variant), variant);
}

}  // namespace
}  // namespace thimble::codegen
