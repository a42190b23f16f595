// A real network through planner and codegen: every target gives the integer evaluator's bits, and
// the measured stack agrees with what the compiler says of each function.
#include <gtest/gtest.h>

#include <cstring>
#include <map>
#include <random>
#include <regex>
#include <set>

#include "codegen/emit.h"
#include "emulate/build.h"
#include "emulate/run.h"
#include "fake_network.h"
#include "ir/text.h"
#include "ops/evaluate.h"
#include "ops/operator.h"
#include "passes/quantize.h"
#include "plan/plan.h"
#include "support/files.h"

namespace thimble::emulate {
namespace {

constexpr const char *kNetwork = R"(graph small
input x: f32[12x12x1] dims [1, 1, 12, 12]
node conv1: Conv2d(x; w1, b1) {pad = [1, 1, 1, 1]} -> a
node relu1: Relu(a) -> r
node pool1: MaxPool2d(r) {kernel = [2, 2], stride = [2, 2]} -> p
node conv2: Conv2d(p; w2, b2) {pad = [1, 1, 1, 1]} -> y
output y dims [1, 3, 6, 6]
const w1: f32[4, 3, 3, 1] = random(1, 0.5)
const b1: f32[4] = random(2, 0.3)
const w2: f32[3, 3, 3, 4] = random(3, 0.5)
const b2: f32[3] = random(4, 0.3)
)";

struct Small {
  ir::Graph graph;
  std::vector<std::vector<ops::Tensor>> inputs;  // quantized
};

Result<Small> small_network() {
  TRY(ir::Graph graph, ir::parse(kNetwork, "small.thm"));
  TRY([[maybe_unused]] Unit typed, ops::infer_types(graph));
  std::mt19937 random(7);
  passes::Samples samples;
  for (int s = 0; s < 4; ++s) {
    ops::Tensor tensor{graph.value(graph.inputs()[0].value).type, {}, {}};
    for (int i = 0; i < tensor.type.shape.elements(); ++i) {
      tensor.f32.push_back(static_cast<float>(random() % 2001) / 1000.0f - 1.0f);
    }
    samples.push_back({tensor});
  }
  Small small;
  TRY(small.graph, passes::quantize(graph, samples));
  const ir::Type &type = small.graph.value(small.graph.inputs()[0].value).type;
  for (const auto &sample : samples) {
    small.inputs.push_back({ops::from_real(type, sample[0].f32)});
  }
  return small;
}

Result<codegen::Emitted> emit_for(const Small &small, const targets::Target &target,
                                  const plan::Options &options) {
  TRY(const plan::Plan plan, plan::make_plan(small.graph, options));
  codegen::Options emit_options;
  emit_options.name = "small";
  emit_options.target = target;
  return codegen::emit(small.graph, plan, emit_options);
}

std::vector<std::uint8_t> bytes_of(const ops::Tensor &tensor) {
  return {tensor.i8.begin(), tensor.i8.end()};
}

TEST(Network, EveryTargetGivesTheBitsOfTheIntegerEvaluator) {
  const auto small = small_network();
  ASSERT_OK(small);
  std::vector<RawSample> inputs, expected;
  for (const auto &sample : small->inputs) {
    inputs.push_back({bytes_of(sample[0])});
    expected.push_back({bytes_of(ops::evaluate_outputs(small->graph, {}, sample)[0])});
    ASSERT_GT(std::set<std::uint8_t>(expected.back()[0].begin(), expected.back()[0].end()).size(),
              9u)
        << "an output of few values proves nothing";
  }
  for (const char *name : {"host", "atmega328p", "cortex-m4"}) {
    for (int ways = 0; ways < 8; ++ways) {
      plan::Options options;
      options.stream_in = ways & 1;
      options.stream_out = ways & 2;
      options.borrow_input = ways & 4;
      if (options.stream_in && options.borrow_input) continue;
      const targets::Target target = *targets::find_target(name);
      const auto emitted = emit_for(*small, target, options);
      ASSERT_OK(emitted);
      const auto result = build_and_run(*emitted, target, inputs);
      if (!result.ok() && result.diagnostics()[0].error_class == ErrorClass::kMissingTool) continue;
      ASSERT_OK(result);
      EXPECT_EQ(result->outputs, expected) << name << " " << ways;
    }
  }
}

// The compiler's call graph (-fcallgraph-info=su): bytes of stack of each function, and its calls.
struct CallGraph {
  std::map<std::string, std::int64_t> bytes;
  std::multimap<std::string, std::string> calls;
};

CallGraph parse_call_graph(const std::string &text) {
  CallGraph graph;
  const std::regex node(R"re(node: \{ title: "([^"]*)" label: "[^"]*\\n([0-9]+) bytes)re");
  const std::regex edge(R"re(edge: \{ sourcename: "([^"]*)" targetname: "([^"]*)")re");
  for (std::sregex_iterator it(text.begin(), text.end(), node), end; it != end; ++it) {
    graph.bytes[(*it)[1]] = std::stoll((*it)[2]);
  }
  for (std::sregex_iterator it(text.begin(), text.end(), edge), end; it != end; ++it) {
    graph.calls.emplace((*it)[1], (*it)[2]);
  }
  return graph;
}

std::int64_t deepest(const CallGraph &graph, const std::string &function) {
  std::int64_t below = 0;
  const auto [first, last] = graph.calls.equal_range(function);
  for (auto it = first; it != last; ++it) below = std::max(below, deepest(graph, it->second));
  const auto own = graph.bytes.find(function);
  return below + (own == graph.bytes.end() ? 0 : own->second);  // library functions: not known
}

TEST(Network, TheMeasuredStackAgreesWithTheCompilersCallGraph) {
  const auto small = small_network();
  ASSERT_OK(small);
  const targets::Target target = *targets::find_target("cortex-m4");
  const auto emitted = emit_for(*small, target, {});
  ASSERT_OK(emitted);
  const TemporaryDirectory directory;
  const auto result =
      build_and_run(*emitted, target, {{bytes_of(small->inputs[0][0])}}, directory.path());
  SKIP_WITHOUT(result);
  ASSERT_OK(result);

  std::vector<std::string> command = compile_command(target);
  command.insert(command.end(),
                 {"-fcallgraph-info=su", "-c", (directory.path() / "small.c").string(), "-o",
                  (directory.path() / "small.o").string()});
  ASSERT_OK(run_compiler(command, target));
  const auto text = read_text(directory.path() / "small.ci");
  ASSERT_OK(text);
  const std::int64_t bound = deepest(parse_call_graph(*text), "small_run");
  constexpr std::int64_t kLibrary = 16;  // what memcpy and memset may take below
  EXPECT_LE(result->bill.ram_stack, bound + kLibrary);
  EXPECT_GE(result->bill.ram_stack, bound / 2) << "the deepest path is hardly used";
}

}  // namespace
}  // namespace thimble::emulate
