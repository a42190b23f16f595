// Whole generated files against tests/golden, to be read as part of a change. The script
// tests/golden/rewrite rewrites them: it runs this with THIMBLE_REWRITE_GOLDENS set.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "ir/text.h"
#include "networks.h"
#include "ops/operator.h"
#include "support/files.h"

namespace thimble::codegen {
namespace {

struct Golden {
  std::string name;  // tests/golden/NAME.thm, .c, .h
  std::string target;
  bool stream_out;
  bool by_lines = false;
};

Emitted emitted(const Golden &golden, const std::filesystem::path &folder) {
  const auto text = read_text(folder / (golden.name + ".thm"));
  EXPECT_TRUE(text.ok());
  auto graph = ir::parse(*text, golden.name);
  EXPECT_TRUE(graph.ok() && ops::infer_types(*graph).ok() && ops::verify(*graph).empty());
  plan::Options plan_options;
  plan_options.stream_out = golden.stream_out;
  if (golden.by_lines) plan_options.lines = plan::Lines::kAlways;
  const auto plan = plan::make_plan(*graph, plan_options);
  EXPECT_TRUE(plan.ok());
  Options options;
  options.name = golden.name;
  options.target = target_named(golden.target);
  options.model_sha256 =
      sha256_hex(reinterpret_cast<const std::uint8_t *>(text->data()), text->size());
  options.version = "VERSION";
  return *emit(*graph, *plan, options);
}

class GoldenFiles : public testing::TestWithParam<Golden> {};

TEST_P(GoldenFiles, AreWhatIsEmitted) {
  const std::filesystem::path folder = std::filesystem::path(THIMBLE_SOURCE_DIR) / "tests/golden";
  for (const File &file : emitted(GetParam(), folder).files) {
    if (std::getenv("THIMBLE_REWRITE_GOLDENS")) {
      ASSERT_TRUE(write_file(folder / file.name, file.text).ok());
      continue;
    }
    const auto expected = read_text(folder / file.name);
    ASSERT_TRUE(expected.ok()) << file.name;
    EXPECT_EQ(file.text, *expected) << "if this is meant: tests/golden/rewrite";
  }
}

INSTANTIATE_TEST_SUITE_P(Networks, GoldenFiles,
                         testing::Values(Golden{"tiny_pool", "host", false},
                                         Golden{"tiny_codes", "host", false},
                                         Golden{"tiny_decoder", "atmega328p", true},
                                         Golden{"tiny_lines", "atmega328p", true, true}),
                         [](const auto &info) { return info.param.name; });

}  // namespace
}  // namespace thimble::codegen
