#include "support/process.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>

#include <chrono>

#include "support/files.h"

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

TEST(Process, StartedOnesWriteAtTheEndOfTheirLog) {
  const TemporaryDirectory directory;
  const auto log = directory.path() / "log.txt";
  for (const char *word : {"one", "two"}) {
    const auto pid =
        start_process({"sh", "-c", "echo \"$1\"; echo no >&2; exit 4", "sh", word}, log);
    ASSERT_TRUE(pid.ok());
    int status = 0;
    ASSERT_EQ(waitpid(*pid, &status, 0), *pid);
    EXPECT_EQ(exit_code_of(status), 4);
  }
  EXPECT_EQ(*read_text(log), "one\nno\ntwo\nno\n");
}

TEST(Process, StartedOnesCanBeKilledWithTheirChildren) {
  const TemporaryDirectory directory;
  const auto pid = start_process({"sh", "-c", "sleep 30 & wait"}, directory.path() / "log.txt");
  ASSERT_TRUE(pid.ok());
  EXPECT_EQ(kill(-*pid, SIGTERM), 0);
  int status = 0;
  ASSERT_EQ(waitpid(*pid, &status, 0), *pid);
  EXPECT_EQ(exit_code_of(status), 128 + SIGTERM);
}

TEST(Process, WhatCannotBeStartedSaysSo) {
  EXPECT_FALSE(start_process({"no-such-program"}, "/dev/null").ok());
  EXPECT_FALSE(start_process({"sh"}, "/no/such/folder/log.txt").ok());
}

}  // namespace
}  // namespace thimble
