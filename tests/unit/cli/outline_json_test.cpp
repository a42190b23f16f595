// Graphs as JSON: what they say, what is refused and in which words, and that nothing crashes.
#include "cli/outline_json.h"

#include <gtest/gtest.h>

#include <array>
#include <filesystem>
#include <random>

#include "plan/plan.h"
#include "support/files.h"

namespace thimble::cli {
namespace {

namespace fs = std::filesystem;

constexpr const char *kGraph = R"({"name": "small", "inputs": ["x"], "outputs": ["z"],
  "tensors": {"x": {"size": 192, "shape": [1, 3, 8, 8]}, "y": {"shape": [1, 4, 4, 4]}, "z": {"shape": [1, 4]}},
  "ops": [{"type": "Conv", "in": ["x"], "out": ["y"], "fused": ["Relu"], "w": 112,
           "kernel_shape": [3, 3], "strides": [2, 2], "pads": [1, 1, 1, 1]},
          {"type": "GlobalAveragePool", "in": ["y"], "out": ["z"]}]})";

std::string errors_of(const std::string &text) {
  const auto outline = parse_outline(text, "g.json");
  std::string errors;
  for (const Diagnostic &error : outline.diagnostics()) errors += to_string(error);
  return errors;
}

// kGraph with one thing changed.
std::string with(const std::string &from, const std::string &to) {
  std::string text = kGraph;
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

TEST(OutlineJson, SaysTensorsAndOperators) {
  const plan::Outline outline = *parse_outline(kGraph, "g.json");
  EXPECT_EQ(outline.name, "small");
  ASSERT_EQ(outline.tensors.size(), 3u);
  EXPECT_EQ(outline.tensors[0].elements(), 192);
  ASSERT_EQ(outline.ops.size(), 2u);
  EXPECT_EQ(outline.ops[0].strides, (std::vector<int>{2, 2}));
  EXPECT_EQ(outline.ops[1].in, outline.ops[0].out);
  EXPECT_TRUE(outlined_of(outline, "g.json").ok());
}

TEST(OutlineJson, RefusesWithWords) {
  EXPECT_NE(errors_of("{").find("g.json: error: is not JSON"), std::string::npos);
  EXPECT_NE(errors_of("[1]").find("is no graph"), std::string::npos);
  const std::string missing = errors_of("{\"inputs\": 1}");
  for (const char *section : {"'inputs'", "'outputs'", "'ops'", "'tensors'"})
    EXPECT_NE(missing.find(section), std::string::npos) << section;
  const std::vector<std::array<std::string, 3>> cases = {
      {"[1, 3, 8, 8]", "[1, 3, 8, 0]", "not a whole number from 1"},
      {"[1, 3, 8, 8]", "[1, 3.5]", "not a whole number from 1"},
      {"[1, 3, 8, 8]", "[18446744073709551615]", "not a whole number from 1"},
      {"[1, 3, 8, 8]", "[65536, 65536]", "more than 2^31 - 1 elements"},
      {"[1, 3, 8, 8]", "[]", "no list of 1 to 8 dimensions"},
      {"192", "191", "has two sizes"},
      {"\"in\": [\"y\"]", "\"in\": [\"q\"]", "node 'ops[1]' (GlobalAveragePool): 'in' names \"q\""},
      {"\"in\": [\"y\"]", "\"in\": [[[1]]]", "names a list, which is no tensor"},
      {"\"in\": [\"y\"]", "\"in\": [\"z\"]", "reads 'z' before it is made"},
      {"\"out\": [\"z\"]", "\"out\": [\"y\"]", "makes 'y', which is there already"},
      {"\"out\": [\"z\"]", "\"out\": []", "makes no tensor"},
      {"\"type\": \"Conv\"", "\"type\": 1", "node 'ops[0]': has no type"},
      {"[2, 2]", "[0, 2]", "'strides' is no list of sizes"},
      {"[1, 1, 1, 1]", "[1, 1, 1]", "pads that do not fit"},
      {"\"outputs\": [\"z\"]", "\"outputs\": []", "has no outputs"},
      {"\"inputs\": [\"x\"]", "\"inputs\": [\"x\", \"x\"]", "input 'x' is there twice"},
  };
  for (const auto &[from, to, words] : cases)
    EXPECT_NE(errors_of(with(from, to)).find(words), std::string::npos)
        << to << " says\n"
        << errors_of(with(from, to));
}

TEST(OutlineJson, ReportsAllErrorsAtOnce) {
  const std::string text = with("\"in\": [\"x\"]", "\"in\": [\"z\"], \"axis\": 99");
  const auto outline = parse_outline(text, "g.json");
  EXPECT_EQ(outline.diagnostics().size(), 2u);
}

TEST(OutlineJson, SurvivesDeepNesting) {
  const std::string deep(200'000, '[');
  EXPECT_FALSE(parse_outline(deep, "g.json").ok());
  EXPECT_FALSE(
      parse_outline(with("\"y\"]", deep + std::string(200'000, ']') + "]"), "g.json").ok());
}

// Bytes changed at random: an outline whose plan is proven on tagged bytes, or words.
TEST(OutlineJson, NeverCrashesOnMutants) {
  std::mt19937 random(1);
  const std::string bytes = "0123456789-.,:[]{}\"exyzt ";
  int planned = 0;
  for (int i = 0; i < 3000; ++i) {
    std::string text = kGraph;
    for (unsigned changes = 1 + random() % 3; changes > 0; --changes)
      text[random() % text.size()] = bytes[random() % bytes.size()];
    const auto outline = parse_outline(text, "g.json");
    ASSERT_EQ(outline.ok(), outline.diagnostics().empty());
    if (!outline) continue;
    const auto graph = outlined_of(*outline, "g.json");
    if (!graph) continue;
    planned += plan::make_plan(graph->graph, graph->behaviours, {.time_limit_seconds = 1}).ok();
  }
  EXPECT_GT(planned, 100);
}

TEST(OutlineJson, ReadsTheSharedGraphs) {
  const fs::path folder = fs::path(THIMBLE_SHARED_DIR) / "plans/graphs";
  if (!fs::exists(folder)) GTEST_SKIP() << "the shared graphs are not here";
  int count = 0;
  for (const auto &entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() != ".json") continue;
    const auto outline = read_outline(entry.path().string());
    ASSERT_TRUE(outline.ok()) << to_string(outline.diagnostics()[0]);
    const auto graph = outlined_of(*outline, entry.path().string());
    EXPECT_TRUE(graph.ok()) << to_string(graph.diagnostics()[0]);
    ++count;
  }
  EXPECT_GE(count, 32);
}

}  // namespace
}  // namespace thimble::cli
