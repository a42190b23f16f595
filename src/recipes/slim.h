// Channels leave, and bits of weights, until a network fits its budgets: a few at a time, and what
// stays learns to do without them.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

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

// How much too much, in shares of the budgets; 0: it fits.
double excess_of(const Needs &needs, const Budgets &budgets);

// A network on its way: floats still, and the bits that its weights will have.
struct Draft {
  ir::Graph graph;
  std::vector<std::string> bits;  // of weights_of(graph), in their order, words of
                                  // passes::levels_of; empty: floats
};
std::map<ir::ConstantId, passes::Levels> levels_of(const Draft &draft);

struct Pace {
  int stages = 4, epochs = 1;  // how often it learns between, and how long each time
  double rate = 1e-3;
  bool fewer_bits = false;  // weights may get fewer bits, too
};

// `needs`: of a draft as it will be in the end (asked for often). Errors: one channel of each group
// is too much.
Result<Draft> slim(const School &school, const Draft &draft, const Budgets &budgets,
                   const std::function<Result<Needs>(const Draft &)> &needs, const Pace &pace);

}  // namespace thimble::recipes
