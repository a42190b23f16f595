// The stack that an emulator measures is what the linked program's instructions say (emulate/
// stack_depth.h), and what a chip cannot hold is said before any board is touched.
#include <gtest/gtest.h>

#include "support/json.h"
#include "support/process.h"

namespace thimble {
namespace {

constexpr int kMissingToolExit = 5;

ProcessResult thimble_with(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), THIMBLE_PROGRAM);
  const auto process = run_process(arguments, {}, 300);
  EXPECT_TRUE(process.ok());
  return process.ok() ? *process : ProcessResult{};
}

class Stack : public testing::TestWithParam<const char *> {};

// `bench` itself fails on a stack beyond its bound; here, that there is a bound and that a run
// reaches it.
TEST_P(Stack, IsWhatTheLinkedProgramSays) {
  const std::string model = std::string(THIMBLE_SOURCE_DIR) + "/models/die/die_929.pt2";
  for (const char *residency : {"rings", "lines"}) {
    const ProcessResult bench = thimble_with({"bench", model, "--target", GetParam(), "--residency",
                                              residency, "--stream-out", "--json"});
    if (bench.exit_code == kMissingToolExit) GTEST_SKIP() << "skipped: " << bench.stderr_text;
    ASSERT_EQ(bench.exit_code, 0) << bench.stderr_text;
    const Json ram = Json::parse(bench.stdout_text)["ram"];
    ASSERT_TRUE(ram.contains("stack_bound"));
    EXPECT_EQ(ram["stack_bound"], ram["stack"]) << residency;
  }
}

INSTANTIATE_TEST_SUITE_P(Targets, Stack,
                         testing::Values("atmega328p", "ch32v003", "rv32imc", "cortex-m0",
                                         "cortex-m4", "cortex-m7", "cortex-m55"),
                         [](const auto &info) {
                           std::string name = info.param;
                           std::erase(name, '-');
                           return name;
                         });

// With what would do.
TEST(Budget, ANetworkThatIsTooLargeForItsChipEndsWithThree) {
  for (const auto &[model, target] :
       {std::pair("die/die_929", "attiny85"), std::pair("die/die_3889", "attiny85"),
        std::pair("lenet5/lenet5", "ch32v003")}) {
    const ProcessResult bench =
        thimble_with({"bench", std::string(THIMBLE_SOURCE_DIR) + "/models/" + model + ".pt2",
                      "--target", target});
    EXPECT_EQ(bench.exit_code, 3) << model << " on " << target;
    EXPECT_NE(bench.stderr_text.find("fix: "), std::string::npos);
    EXPECT_NE(bench.stderr_text.find("chips with room for"), std::string::npos);
  }
}

}  // namespace
}  // namespace thimble
