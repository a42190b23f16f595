// What a sweep found, as pictures.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "report/plot.h"
#include "support/diagnostic.h"
#include "sweep/table.h"

namespace thimble::sweep {

// Each needs at least one row.
report::Plot loss_plot(const std::vector<Row> &rows);      // log-log, with the law
report::Plot evenness_plot(const std::vector<Row> &rows);  // small sizes, linear, by evenness
report::Plot recognised_plot(const std::vector<Row> &rows);

// The least loss that runs within a budget of RAM.
struct Budget {
  std::int64_t bytes = 0;
  const Row *best = nullptr;  // null: none fits
};
std::vector<Budget> best_for_budgets(const std::vector<Row> &rows);  // 512 B to 8 KB
std::string to_markdown(const std::vector<Budget> &budgets);

// Writes loss.svg, evenness.svg, recognised.svg and samples.png; returns their names. Pictures that
// would show nothing are left out. Errors: a file cannot be written, a decoder not be read.
Result<std::vector<std::string>> write_pictures(const std::vector<Row> &rows,
                                                const std::filesystem::path &directory);

}  // namespace thimble::sweep
