// A grid of cells over steps and addresses, filled buffer by buffer in the order in which they
// begin.
#include "report/memory_map.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "report/numbers.h"

namespace thimble::report {
namespace {

constexpr int kMostLines = 24;
constexpr char kFree = '.';
constexpr std::string_view kLetters =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

struct Grid {
  int columns = 0, lines = 0;
  int step_count = 0;
  std::int64_t arena_bytes = 0;
  std::vector<int> cells;  // line 0 holds address 0; index of a buffer or -1
  int &at(int line, int column) { return cells[line * columns + column]; }
};

// First and last cell, both included, of the half-open span [from, to) of `total`, cut into
// `cells`.
struct Cells {
  int first = 0, last = 0;
};
Cells cells_of(std::int64_t from, std::int64_t to, std::int64_t total, int cells) {
  const auto first = static_cast<int>(from * cells / total);
  const auto last = static_cast<int>((to * cells - 1) / total);
  return {std::clamp(first, 0, cells - 1), std::clamp(last, 0, cells - 1)};
}

void fill(Grid &grid, const BufferUse &buffer, int index) {
  const Cells lines =
      cells_of(buffer.offset, buffer.offset + buffer.bytes, grid.arena_bytes, grid.lines);
  const Cells columns = cells_of(buffer.first, buffer.last + 1, grid.step_count, grid.columns);
  for (int line = lines.first; line <= lines.last; ++line) {
    for (int column = columns.first; column <= columns.last; ++column)
      grid.at(line, column) = index;
  }
}

Grid grid_of(const Analysis &analysis, int width) {
  Grid grid;
  grid.step_count = std::max(analysis.peak.step_count, 1);
  grid.arena_bytes = std::max<std::int64_t>(analysis.arena_bytes, 1);
  grid.columns = std::clamp(grid.step_count, 1, std::max(width - 12, 10));
  grid.lines = static_cast<int>(std::min<std::int64_t>(grid.arena_bytes, kMostLines));
  grid.cells.assign(static_cast<std::size_t>(grid.columns) * grid.lines, -1);
  std::vector<int> order(analysis.buffers.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](int a, int b) {
    return analysis.buffers[a].first < analysis.buffers[b].first;
  });
  for (const int index : order) {
    if (analysis.buffers[index].bytes > 0) fill(grid, analysis.buffers[index], index);
  }
  return grid;
}

char letter(int index) { return index < 0 ? kFree : kLetters[index % kLetters.size()]; }

std::string colored(const std::string &text, int index, const TextStyle &style) {
  if (!style.color || index < 0) return text;
  return fmt::format("\033[{}m{}\033[0m", 31 + index % 6, text);
}

// Runs of one buffer share a colour sequence.
std::string line_text(Grid &grid, int line, const TextStyle &style) {
  std::string text;
  for (int column = 0; column < grid.columns;) {
    const int index = grid.at(line, column);
    int end = column;
    while (end < grid.columns && grid.at(line, end) == index) ++end;
    text += colored(std::string(end - column, letter(index)), index, style);
    column = end;
  }
  return text;
}

std::string legend(const Analysis &analysis, const TextStyle &style) {
  std::vector<std::vector<std::string>> lines = {{" ", "buffer", "bytes", "at", "rows", "steps"}};
  for (int i = 0; i < static_cast<int>(analysis.buffers.size()); ++i) {
    const BufferUse &buffer = analysis.buffers[i];
    lines.push_back({std::string(1, letter(i)), buffer.tensor, grouped(buffer.bytes),
                     grouped(buffer.offset), buffer.rows > 0 ? grouped(buffer.rows) : "-",
                     fmt::format("{} to {}", buffer.first, buffer.last)});
  }
  std::string text = table(lines, 2);
  if (!style.color) return text;
  std::string painted;
  int index = -1;  // the heading
  for (std::size_t at = 0; at < text.size(); ++index) {
    const std::size_t end = text.find('\n', at);
    painted += colored(text.substr(at, end - at), index, style) + "\n";
    at = end + 1;
  }
  return painted;
}

}  // namespace

std::string memory_map(const Analysis &analysis, const TextStyle &style) {
  Grid grid = grid_of(analysis, style.width);
  std::string text = fmt::format("memory map: {} B of arena over {} steps\n",
                                 grouped(analysis.arena_bytes), grid.step_count);
  for (int line = grid.lines - 1; line >= 0; --line) {
    const std::int64_t address = (line * grid.arena_bytes + grid.lines - 1) / grid.lines;
    text += fmt::format("{:>9} |{}|\n", grouped(address), line_text(grid, line, style));
  }
  const Cells peak =
      cells_of(analysis.peak.step, analysis.peak.step + 1, grid.step_count, grid.columns);
  text += std::string(11 + peak.first, ' ') + "^ peak\n";
  return text + legend(analysis, style);
}

}  // namespace thimble::report
