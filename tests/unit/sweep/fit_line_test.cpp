// Known slopes, and the error that noise makes.
#include "sweep/fit_line.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace thimble::sweep {
namespace {

TEST(FitLine, FindsAPowerLaw) {
  std::vector<Sample> samples;
  for (double x : {357.0, 929.0, 2721.0, 31617.0})
    samples.push_back({x, 3 * std::pow(x, -2.0 / 3)});
  const auto law = fit_line(samples);
  ASSERT_TRUE(law);
  EXPECT_NEAR(law->slope, -2.0 / 3, 1e-9);
  EXPECT_NEAR(law->slope_error, 0, 1e-6);
  EXPECT_NEAR(law->at(1), 3, 1e-6);
}

// By hand: x 0, 1, 2, 3 and y 0, 2, 1, 3 in decades: slope 0.8, residuals' squares sum to 1.8, so
// the error is sqrt(1.8 / 2 / 5).
TEST(FitLine, KnowsItsStandardError) {
  const auto law = fit_line(std::vector<Sample>{{1, 1}, {10, 100}, {100, 10}, {1000, 1000}});
  ASSERT_TRUE(law);
  EXPECT_NEAR(law->slope, 0.8, 1e-9);
  EXPECT_NEAR(law->slope_error, std::sqrt(1.8 / 2 / 5), 1e-9);
}

TEST(FitLine, SaysNothingOfTooFewPoints) {
  EXPECT_FALSE(fit_line(std::vector<Sample>{{1, 1}, {2, 2}}));
  EXPECT_FALSE(fit_line(std::vector<Sample>{{5, 1}, {5, 2}, {5, 3}}));
}

}  // namespace
}  // namespace thimble::sweep
