#include "support/process.h"

#include <gtest/gtest.h>

#include <chrono>

namespace thimble {
namespace {

TEST(Process, PassesInputArgumentsAndStreams) {
  const auto result = run_process({"sh", "-c", "cat; echo \"$1\" >&2; exit 3", "sh", "a b"}, "in");
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(result->exit_code, 3);
  EXPECT_EQ(result->stdout_text, "in");
  EXPECT_EQ(result->stderr_text, "a b\n");
}

TEST(Process, TakesMuchInputAndOutputWithoutStopping) {
  const std::string much(1 << 20, 'x');
  const auto result = run_process({"sh", "-c", "cat; cat /dev/null"}, much);
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(result->stdout_text, much);
}

TEST(Process, KillsWhatDoesNotEndWithItsChildren) {
  const auto start = std::chrono::steady_clock::now();
  const auto result = run_process({"sh", "-c", "sleep 30 & sleep 30"}, "", 0.2);
  EXPECT_FALSE(result.ok());
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(5));
}

TEST(Process, NamesTheSignal) {
  const auto result = run_process({"sh", "-c", "kill -SEGV $$"});
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(result->exit_code, 128 + 11);
}

TEST(Process, AMissingProgramNamesItsPackage) {
  const auto missing = find_program("no-such-program", "no-such-package");
  ASSERT_FALSE(missing.ok());
  EXPECT_EQ(missing.diagnostics()[0].error_class, ErrorClass::kMissingTool);
  EXPECT_EQ(missing.diagnostics()[0].fix, "apt-get install no-such-package");
  EXPECT_FALSE(run_process({"no-such-program"}).ok());
  EXPECT_FALSE(run_process({}).ok());
}

}  // namespace
}  // namespace thimble
