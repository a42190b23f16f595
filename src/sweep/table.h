// What a sweep found, as a table for people (markdown) and as JSON for scripts.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "support/json.h"
#include "sweep/cost.h"
#include "sweep/fit_line.h"
#include "sweep/result.h"

namespace thimble::sweep {

// A size and what it costs: memory follows from the shapes, so its best run stands for all.
struct Row {
  Size size;
  Cost cost;
};

// Loss against parameters, over the best runs of the sizes without layers at full resolution.
std::optional<PowerLaw> law_of(const std::vector<Row> &rows);

std::string to_markdown(const std::vector<Row> &rows);
// The keys of `sweep --json`.
Json to_json(const std::vector<Row> &rows);

}  // namespace thimble::sweep
