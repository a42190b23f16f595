// The program: parses the command line, runs one command, prints what went wrong, gives the exit
// code.
#pragma once

#include <vector>

#include "cli/command.h"

namespace thimble::cli {

// 0, or the ErrorClass of the worst error; kInternalError for a bug in Thimble.
constexpr int kInternalError = 70;
int run(int argc, const char *const *argv);

// Likewise for a program with commands of its own.
using AddCommands = std::vector<Command> (*)(App root);
int run(int argc, const char *const *argv, AddCommands add_commands);

}  // namespace thimble::cli
