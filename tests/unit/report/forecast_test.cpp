// Forecasts: what the tables say, and that the built-in one is near what networks of the repo take.
#include "report/forecast.h"

#include <gtest/gtest.h>

namespace thimble::report {
namespace {

TEST(Forecast, AddsUpWhatEachKernelDoes) {
  const targets::KernelTimes times{{"conv2d_i8", {10, 5, 2, 1, 0.5, 0.25, 0.125}},
                                   {"step", {100, 0, 0, 0, 0, 0, 0}}};
  const std::vector<std::vector<codegen::Work>> work{
      {{"step", 3, 0, 0, 0, 0, 0, 0}, {"conv2d_i8", 1, 2, 4, 8, 16, 32, 64}},
      {{"conv2d_i8_tensor", 1, 0, 0, 0, 0, 0, 0}}};
  const Forecast found = forecast(work, times);
  EXPECT_EQ(found.count, 300 + (10 + 10 + 8 + 8 + 8 + 8 + 8) + 10);
  EXPECT_TRUE(found.unknown.empty());
}

// Functions of several nodes ("_shared") take longer: their sizes are told.
TEST(Forecast, WhatOnlyTheOtherWayWasMeasuredCountsAsThat) {
  const targets::KernelTimes times{{"a", {1}}, {"b_shared", {10}}, {"c", {100}}, {"c_shared", {5}}};
  const Forecast found = forecast({{{"a_shared", 1}, {"b", 1}, {"c_tensor_shared", 1}}}, times);
  EXPECT_EQ(found.count, 1 + 10 + 5);
  EXPECT_TRUE(found.unknown.empty());
}

TEST(Forecast, WindowsOfOneColumnCountAsAllWhereTheyWereNotMeasured) {
  const targets::KernelTimes times{{"a", {1}}, {"b_shared", {10}}, {"c", {100}}, {"c_narrow", {5}}};
  const Forecast found =
      forecast({{{"a_narrow", 1}, {"b_narrow", 1}, {"c_narrow_shared", 1}}}, times);
  EXPECT_EQ(found.count, 1 + 10 + 5);
  EXPECT_TRUE(found.unknown.empty());
}

TEST(Forecast, NamesWhatWasNotMeasured) {
  const Forecast found = forecast({{{"b"}, {"a"}}, {{"b"}}}, {});
  EXPECT_EQ(found.count, 0);
  EXPECT_EQ(found.unknown, (std::vector<std::string>{"a", "b"}));
}

// Of chips and levels that were measured, each has the list of steps itself.
TEST(Forecast, TheBuiltInTablesCountSteps) {
  const auto targets = targets::all_targets();
  ASSERT_TRUE(targets.ok());
  int measured = 0;
  for (const targets::Target &target : *targets) {
    for (const targets::Level &level : target.levels) {
      const auto at = targets::at_level(target, level.name);
      ASSERT_TRUE(at.ok());
      const auto times = targets::kernel_times(*at, targets::Requant::kM16);
      if (times.empty()) continue;
      ++measured;
      EXPECT_GT(times.size(), 10u) << target.name << " " << level.name;
      EXPECT_TRUE(times.contains("step")) << target.name << " " << level.name;
    }
  }
  EXPECT_GE(measured, 4);
}

}  // namespace
}  // namespace thimble::report
