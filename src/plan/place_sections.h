// The search for plain problems, in which objects only keep clear of each other: static allocation
// of buffers with lifetimes, or strip packing with the places along the strip given.
//
// A section is a set of objects that are alive together. The search fills sections from below: it
// takes one, and decides which of its objects comes next. Each object lies at 0 or upon another
// (every placement can be pushed down so), so an object that does not lie where it could now waits
// until another is beneath it. A section's slack is what it may waste; where it is 0 one of the
// objects at hand must be the next, which decides most. Related: M. Moffitt, "MiniMalloc: A
// Lightweight Memory Allocator for Hardware-Accelerated Machine Learning", ASPLOS 2023 (canonical
// placements, bounds by section).
#pragma once

#include <memory>
#include <vector>

#include "plan/place.h"
#include "plan/place_budget.h"

namespace thimble::plan {

// No fixed objects, no alignment that sizes do not have, all pairs keep clear.
bool is_plain(const PlaceProblem &problem);

class SectionSearch {
 public:
  // `problem` is plain; `cliques` as from find_cliques.
  SectionSearch(const PlaceProblem &problem, const std::vector<std::vector<int>> &cliques);
  ~SectionSearch();

  // Offsets within `capacity` bytes; fills `offsets` only if they are found.
  Outcome solve(std::int64_t capacity, Budget &budget, std::vector<std::int64_t> &offsets);
  // Offsets can be taken as multiples of it.
  std::int64_t unit() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace thimble::plan
