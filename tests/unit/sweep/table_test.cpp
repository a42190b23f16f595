// What is made of results: order, table, JSON, budgets.
#include "sweep/table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "die/models.h"
#include "support/files.h"
#include "sweep/pictures.h"

namespace thimble::sweep {
namespace {

using ::testing::HasSubstr;

TrainedRun trained(const std::string &name, std::array<int, 4> channels, int hires, int seed,
                   std::int64_t parameters, double loss) {
  TrainedRun run;
  run.run = {{name, channels, hires}, seed, name + "-seed" + std::to_string(seed)};
  run.run.config.json = {{"channels", channels}, {"hires", hires}};
  run.parameters = parameters;
  run.parameters_fc = 112 * channels[3];
  run.parameters_cnn = parameters - run.parameters_fc;
  run.loss = loss;
  run.variance = 0.05;
  run.recognised = 0.98;
  run.seconds = 100;
  return run;
}

std::vector<Row> some_rows() {
  const std::vector<Cost> costs = {{1536, 200, 323, 5000, 2'340'000, 0.146, ""},
                                   {2048, 315, 461, 5300, 3'650'000, 0.228, ""},
                                   {4096, 600, 739, 7000, 7'430'000, 0.464, ""},
                                   {16384, 2000, 2185, 9000, 0, 0, "needs 2,185 B of RAM"},
                                   {0, 0, 0, 0, 0, 0, "no decoder.onnx that can be read"}};
  const std::vector<Size> sizes =
      by_size({trained("8-8-8-8-hires3", {8, 8, 8, 8}, 3, 1, 4473, 0.0039),
               trained("4-4-4-4", {4, 4, 4, 4}, 0, 1, 929, 0.0141),
               trained("2-2-2-2", {2, 2, 2, 2}, 0, 1, 357, 0.0298),
               trained("4-4-4-4", {4, 4, 4, 4}, 0, 2, 929, 0.0130),
               trained("16-16-16-16", {16, 16, 16, 16}, 0, 1, 8897, 0.0044),
               trained("8-8-8-8", {8, 8, 8, 8}, 0, 1, 2721, 0.0110)});
  std::vector<Row> rows;
  for (std::size_t i = 0; i < sizes.size(); ++i) rows.push_back({sizes[i], costs.at(i)});
  return rows;
}

TEST(Sizes, AreInOrderOfParametersAndBestFirst) {
  const std::vector<Row> rows = some_rows();
  ASSERT_EQ(rows.size(), 5u);
  EXPECT_EQ(rows[0].size.config.name, "2-2-2-2");
  EXPECT_EQ(rows[1].size.best().run.seed, 2);
  EXPECT_EQ(rows[1].size.runs.size(), 2u);
}

TEST(Sizes, TheLawLeavesOutHiresLayers) {
  std::vector<Row> rows = some_rows();
  const auto law = law_of(rows);
  ASSERT_TRUE(law);
  rows.erase(rows.begin() + 3);
  EXPECT_EQ(law_of(rows)->slope, law->slope);
}

TEST(GoldenTable, IsWhatIsWritten) {
  const auto path =
      std::filesystem::path(THIMBLE_SOURCE_DIR) / "tests" / "golden" / "sweep_table.md";
  const std::string text =
      to_markdown(some_rows()) + "\n" + to_markdown(best_for_budgets(some_rows()));
  if (std::getenv("THIMBLE_REWRITE_GOLDENS")) {
    ASSERT_TRUE(write_file(path, text).ok());
  }
  const auto expected = read_text(path);
  ASSERT_TRUE(expected.ok());
  EXPECT_EQ(text, *expected) << "if this is meant: tests/golden/rewrite";
}

TEST(Json, HasTheKeysOfScripts) {
  const Json json = to_json(some_rows());
  EXPECT_EQ(json["runs"].size(), 6u);
  const Json &run = json["runs"][1];
  for (const char *key :
       {"config", "seed", "parameters", "loss", "accuracy", "ram_bytes", "seconds"}) {
    EXPECT_TRUE(run.contains(key)) << key;
  }
  EXPECT_EQ(run["ram_bytes"], 461);
  EXPECT_TRUE(json["runs"].back()["ram_bytes"].is_null()) << "what was not measured is no number";
  EXPECT_LT(json["slope"].get<double>(), -0.3);
}

TEST(Budgets, GetTheLeastLossThatFits) {
  const std::vector<Row> rows = some_rows();
  const auto budgets = best_for_budgets(rows);
  ASSERT_EQ(budgets.size(), 5u);
  EXPECT_EQ(budgets[0].best->size.config.name, "4-4-4-4");         // 512 B
  EXPECT_EQ(budgets[2].best->size.config.name, "8-8-8-8");         // 2 KB
  EXPECT_EQ(budgets[3].best->size.config.name, "8-8-8-8-hires3");  // 4 KB
}

TEST(Results, AreReadOrSayWhatTheyLack) {
  const TemporaryDirectory directory;
  const auto path = directory.path() / "run.json";
  ASSERT_TRUE(write_file(path, R"({"parameters": 929, "parameters_cnn": 481, "parameters_fc": 448,
      "loss": 0.01, "variance": 0.05, "recognised": 0.9, "recognised_by_evaluator": 0.8, "seconds": 3})")
                  .ok());
  const auto run = read_result({}, directory.path());
  ASSERT_TRUE(run.ok());
  EXPECT_EQ(run->parameters_fc, 448);
  EXPECT_EQ(run->recognised_by_evaluator, 0.8);
  ASSERT_TRUE(write_file(path, R"({"parameters": 929, "loss": 0, "variance": "x"})").ok());
  const auto poor = read_result({}, directory.path());
  ASSERT_FALSE(poor.ok());
  EXPECT_THAT(poor.diagnostics()[0].why,
              HasSubstr("parameters_cnn, parameters_fc, loss, variance, recognised"));
  EXPECT_FALSE(read_result({}, directory.path() / "nowhere").ok());
}

TEST(LayerByLayer, IsTheLargestInputAndOutputOfALayer) {
  const auto d4 = die::load_shipped_model("die_929.pt2"),
             d8 = die::load_shipped_model("die_3889.pt2");
  ASSERT_TRUE(d4.ok() && d8.ok());
  EXPECT_EQ(layer_by_layer_bytes(d4->graph), 2048);
  EXPECT_EQ(layer_by_layer_bytes(d8->graph), 16384);
}

}  // namespace
}  // namespace thimble::sweep
