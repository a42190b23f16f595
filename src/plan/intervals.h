// Sets of integers as sorted, disjoint, non-touching half-open intervals: bytes of a buffer that
// are alive, and offsets that a pair of buffers must not have. Plain functions on plain vectors.
#pragma once

#include <cstdint>
#include <vector>

#include "plan/place.h"

namespace thimble::plan {

using IntervalSet = std::vector<Interval>;

// Sorts and joins what overlaps or touches; drops what is empty.
IntervalSet normalized(IntervalSet intervals);

// Adds `next` to `set`, which is normalized and remains it: what is there already costs a search.
void add(IntervalSet &set, Interval next);

// The same for each of `more`, which may be in any order.
void add(IntervalSet &set, const IntervalSet &more);

// {q - p : p in `written`, q in `live`}: the values of at(a) - at(b) at which writing these bytes
// of a destroys those bytes of b.
Interval collision(const Interval &written, const Interval &live);

// {-x : x in set}.
IntervalSet mirrored(const IntervalSet &set);

}  // namespace thimble::plan
