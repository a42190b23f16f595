// Channels leave until a network fits its budgets, a few at a time, and what stays learns to do
// without them.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "recipes/retrain.h"

namespace thimble::recipes {

struct Budgets {                      // absent: none
  std::optional<std::int64_t> bytes;  // of weights and what belongs to them
  std::optional<std::int64_t> arena;
  std::optional<std::int64_t> macs;
  bool any() const { return bytes || arena || macs; }
};

// What a network needs of each.
struct Needs {
  std::int64_t bytes = 0, arena = 0, macs = 0;
};

// How often it learns between, and how long each time.
struct Pace {
  int stages = 4, epochs = 1;
  double rate = 1e-3;
};

// `needs`: of a float graph as it will be in the end (asked for often). Errors: one channel of each
// group is too much.
Result<ir::Graph> slim(const School &school, const ir::Graph &graph, const Budgets &budgets,
                       const std::function<Result<Needs>(const ir::Graph &)> &needs,
                       const Pace &pace);

}  // namespace thimble::recipes
