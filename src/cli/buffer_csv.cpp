// Buffers whose lifetimes meet must not share bytes: every pair of them becomes one interval of
// forbidden distances.
#include "cli/buffer_csv.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <set>
#include <sstream>

namespace thimble::cli {
namespace {

constexpr std::size_t kMaxBuffers = 5000;  // pairs are quadratic

struct Row {
  std::string id;
  std::int64_t lower = 0, upper = 0, size = 0;
};

std::vector<std::string> cells_of(std::string line) {
  if (!line.empty() && line.back() == '\r') line.pop_back();
  std::vector<std::string> cells;
  std::istringstream in(line);
  for (std::string cell; std::getline(in, cell, ',');) {
    const auto first = cell.find_first_not_of(" \t"), last = cell.find_last_not_of(" \t");
    cells.push_back(first == std::string::npos ? "" : cell.substr(first, last - first + 1));
  }
  return cells;
}

class Reader {
 public:
  explicit Reader(const std::string &file) : file_(file) {}

  Result<std::vector<Row>> read(const std::string &text) {
    std::istringstream in(text);
    std::string line;
    std::getline(in, line);
    if (!header(cells_of(line))) return errors_;
    while (std::getline(in, line) && errors_.size() < 20) {
      ++line_;
      const auto cells = cells_of(line);
      if (!cells.empty()) row(cells);
    }
    if (rows_.size() > kMaxBuffers) error("more than " + std::to_string(kMaxBuffers) + " buffers");
    if (!errors_.empty()) return errors_;
    return rows_;
  }

 private:
  void error(std::string what) {
    Diagnostic diagnostic = model_error(std::move(what));
    diagnostic.file = file_ + ":" + std::to_string(line_);
    errors_.push_back(std::move(diagnostic));
  }

  bool header(const std::vector<std::string> &names) {
    for (std::size_t i = 0; i < names.size(); ++i) column_[names[i]] = i;
    for (const char *name : {"id", "lower", "upper", "size"}) {
      if (!column_.contains(name)) error(std::string("no column '") + name + "'");
    }
    return errors_.empty();
  }

  void row(const std::vector<std::string> &cells) {
    Row row;
    const auto id = column_["id"];
    if (id < cells.size()) row.id = cells[id];
    if (!ids_.insert(row.id).second) error("id '" + row.id + "' is there already");
    row.lower = number(cells, "lower");
    row.upper = number(cells, "upper");
    row.size = number(cells, "size");
    if (row.upper <= row.lower) error("upper is not above lower");
    rows_.push_back(std::move(row));
  }

  std::int64_t number(const std::vector<std::string> &cells, const std::string &name) {
    constexpr std::int64_t kMost = std::int64_t{1} << 40;
    const std::size_t at = column_[name];
    const std::string cell = at < cells.size() ? cells[at] : "";
    std::int64_t value = 0;
    const auto [end, code] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
    if (code != std::errc() || end != cell.data() + cell.size() || value < 0 || value > kMost) {
      error(name + " '" + cell + "' is not a number from 0 to 2^40");
    }
    return value;
  }

  std::string file_;
  int line_ = 1;
  std::map<std::string, std::size_t> column_;
  std::set<std::string> ids_;
  std::vector<Row> rows_;
  Diagnostics errors_;
};

}  // namespace

Result<BufferTable> parse_buffer_csv(const std::string &text, const std::string &file) {
  TRY(const std::vector<Row> rows, Reader(file).read(text));
  BufferTable table;
  for (const Row &row : rows) {
    table.ids.push_back(row.id);
    table.problem.objects.push_back({row.size, 1, std::nullopt});
  }
  for (std::size_t a = 0; a < rows.size(); ++a) {
    for (std::size_t b = a + 1; b < rows.size(); ++b) {
      if (rows[a].lower >= rows[b].upper || rows[b].lower >= rows[a].upper) continue;
      if (rows[a].size == 0 || rows[b].size == 0) continue;
      table.problem.pairs.push_back(
          {static_cast<int>(a), static_cast<int>(b), {{1 - rows[a].size, rows[b].size}}});
    }
  }
  return table;
}

}  // namespace thimble::cli
