// A file as a user hands it over: through the command line, in this process. Whatever the file, the
// answer is a result (exit code 0, and the output is there) or a diagnostic (exit code 2, and
// nothing is).
#pragma once

#include <filesystem>
#include <string>

namespace thimble::fuzz {

struct Answer {
  bool accepted = false;
  std::string complaint;  // what Thimble did that it must not; empty: all is well
};

// Imports the file and runs the whole pipeline; `directory` is empty but for the file, and is left
// so.
Answer import_file(const std::filesystem::path &file, const std::filesystem::path &directory);

}  // namespace thimble::fuzz
