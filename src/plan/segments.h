// Neighbouring stages as one region: the ways to run them, and what is outside of them.
#pragma once

#include <cstdint>
#include <vector>

#include "plan/network.h"
#include "plan/rows.h"

namespace thimble::plan {

struct Segment {  // stages [first, last)
  int first = 0, last = 0;
  bool operator==(const Segment &) const = default;
};

// By stage of the segment: an index into alone, then fused, then lines; or kInPair for the
// sink of a fused pair.
using Choice = std::vector<int>;
inline constexpr int kInPair = -1;

// Every choice, those with most pairs first; at most `most` of them. Empty: there are more.
std::vector<Choice> all_choices(const Network &network, Segment segment, std::size_t most);
// Those to begin with where there are too many: all lines and pairs, all pairs, none.
std::vector<Choice> plain_choices(const Network &network, Segment segment);
// What differs from `choice` in one stage.
std::vector<Choice> neighbours(const Network &network, Segment segment, const Choice &choice);

// Whether its stages hang together by what one makes and another reads. Running others in one
// region changes nothing.
bool is_connected(const Network &network, Segment segment);

Region region_of(const Network &network, Segment segment, const Choice &choice);

// How much harder to run and to read than one stage after the other.
int complexity(const Network &network, Segment segment, const Choice &choice);

// When tensors come and go, in stages.
class Crossings {
 public:
  explicit Crossings(const Network &network);
  Boundary boundary(Segment segment) const;

 private:
  std::vector<int> made_in_;                   // by tensor: stage; -1: before all
  std::vector<std::vector<int>> last_reader_;  // by tensor and row: stage; -1: nobody
};

}  // namespace thimble::plan
