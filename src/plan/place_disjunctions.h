// The search for any problem: branch and bound on disjunctions, "a is at least so far above b, or
// at least so far below".
//
// A search node holds for each object a window of offsets [earliest, latest], and for each pair a
// range of gaps at(a) - at(b). Propagation is the longest-path rule on both, and trims ranges whose
// end lies in a forbidden interval; the pairs of an object are looked at when its window has
// shrunk. If the earliest offsets are safe they are a solution; else one violated pair is split at
// its forbidden interval: gap < lo, or gap >= hi.
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
  struct Pair {
    int a = 0, b = 0;
    int first = 0, end = 0;  // of forbidden_
  };
  struct Split {
    int pair = -1;
    Interval forbidden;
    bool raise_a_first = false;
  };
  struct Branching {  // a node whose children are searched
    Split split;
    std::size_t mark = 0;  // of trail_, before either
    int tried = 0;
  };
  struct Change {  // to be undone
    std::int64_t *value = nullptr;
    std::int64_t before = 0;
  };

  bool reset(std::int64_t capacity);
  bool propagate(Budget &budget);
  bool propagate_pair(int index);
  bool next_child(std::vector<Branching> &path);
  Split choose_split() const;

  void set(std::int64_t &value, std::int64_t to);
  void raise(int object, std::int64_t to);
  void lower(int object, std::int64_t to);
  void wait(int object);
  bool fail();
  void undo(std::size_t mark);

  std::vector<std::int64_t> sizes_, alignments_;
  std::vector<std::int64_t> fixed_;  // -1: free
  std::vector<Pair> pairs_;
  std::vector<Interval> forbidden_;         // of all pairs, one after the other
  std::vector<std::vector<int>> pairs_of_;  // by object

  // The node.
  std::vector<std::int64_t> earliest_, latest_;  // by object
  std::vector<Interval> gap_;                    // by pair, as split; both ends included here
  std::vector<Change> trail_;
  std::vector<int> queue_;   // objects whose windows have shrunk
  std::vector<char> waits_;  // by object: is it in queue_?
};

}  // namespace thimble::plan
