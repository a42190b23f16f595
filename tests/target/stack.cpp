// The stack that an emulator measures is what the linked program's instructions say (emulate/
// stack_depth.h), and what a chip cannot hold is said before any board is touched.
#include <gtest/gtest.h>

#include <filesystem>

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

// `bench` itself fails on a stack beyond its bound; here, that there is a bound and that a run
// reaches it. What `bench` exits with.
int expect_bound_reached(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "bench");
  arguments.emplace_back("--json");
  const ProcessResult bench = thimble_with(arguments);
  if (bench.exit_code == kMissingToolExit) return bench.exit_code;
  EXPECT_EQ(bench.exit_code, 0) << bench.stderr_text;
  if (bench.exit_code != 0) return bench.exit_code;
  const Json ram = Json::parse(bench.stdout_text)["ram"];
  EXPECT_EQ(ram.value("stack_bound", std::int64_t{-1}), ram["stack"].get<std::int64_t>())
      << arguments[1] << " on " << arguments[3];
  return 0;
}

class Stack : public testing::TestWithParam<const char *> {};

TEST_P(Stack, IsWhatTheLinkedProgramSays) {
  const std::string model = std::string(THIMBLE_SOURCE_DIR) + "/models/die/die_929.pt2";
  for (const char *residency : {"rings", "lines"}) {
    const int exit_code = expect_bound_reached(
        {model, "--target", GetParam(), "--residency", residency, "--stream-out"});
    if (exit_code == kMissingToolExit) GTEST_SKIP() << "skipped: no tools of " << GetParam();
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

// Calls for far jumps; assembly's own calls beside callbacks; frames whose last bytes nothing
// writes; rescaling that a network has no use for; outputs left over that there are none of.
TEST(StackBound, IsExactWhereTheWaysThroughTheProgramAreMany) {
  const std::string own = std::string(THIMBLE_SOURCE_DIR) + "/models/";
  const std::string shared = std::string(THIMBLE_SHARED_DIR) + "/models/mlperf-tiny/";
  if (!std::filesystem::exists(shared)) GTEST_SKIP() << "skipped: " << shared << " is not there";
  const std::vector<std::vector<std::string>> runs = {
      {own + "die/die_929.pt2", "--target", "atmega328p", "--layer-by-layer", "--stream-out"},
      {own + "lenet5/lenet5.pt2", "--target", "cortex-m55", "--optimize", "speed"},
      {shared + "ad01.tflite", "--target", "rv32imc", "--optimize", "flash"},
      {shared + "resnet.tflite", "--target", "cortex-m0", "--optimize", "ram"},
      {shared + "resnet.tflite", "--target", "cortex-m55", "--optimize", "ram"},
      {shared + "kws.tflite", "--target", "cortex-m55", "--optimize", "ram"}};
  for (const auto &run : runs) {
    if (expect_bound_reached(run) == kMissingToolExit) GTEST_SKIP() << "skipped: no " << run[2];
  }
}

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
