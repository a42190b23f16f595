// The trainer is this program, so its exit code says what class of error it met.
#include "sweep/failures.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>

namespace thimble::sweep {
namespace {

constexpr std::size_t kLines = 6, kBytes = 4096;

std::string last_lines(const std::filesystem::path &log) {
  std::ifstream file(log, std::ios::binary | std::ios::ate);
  if (!file) return "";
  const auto size = static_cast<std::size_t>(std::max<std::streamoff>(file.tellg(), 0));
  file.seekg(static_cast<std::streamoff>(size - std::min(size, kBytes)));
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) {
    // A progress bar is one long line of which the last state counts.
    line.erase(0, line.find_last_of('\r') == std::string::npos ? 0 : line.find_last_of('\r') + 1);
    if (!line.empty()) lines.push_back(line);
  }
  std::string text;
  for (std::size_t i = lines.size() - std::min(lines.size(), kLines); i < lines.size(); ++i) {
    text += "\n    " + lines[i];
  }
  return text;
}

Diagnostic to_diagnostic(const Failure &failure) {
  const std::string end = last_lines(failure.log);
  Diagnostic error =
      model_error(fmt::format("run '{}' failed: {}", failure.job, failure.reason),
                  end.empty() ? "it printed nothing" : "it ended with" + end,
                  fmt::format("see {}; --resume tries it again", failure.log.string()));
  if (failure.exit_code >= 1 && failure.exit_code <= 5) {
    error.error_class = static_cast<ErrorClass>(failure.exit_code);
  }
  return error;
}

}  // namespace

Diagnostics to_diagnostics(const std::vector<Failure> &failures) {
  Diagnostics errors;
  for (const Failure &failure : failures) errors.push_back(to_diagnostic(failure));
  return errors;
}

}  // namespace thimble::sweep
