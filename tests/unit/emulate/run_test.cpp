// Every emulator gives back what a network computes, however its ports are handed over, and says
// clearly what went wrong when it cannot.
#include "emulate/run.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fake_network.h"
#include "support/files.h"

namespace thimble::emulate {
namespace {

using ::testing::HasSubstr;

targets::Target target_named(const std::string &name) {
  auto target = targets::find_target(name);
  EXPECT_TRUE(target.ok()) << name;
  return *target;
}

class OnEveryTarget : public testing::TestWithParam<const char *> {};
INSTANTIATE_TEST_SUITE_P(Run, OnEveryTarget,
                         testing::Values("host", "atmega328p", "attiny85", "ch32v003", "rv32imc",
                                         "cortex-m0", "cortex-m4", "cortex-m7", "cortex-m55"),
                         [](const auto &info) {
                           std::string name = info.param;
                           std::erase(name, '-');
                           return name;
                         });

TEST_P(OnEveryTarget, EverySampleComesBackComputed) {
  const auto samples = fake_samples(5);
  const auto result = build_and_run(fake_network({}), target_named(GetParam()), samples);
  SKIP_WITHOUT(result);
  ASSERT_OK(result);
  EXPECT_EQ(result->outputs, fake_outputs(samples));
}

TEST_P(OnEveryTarget, StreamedRowsArriveAtTheirPlace) {
  const auto samples = fake_samples(3);
  for (int ways = 1; ways < 4; ++ways) {
    const Fake fake{.stream_in = (ways & 1) != 0, .stream_out = (ways & 2) != 0};
    const auto result = build_and_run(fake_network(fake), target_named(GetParam()), samples);
    SKIP_WITHOUT(result);
    ASSERT_OK(result);
    EXPECT_EQ(result->outputs, fake_outputs(samples)) << ways;
  }
}

TEST_P(OnEveryTarget, ARunThatDoesNotEndIsAnError) {
  const Fake fake{.work = "  for (volatile int i = 0; i >= 0; i = 0) {}"};
  const auto result = build_and_run(fake_network(fake), target_named(GetParam()), fake_samples(1),
                                    {}, {.cycles_per_run = 1'000'000, .seconds = 1});
  SKIP_WITHOUT(result);
  ASSERT_FALSE(result.ok());
  EXPECT_THAT(to_string(result.diagnostics()[0]), HasSubstr("did not end within"));
}

TEST_P(OnEveryTarget, CodeThatDoesNotCompileIsQuoted) {
  const auto result = build_and_run(fake_network({.work = "  nonsense = 1;"}),
                                    target_named(GetParam()), fake_samples(1));
  SKIP_WITHOUT(result);
  ASSERT_FALSE(result.ok());
  EXPECT_THAT(result.diagnostics()[0].why, HasSubstr("nonsense"));
}

TEST(Run, SourcesStayWhereTheCallerWantsThem) {
  const TemporaryDirectory directory;
  const auto work = directory.path() / "with space" / "work";
  const auto result = build_and_run(fake_network({}), target_named("host"), fake_samples(1), work);
  ASSERT_OK(result);
  EXPECT_TRUE(std::filesystem::exists(work / "fake.c"));
  EXPECT_TRUE(std::filesystem::exists(work / "harness.h"));
}

TEST(Run, QemuWorksInADirectoryWithASpace) {
  const TemporaryDirectory directory;
  const auto result = build_and_run(fake_network({}), target_named("cortex-m4"), fake_samples(1),
                                    directory.path() / "with space");
  SKIP_WITHOUT(result);
  ASSERT_OK(result);
}

TEST(Run, SanitizersReachTheGeneratedCode) {
  targets::Target host = target_named("host");
  host.flags.push_back("-fsanitize=address,undefined");
  host.flags.push_back("-fno-sanitize-recover=undefined");
  ASSERT_OK(build_and_run(fake_network({}), host, fake_samples(2)));
  const Fake overrun{.tables = "static int8_t table[4]; volatile int at = 4;",
                     .work = "  fake_arena[0] = (uint8_t)table[at];"};
  const auto result = build_and_run(fake_network(overrun), host, fake_samples(1));
  ASSERT_FALSE(result.ok());
  EXPECT_THAT(result.diagnostics()[0].why, HasSubstr("runtime error"));
}

TEST(Run, AnImageLargerThanTheChipIsABudgetError) {
  const Fake fake{.tables =
                      "volatile uint8_t at; const uint8_t table[30000] = {1};"
                      "const uint8_t other[30000] = {1};",
                  .work = "  fake_arena[at] = (uint8_t)(table[at] + other[at]);"};
  const auto result =
      build_and_run(fake_network(fake), target_named("atmega328p"), fake_samples(1));
  SKIP_WITHOUT(result);
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.diagnostics()[0].error_class, ErrorClass::kBudget);
  EXPECT_THAT(result.diagnostics()[0].why, HasSubstr("overflowed by"));
}

TEST(Run, DataLargerThanTheChipAreABudgetError) {
  for (const char *name : {"attiny85", "ch32v003"}) {
    const Fake fake{.tables = "volatile uint8_t at; uint8_t table[3000];",
                    .work = "  fake_arena[at] = table[at];"};
    const auto result = build_and_run(fake_network(fake), target_named(name), fake_samples(1));
    SKIP_WITHOUT(result);
    ASSERT_FALSE(result.ok()) << name;
    EXPECT_EQ(result.diagnostics()[0].error_class, ErrorClass::kBudget) << name;
  }
}

TEST(Run, AStackThatRunsIntoTheDataIsABudgetError) {
  const Fake fake{.tables =
                      "static uint8_t deep(uint8_t n) { volatile uint8_t space[64];"
                      " for (uint8_t i = 0; i < 64; ++i) space[i] = n;"
                      " return n ? (uint8_t)(deep((uint8_t)(n - 1)) + space[n % 64]) : 0; }",
                  .work = "  fake_arena[0] = deep(200);"};
  for (const char *name : {"atmega328p", "ch32v003"}) {
    const auto result = build_and_run(fake_network(fake), target_named(name), fake_samples(1));
    SKIP_WITHOUT(result);
    ASSERT_FALSE(result.ok()) << name;
    EXPECT_EQ(result.diagnostics()[0].error_class, ErrorClass::kBudget) << name;
    EXPECT_THAT(result.diagnostics()[0].what, HasSubstr("stack")) << name;
  }
}

TEST(Run, ACompilerThatIsNotInstalledNamesItsPackage) {
  targets::Target target = target_named("host");
  target.compiler = "no-such-compiler";
  target.debian_package = "gcc-of-nowhere";
  const auto result = build_and_run(fake_network({}), target, fake_samples(1));
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.diagnostics()[0].error_class, ErrorClass::kMissingTool);
  EXPECT_THAT(to_string(result.diagnostics()[0]), HasSubstr("gcc-of-nowhere"));
}

TEST(Run, AnUnknownEmulatorListsTheKnownOnes) {
  targets::Target target = target_named("host");
  target.emulator = "abacus";
  const auto result = build_and_run(fake_network({}), target, fake_samples(1));
  ASSERT_FALSE(result.ok());
  EXPECT_THAT(to_string(result.diagnostics()[0]), HasSubstr("native, simavr, qemu-arm"));
}

}  // namespace
}  // namespace thimble::emulate
