// Running another program: arguments without a shell, output caught, a time limit.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

#include "support/diagnostic.h"

namespace thimble {

struct ProcessResult {
  int exit_code = 0;  // 128 + signal when killed
  std::string stdout_text;
  std::string stderr_text;
};

// Errors: program not found (kMissingTool), killed after `timeout_seconds`.
Result<ProcessResult> run_process(const std::vector<std::string> &arguments,
                                  const std::string &stdin_text = {}, double timeout_seconds = 600);

// Starts a program beside this one: in a process group of its own, without input, both streams at
// the end of `log`; it dies with this process. The caller waits for it (waitpid). Errors: program
// not found (kMissingTool), a log that cannot be written.
Result<pid_t> start_process(const std::vector<std::string> &arguments,
                            const std::filesystem::path &log);

// What waitpid gave as an exit code: 128 + signal when killed.
int exit_code_of(int wait_status);

// Absolute path of a program on PATH, or a kMissingTool error that names the Debian package.
Result<std::filesystem::path> find_program(const std::string &name,
                                           const std::string &debian_package);

}  // namespace thimble
