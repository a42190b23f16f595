// The stack that an emulator measures, held against what the compiler says of each function's frame
// (-fstack-usage): no less than the largest frame of the network's own functions, no more than all
// of them together, since the calls are no deeper than the list of functions is long.
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "support/files.h"
#include "support/json.h"
#include "support/process.h"

namespace thimble {
namespace {

namespace fs = std::filesystem;

constexpr int kMissingToolExit = 5;

ProcessResult thimble_with(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), THIMBLE_PROGRAM);
  const auto process = run_process(arguments, {}, 300);
  EXPECT_TRUE(process.ok());
  return process.ok() ? *process : ProcessResult{};
}

// Compiler and flags as `thimble targets --json` gives them.
std::vector<std::string> compiler_of(const std::string &target) {
  const Json list = Json::parse(thimble_with({"targets", "--json"}).stdout_text);
  for (const Json &entry : list["targets"]) {
    if (entry["name"] != target) continue;
    std::vector<std::string> command = {entry["compiler"]};
    for (const Json &flag : entry["flags"]) command.push_back(flag);
    return command;
  }
  ADD_FAILURE() << "no target " << target;
  return {};
}

struct Frames {
  std::int64_t largest = 0, sum = 0;
  bool bounded = true;
};

// Lines of a .su file: "file:line:column:function<TAB>bytes<TAB>static"; "dynamic,bounded" where
// arguments are pushed.
Frames parse_frames(const std::string &text) {
  Frames frames;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    const std::size_t tab = line.find('\t');
    const std::int64_t bytes = std::stoll(line.substr(tab + 1));
    frames.largest = std::max(frames.largest, bytes);
    frames.sum += bytes;
    frames.bounded &= !line.ends_with("\tdynamic");
  }
  return frames;
}

class Stack : public testing::TestWithParam<const char *> {};

TEST_P(Stack, IsWhatTheCompilersFramesAllow) {
  const std::string target = GetParam();
  const std::string model = std::string(THIMBLE_SOURCE_DIR) + "/models/die/die_929.pt2";
  const ProcessResult bench = thimble_with({"bench", model, "--target", target, "--json"});
  if (bench.exit_code == kMissingToolExit) GTEST_SKIP() << "skipped: " << bench.stderr_text;
  ASSERT_EQ(bench.exit_code, 0) << bench.stderr_text;
  const std::int64_t stack = Json::parse(bench.stdout_text)["ram"]["stack"];

  const TemporaryDirectory folder;
  const ProcessResult compiled =
      thimble_with({"compile", model, "--target", target, "--calib", "random:8", "--name", "net",
                    "-o", folder.path().string()});
  ASSERT_EQ(compiled.exit_code, 0) << compiled.stderr_text;
  std::vector<std::string> command = compiler_of(target);
  for (const std::string &word : {std::string("-std=gnu99"), std::string("-fstack-usage"),
                                  std::string("-c"), (folder.path() / "net.c").string(),
                                  std::string("-o"), (folder.path() / "net.o").string()}) {
    command.push_back(word);
  }
  if (target == "ch32v003" || target == "rv32imc") command.push_back("--specs=picolibc.specs");
  const auto object = run_process(command, {}, 100);
  ASSERT_TRUE(object.ok() && object->exit_code == 0) << object->stderr_text;
  const auto usage = read_text(folder.path() / "net.su");
  ASSERT_TRUE(usage.ok());
  const Frames frames = parse_frames(*usage);
  EXPECT_TRUE(frames.bounded) << "no variable-length arrays, no alloca";
  EXPECT_GE(stack, frames.largest);
  EXPECT_LE(stack, frames.sum);
}

INSTANTIATE_TEST_SUITE_P(Targets, Stack,
                         testing::Values("atmega328p", "ch32v003", "rv32imc", "cortex-m0",
                                         "cortex-m4", "cortex-m7", "cortex-m55"),
                         [](const auto &info) {
                           std::string name = info.param;
                           std::erase(name, '-');
                           return name;
                         });

// What a chip cannot hold is said before any board is touched, with what would do.
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
