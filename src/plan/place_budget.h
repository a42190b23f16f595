// What a placement search may still spend. Time is counted in looks at a pair or a section, not by
// a clock, so that equal problems give equal placements on every machine, however busy.
#pragma once

#include <algorithm>
#include <cstdint>

namespace thimble::plan {

// Looks that a processor of 2020 does in a second, in either search.
constexpr double kLooksPerSecond = 2.5e8;

struct Budget {
  std::int64_t looks = 0;
  std::int64_t nodes = 0;

  bool spent() const { return looks <= 0 || nodes <= 0; }
  // A part of it, to be given back with `pay`.
  Budget slice(std::int64_t most_looks, std::int64_t most_nodes) const {
    return {std::min(looks, most_looks), std::min(nodes, most_nodes)};
  }
  void pay(const Budget &before, const Budget &after) {
    looks -= before.looks - after.looks;
    nodes -= before.nodes - after.nodes;
  }
};

// Of one question "is there a placement within so many bytes?".
enum class Outcome { kFound, kNone, kBudget };

}  // namespace thimble::plan
