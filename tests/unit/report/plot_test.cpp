// Axes that a person would draw, and a whole small plot as a golden file.
#include "report/plot.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "report/plot_labels.h"
#include "support/files.h"

namespace thimble::report {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

std::vector<std::string> numbers(const Range &range) {
  std::vector<std::string> labels;
  for (const Tick &tick : ticks(range)) {
    if (!tick.label.empty()) labels.push_back(tick.label);
  }
  return labels;
}

TEST(Axis, LinearStepsAreOneTwoOrFive) {
  EXPECT_THAT(numbers(round_range({0, 93}, Scale::kLinear)),
              ElementsAre("0", "20", "40", "60", "80", "100"));
  EXPECT_THAT(numbers(round_range({0.011, 0.029}, Scale::kLinear)),
              ElementsAre("0.010", "0.015", "0.020", "0.025", "0.030"));
  EXPECT_THAT(numbers(round_range({-3, 4000}, Scale::kLinear)),
              ElementsAre("-1,000", "0", "1,000", "2,000", "3,000", "4,000"));
}

TEST(Axis, LogarithmicOnesEndOnRoundNumbersToo) {
  EXPECT_THAT(numbers(round_range({357, 31617}, Scale::kLog)),
              ElementsAre("200", "500", "1,000", "2,000", "5,000", "10,000", "20,000", "50,000"));
  EXPECT_THAT(numbers(round_range({0.002, 0.05}, Scale::kLog)),
              ElementsAre("0.002", "0.005", "0.01", "0.02", "0.05"));
  EXPECT_THAT(numbers(round_range({1, 1e6}, Scale::kLog)),
              ElementsAre("1", "10", "100", "1,000", "10,000", "100,000", "1,000,000"));
}

TEST(Axis, OneValueStillMakesARange) {
  for (const Scale scale : {Scale::kLinear, Scale::kLog}) {
    const Range range = round_range({5}, scale);
    EXPECT_LE(range.low, 5);
    EXPECT_GE(range.high, 5);
    EXPECT_LT(range.low, range.high);
    EXPECT_GE(numbers(range).size(), 2u);
  }
}

TEST(PlotLabels, StandBesideTheirPointsAndOffEachOther) {
  const Box frame{0, 0, 400, 300};
  const auto labels = place_labels({{100, 100, "first"}, {104, 100, "second"}}, {}, frame);
  ASSERT_EQ(labels.size(), 2u);
  EXPECT_GT(std::abs(labels[0].y - labels[1].y) + std::abs(labels[0].x - labels[1].x), 10);
  const auto crowd = place_labels(std::vector<LabelledPoint>(40, {100, 100, "same"}), {}, frame);
  EXPECT_LT(crowd.size(), 15u) << "names on top of each other cannot be read";
}

Plot small_plot() {
  Plot plot{"Less < more & better", {"size", Scale::kLog}, {"loss", Scale::kLinear}, {}};
  plot.series.push_back(
      {"dots", "#0072b2", Marker::kDot, false, {{300, 0.04, "small"}, {3000, 0.01, "large"}}});
  plot.series.push_back({"line", "#374151", Marker::kNone, true, {{300, 0.04}, {3000, 0.01}}});
  plot.series.push_back({"rings", "#9ca3af", Marker::kRing, false, {{300, 0.045}}});
  plot.series.push_back({"", "#000000", Marker::kSquare, false, {{1000, 0.02}}});
  plot.series.push_back({"none", "#000000", Marker::kTriangle, false, {}});
  return plot;
}

TEST(Plot, NamesWhatIsInItAndNothingElse) {
  const std::string svg = to_svg(small_plot());
  EXPECT_THAT(svg, HasSubstr("Less &lt; more &amp; better"));
  EXPECT_THAT(svg, HasSubstr(">rings<"));
  EXPECT_THAT(svg, Not(HasSubstr(">none<")));
}

TEST(GoldenPlot, IsWhatIsWritten) {
  const auto path =
      std::filesystem::path(THIMBLE_SOURCE_DIR) / "tests" / "golden" / "small_plot.svg";
  if (std::getenv("THIMBLE_REWRITE_GOLDENS")) {
    ASSERT_TRUE(write_file(path, to_svg(small_plot())).ok());
  }
  const auto expected = read_text(path);
  ASSERT_TRUE(expected.ok());
  EXPECT_EQ(to_svg(small_plot()), *expected) << "if this is meant: tests/golden/rewrite";
}

}  // namespace
}  // namespace thimble::report
