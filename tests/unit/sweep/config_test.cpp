// The list of runs: what it means, and every problem of it at once.
#include "sweep/config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace thimble::sweep {
namespace {

using ::testing::ElementsAre;

std::vector<std::string> names(const std::vector<Run> &runs) {
  std::vector<std::string> list;
  for (const Run &run : runs) list.push_back(run.name);
  return list;
}

TEST(Configs, EverySeedOfEveryConfigIsARun) {
  const auto runs = parse_runs(R"({"seeds": [1, 7], "common": {"epochs": 40, "rate": 0.1},
      "configs": [{"channels": [4, 4, 4, 4]},
                  {"channels": [8, 8, 8, 16], "hires": 2, "latent": 3, "epochs": 5}]})",
                               "list.json", {});
  ASSERT_TRUE(runs.ok());
  EXPECT_THAT(names(*runs),
              ElementsAre("4-4-4-4-seed1", "4-4-4-4-seed7", "8-8-8-16-hires2-latent3-seed1",
                          "8-8-8-16-hires2-latent3-seed7"));
  EXPECT_EQ((*runs)[0].config.epochs, 40);
  EXPECT_EQ((*runs)[0].config.json["rate"], 0.1) << "the trainer's own keys reach it";
  EXPECT_EQ((*runs)[0].config.json["hires"], 0) << "defaults are said";
  EXPECT_EQ((*runs)[3].config.json["epochs"], 5);
  EXPECT_EQ((*runs)[3].seed, 7);
}

TEST(Configs, TheCommandLineOverrides) {
  const auto runs =
      parse_runs(R"({"seeds": [9], "configs": [{"channels": [1, 2, 3, 4]}]})", "list.json", {3, 2});
  ASSERT_TRUE(runs.ok());
  EXPECT_THAT(names(*runs), ElementsAre("1-2-3-4-seed1", "1-2-3-4-seed2"));
  EXPECT_EQ((*runs)[0].config.json["epochs"], 3);
}

TEST(Configs, AllProblemsAreToldAtOnce) {
  const auto runs = parse_runs(R"({"seeds": [1, 1], "sizes": 3, "configs": [
      {"channels": [4, 4, 4]}, {"channels": [4, 4, 4, 0], "epochs": 1},
      {"channels": [4, 4, 4, 4], "epochs": 1, "hires": -1, "method": "../up"},
      {"channels": [4, 4, 4, 4], "epochs": 1}, 5]})",
                               "list.json", {});
  ASSERT_FALSE(runs.ok());
  std::vector<std::string> told;
  for (const Diagnostic &error : runs.diagnostics()) {
    EXPECT_EQ(error.file, "list.json");
    told.push_back(error.what);
  }
  EXPECT_THAT(told,
              ElementsAre("'sizes' is not known; there are seeds, common, configs",
                          "seeds: must be a list of different numbers",
                          "configs[0]: channels must be four numbers from 1 to 1024",
                          "configs[0]: epochs is missing (here, in \"common\" or as --epochs)",
                          "configs[1]: channels must be four numbers from 1 to 1024",
                          "configs[2]: hires must be a number from 0 to 16",
                          "configs[2]: method must be a word of letters, digits, '-' and '_'",
                          "configs[3]: is a second '4-4-4-4'; give it a \"name\"",
                          "configs[4]: must be an object"));
}

TEST(Configs, NamesTellApartWhatChannelsDoNot) {
  const auto runs = parse_runs(R"({"common": {"channels": [4, 4, 4, 4], "epochs": 1},
      "configs": [{}, {"name": "fast", "rate": 1}]})",
                               "list.json", {});
  ASSERT_TRUE(runs.ok());
  EXPECT_THAT(names(*runs), ElementsAre("4-4-4-4-seed1", "fast-seed1"));
  EXPECT_FALSE((*runs)[1].config.json.contains("name"));
}

TEST(Configs, WhatIsNoListIsRefused) {
  for (const char *text :
       {"", "[]", "{}", "{\"configs\": []}", "{\"configs\": 1, \"common\": 2}"}) {
    EXPECT_FALSE(parse_runs(text, "list.json", {}).ok()) << text;
  }
}

TEST(Configs, TheShippedListHasThirteenSizesAndTwoSeeds) {
  const auto runs = read_runs({}, {});
  ASSERT_TRUE(runs.ok());
  EXPECT_EQ(runs->size(), 26u);
}

TEST(Configs, EvennessIsLeastOverMost) {
  EXPECT_EQ(evenness({"", {2, 2, 8, 16}}), 0.125);
  EXPECT_EQ(evenness({"", {3, 3, 3, 3}}), 1);
}

}  // namespace
}  // namespace thimble::sweep
