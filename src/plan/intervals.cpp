// Sets of integers as intervals: see intervals.h.
#include "plan/intervals.h"

#include <algorithm>

namespace thimble::plan {

IntervalSet normalized(IntervalSet intervals) {
  std::sort(intervals.begin(), intervals.end(), [](const Interval &a, const Interval &b) {
    return a.lo != b.lo ? a.lo < b.lo : a.hi < b.hi;
  });
  IntervalSet joined;
  for (const Interval &next : intervals) {
    if (next.lo >= next.hi) continue;
    if (!joined.empty() && next.lo <= joined.back().hi) {
      joined.back().hi = std::max(joined.back().hi, next.hi);
    } else {
      joined.push_back(next);
    }
  }
  return joined;
}

void add(IntervalSet &set, Interval next) {
  if (next.lo >= next.hi) return;
  const auto first = std::lower_bound(set.begin(), set.end(), next.lo,
                                      [](const Interval &one, auto lo) { return one.hi < lo; });
  if (first == set.end() || next.hi < first->lo) {
    set.insert(first, next);
    return;
  }
  auto touched = first;  // first to touched: they become one
  while (touched + 1 != set.end() && (touched + 1)->lo <= next.hi) ++touched;
  *first = {std::min(first->lo, next.lo), std::max(touched->hi, next.hi)};
  set.erase(first + 1, touched + 1);
}

void add(IntervalSet &set, const IntervalSet &more) {
  for (const Interval &next : more) add(set, next);
}

Interval collision(const Interval &written, const Interval &live) {
  return {live.lo - written.hi + 1, live.hi - written.lo};
}

IntervalSet mirrored(const IntervalSet &set) {
  IntervalSet mirror;
  for (auto it = set.rbegin(); it != set.rend(); ++it) mirror.push_back({1 - it->hi, 1 - it->lo});
  return mirror;
}

}  // namespace thimble::plan
