// Runs tests/passes/NAME.thm: cases of a graph before and a graph after ("same": unchanged) the
// pass of that name, separated by === and ---. Every case must also come out unchanged when the
// pass runs again, and mean the same on a sample (but for the passes that change what is computed).
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>

#include "ir/text.h"
#include "ops/evaluate.h"
#include "passes/pipeline.h"
#include "support/files.h"

namespace thimble::passes {
namespace {

std::vector<std::string> split(const std::string &text, const std::string &line) {
  const std::string separator = "\n" + line + "\n";
  std::vector<std::string> parts;
  for (std::size_t start = 0;;) {
    const std::size_t end = text.find(separator, start);
    parts.push_back(text.substr(start, end - start));
    if (end == std::string::npos) return parts;
    start = end + separator.size();
  }
}

ir::Graph parse(const std::string &text, const std::string &file) {
  auto graph = ir::parse(text, file);
  if (!graph.ok()) throw std::runtime_error(to_string(graph.diagnostics().front()));
  graph->name = "g";
  return *std::move(graph);
}

ir::Graph run(const std::string &pass, const ir::Graph &graph) {
  auto result = run_passes(graph, {pass});
  if (!result.ok()) throw std::runtime_error(to_string(result.diagnostics().front()));
  return *std::move(result);
}

bool keeps_meaning(const std::string &pass) {
  const auto shrink = shrinking();
  return std::none_of(shrink.begin(), shrink.end(),
                      [&](const Pass &other) { return other.name == pass; });
}

std::vector<std::vector<float>> outputs(const ir::Graph &graph) {
  std::vector<ops::Tensor> inputs;
  for (const ir::Port &port : graph.inputs()) {
    const ir::Type &type = graph.value(port.value).type;
    std::vector<float> data;
    for (std::int64_t i = 0; i < type.shape.elements(); ++i)
      data.push_back(static_cast<float>((i * 7 + 3) % 11) - 4);
    inputs.push_back(ops::from_real(type, data));
  }
  std::vector<std::vector<float>> result;
  for (const ops::Tensor &tensor : ops::evaluate_outputs(graph, {}, inputs))
    result.push_back(ops::to_real(tensor));
  return result;
}

class BeforeAfter : public testing::TestWithParam<std::string> {};

TEST_P(BeforeAfter, MatchesAndIsIdempotentAndKeepsTheMeaning) {
  std::string pass = GetParam();
  const std::filesystem::path file =
      std::filesystem::path(THIMBLE_SOURCE_DIR) / "tests" / "passes" / (pass + ".thm");
  std::replace(pass.begin(), pass.end(), '_', '-');
  const auto text = read_text(file);
  ASSERT_TRUE(text.ok()) << file;
  for (const std::string &text_case : split(*text, "===")) {
    SCOPED_TRACE(text_case);
    const auto halves = split(text_case, "---");
    ASSERT_EQ(halves.size(), 2u);
    const ir::Graph before = parse(halves[0], file.string());
    const bool same = halves[1].starts_with("same");
    const ir::Graph expected = same ? before : parse(halves[1], file.string());
    const ir::Graph after = run(pass, before);
    EXPECT_EQ(ir::print(after), ir::print(expected));
    EXPECT_EQ(ir::print(run(pass, after)), ir::print(after));
    if (keeps_meaning(pass)) {
      EXPECT_EQ(outputs(before), outputs(after));
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Passes, BeforeAfter,
                         testing::Values("fold_batchnorm", "absorb_permute", "absorb_reshape",
                                         "fuse_activation", "absorb_qdq", "legalize_concat",
                                         "remove_dead", "copy_borrowed", "input_pieces",
                                         "output_pieces", "subsample_shortcut", "pool_to_stride",
                                         "byte_pairs", "byte_threes", "byte_eights", "byte_fours",
                                         "byte_vectors", "pixel_twins", "copy_windows"),
                         [](const auto &info) { return info.param; });

TEST(Pipeline, NamesAnUnknownPass) {
  const auto result =
      run_passes(parse("input x: f32[1x1x1]\nnode r: Relu(x) -> y: f32[1x1x1]\noutput y\n", ""),
                 {"no-such-pass"});
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.diagnostics()[0].error_class, ErrorClass::kUsage);
  EXPECT_NE(result.diagnostics()[0].fix.find("fold-batchnorm"), std::string::npos);
}

}  // namespace
}  // namespace thimble::passes
