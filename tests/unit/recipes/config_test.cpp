// What `thimble train die --config` takes.
#include "recipes/config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "passes/levels.h"

namespace thimble::recipes {
namespace {

using ::testing::HasSubstr;

TEST(DieConfig, BitsAreWordsOfLevels) {
  for (const char *bits : {"8", "4", "2", "ternary", "1"}) {
    const auto config = parse_config("{\"bits\": \"" + std::string(bits) + "\"}", "c.json");
    ASSERT_TRUE(config.ok()) << bits;
    EXPECT_EQ(config->bits, bits);
    EXPECT_TRUE(passes::levels_of(config->bits).ok());
    EXPECT_EQ(to_json(*config)["bits"], bits);
  }
  EXPECT_EQ(parse_config("{}", "c.json")->bits, "8");
}

TEST(DieConfig, OtherBitsAreRefused) {
  for (const char *text : {"{\"bits\": 4}", "{\"bits\": \"3\"}", "{\"bits\": null}",
                           "{\"bits\": [\"4\"]}", "{\"bits\": \"\"}"}) {
    const auto config = parse_config(text, "c.json");
    ASSERT_FALSE(config.ok()) << text;
    EXPECT_EQ(config.diagnostics()[0].file, "c.json");
    EXPECT_THAT(config.diagnostics()[0].why, HasSubstr("8, 4, 2, ternary, 1"));
  }
}

TEST(DieConfig, AllThatIsWrongIsSaidAtOnce) {
  const auto config = parse_config(R"({"bits": "9", "epochs": 0, "rate": 2, "colour": 1,
      "channels": [1, 2, 3, 5000], "quantized": -1})",
                                   "c.json");
  ASSERT_FALSE(config.ok());
  EXPECT_EQ(config.diagnostics().size(), 6u);
  for (const Diagnostic &error : config.diagnostics()) {
    EXPECT_EQ(error.error_class, ErrorClass::kUsage);
    EXPECT_FALSE(error.why.empty() || error.fix.empty());
  }
  for (const char *text : {"", "[]", "{", "3", "{\"bits\": }"})
    EXPECT_FALSE(parse_config(text, "c.json").ok()) << text;
}

TEST(DieConfig, ComesBackAsItWasWritten) {
  const auto config = parse_config(
      R"({"method": "cvae", "channels": [4, 5, 6, 7], "hires": 2, "bits": "ternary"})", "c.json");
  ASSERT_TRUE(config.ok());
  const auto again = parse_config(to_json(*config).dump(), "c.json");
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(to_json(*again), to_json(*config));
}

}  // namespace
}  // namespace thimble::recipes
