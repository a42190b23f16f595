// The search for any problem: branch and bound on disjunctions, "a is at least so far above b, or
// at least so far below".
//
// A search node holds for each object a window of offsets [earliest, latest], and for each pair a
// range of gaps at(a) - at(b). Propagation is the longest-path rule on both, and trims ranges whose
// end lies in a forbidden interval. If the earliest offsets are safe they are a solution; else one
// violated pair is split at its forbidden interval: gap < lo, or gap >= hi.
#pragma once

#include <vector>

#include "plan/place.h"
#include "plan/place_budget.h"

namespace thimble::plan {

class DisjunctionSearch {
 public:
  explicit DisjunctionSearch(const PlaceProblem &problem);

  // Offsets within `capacity` bytes; fills `offsets` only if they are found.
  Outcome solve(std::int64_t capacity, Budget &budget, std::vector<std::int64_t> &offsets);

 private:
  struct Node {
    std::vector<std::int64_t> earliest, latest;  // by object
    std::vector<Interval> gap;                   // by pair; both ends included here
  };
  struct Split {
    int pair = -1;
    Interval forbidden;
    bool raise_a_first = false;
  };

  bool make_root(std::int64_t capacity, Node &root) const;
  bool propagate(Node &node, Budget &budget) const;
  bool propagate_pair(int index, Node &node, bool &changed) const;
  Split choose_split(const Node &node) const;

  const PlaceProblem &problem_;
  std::int64_t looks_a_round_ = 0;
};

}  // namespace thimble::plan
