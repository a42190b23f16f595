// The program: parses the command line, runs one command, prints what went wrong, gives the exit
// code.
#pragma once

namespace thimble::cli {

// 0, or the ErrorClass of the worst error; kInternalError for a bug in Thimble.
constexpr int kInternalError = 70;
int run(int argc, const char *const *argv);

}  // namespace thimble::cli
