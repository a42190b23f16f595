// Plain formatting, so that every report writes numbers and columns alike.
#include "report/numbers.h"

#include <fmt/format.h>

#include <algorithm>

namespace thimble::report {

std::string grouped(std::int64_t number) {
  std::string digits = std::to_string(number);
  const int first = number < 0 ? 1 : 0;
  for (int at = static_cast<int>(digits.size()) - 3; at > first; at -= 3) digits.insert(at, ",");
  return digits;
}

std::string table(const std::vector<std::vector<std::string>> &lines, int left_columns) {
  std::vector<std::size_t> widths;
  for (const auto &line : lines) {
    widths.resize(std::max(widths.size(), line.size()));
    for (std::size_t i = 0; i < line.size(); ++i) widths[i] = std::max(widths[i], line[i].size());
  }
  std::string text;
  for (const auto &line : lines) {
    std::string row;
    for (std::size_t i = 0; i < line.size(); ++i) {
      const bool left = static_cast<int>(i) < left_columns || i + 1 == line.size();
      row += left ? fmt::format("  {:<{}}", line[i], widths[i])
                  : fmt::format("  {:>{}}", line[i], widths[i]);
    }
    row.erase(row.find_last_not_of(' ') + 1);
    text += row + "\n";
  }
  return text;
}

}  // namespace thimble::report
