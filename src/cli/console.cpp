// Printing. A full disk or a closed pipe under stdout is an error like any other.
#include "cli/console.h"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <stdexcept>

namespace thimble::cli {

void print_result(const std::string &text) {
  const bool written = std::fwrite(text.data(), 1, text.size(), stdout) == text.size();
  if (!written || std::fflush(stdout) != 0) throw std::runtime_error("stdout cannot be written");
}

void print_result(const Json &json) {
  // Names come from model files and need not be UTF-8.
  print_result(json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
}

void print_log(const std::string &line) { std::fprintf(stderr, "%s\n", line.c_str()); }

void print_diagnostics(const Diagnostics &diagnostics) {
  for (const Diagnostic &diagnostic : diagnostics) {
    std::fputs(to_string(diagnostic).c_str(), stderr);
  }
}

bool colour_wanted() {
  const char *no_colour = std::getenv("NO_COLOR");
  return isatty(STDOUT_FILENO) && !(no_colour && *no_colour);
}

}  // namespace thimble::cli
