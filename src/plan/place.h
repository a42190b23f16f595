// Placement: offsets for objects that keep safe distances, in the fewest bytes, exactly.
//
// For a pair (a, b), `forbidden` lists the values of at(a) - at(b) that would let a write reach
// bytes still to be read: half-open intervals, sorted, disjoint, not touching. Disjoint lifetimes:
// none. Plain neighbours: [-(size a) + 1, size b). In-place, ping-pong and diagonal overlap:
// smaller ones.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace thimble::plan {

struct Interval {  // half open
  std::int64_t lo = 0, hi = 0;
  bool operator==(const Interval &) const = default;
};

struct PlaceProblem {
  struct Object {
    std::int64_t size = 0;
    std::int64_t alignment = 1;
    std::optional<std::int64_t> fixed;  // an offset it must have
  };
  struct Pair {
    int a = 0, b = 0;
    std::vector<Interval> forbidden;  // of at(a) - at(b)
  };
  std::vector<Object> objects;
  std::vector<Pair> pairs;       // at most one a pair
  std::int64_t lower_bound = 0;  // known from elsewhere (live bytes); 0: none
};

struct PlaceSolution {
  std::vector<std::int64_t> offsets;
  std::int64_t bytes = 0;        // max of offset + size
  std::int64_t lower_bound = 0;  // proven
  bool proven = false;           // bytes is least
  std::int64_t nodes = 0;        // of the search tree
};

// Anytime: the best found when the time (or the search nodes; 0: no limit) is used up. Time is
// counted in steps of the search that take about as long, not by a clock: equal problems give equal
// placements on every machine, however busy. Fixed objects must be at safe distances from each
// other. With `enough_bytes` it asks for that much first, and goes on only if it is proven to be
// too little.
PlaceSolution place(const PlaceProblem &problem, double time_limit_seconds,
                    std::int64_t node_limit = 0, std::int64_t enough_bytes = 0);
// Every violated pair or bound; written apart from the solver.
std::vector<std::string> validate(const PlaceProblem &problem, const PlaceSolution &solution);

}  // namespace thimble::plan
