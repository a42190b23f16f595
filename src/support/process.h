// Running another program: arguments without a shell, output caught, a time limit.
#pragma once

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
                                  const std::string &stdin_text = {},
                                  double timeout_seconds = 600);

// Absolute path of a program on PATH, or a kMissingTool error that names the Debian package.
Result<std::filesystem::path> find_program(const std::string &name,
                                           const std::string &debian_package);

}  // namespace thimble
