// Depth first on one node that is changed and changed back: see place_disjunctions.h.
#include "plan/place_disjunctions.h"

#include <algorithm>
#include <limits>

namespace thimble::plan {
namespace {

constexpr std::int64_t kUnbounded = std::numeric_limits<std::int64_t>::max() / 4;
constexpr std::int64_t kLooks = 2;  // that a pair is worth, and an interval of it

}  // namespace

DisjunctionSearch::DisjunctionSearch(const PlaceProblem &problem)
    : pairs_of_(problem.objects.size()), waits_(problem.objects.size(), 0) {
  for (const PlaceProblem::Object &object : problem.objects) {
    sizes_.push_back(object.size);
    alignments_.push_back(object.alignment);
    fixed_.push_back(object.fixed.value_or(-1));
  }
  for (const PlaceProblem::Pair &pair : problem.pairs) {
    const int first = static_cast<int>(forbidden_.size());
    forbidden_.insert(forbidden_.end(), pair.forbidden.begin(), pair.forbidden.end());
    for (const int object : {pair.a, pair.b})
      pairs_of_[object].push_back(static_cast<int>(pairs_.size()));
    pairs_.push_back({pair.a, pair.b, first, static_cast<int>(forbidden_.size())});
  }
}

Outcome DisjunctionSearch::solve(std::int64_t capacity, Budget &budget,
                                 std::vector<std::int64_t> &offsets) {
  if (!reset(capacity)) return Outcome::kNone;
  std::vector<Branching> path;
  do {
    if (budget.spent()) return Outcome::kBudget;
    --budget.nodes;
    if (!propagate(budget)) continue;
    const Split split = choose_split();
    if (split.pair < 0) {
      offsets = earliest_;
      return Outcome::kFound;
    }
    path.push_back({split, trail_.size(), 0});
  } while (next_child(path));
  return Outcome::kNone;
}

// The root. False: an object is too large.
bool DisjunctionSearch::reset(std::int64_t capacity) {
  trail_.clear();
  fail();
  earliest_.clear();
  latest_.clear();
  for (std::size_t i = 0; i < sizes_.size(); ++i) {
    const std::int64_t last = capacity - sizes_[i];
    if (last < std::max<std::int64_t>(fixed_[i], 0)) return false;
    earliest_.push_back(std::max<std::int64_t>(fixed_[i], 0));
    latest_.push_back(fixed_[i] >= 0 ? fixed_[i] : last / alignments_[i] * alignments_[i]);
  }
  gap_.assign(pairs_.size(), {-kUnbounded, kUnbounded});
  for (int object = 0; object < static_cast<int>(sizes_.size()); ++object) wait(object);
  return true;
}

// Goes to the next node. False: there is none.
bool DisjunctionSearch::next_child(std::vector<Branching> &path) {
  while (!path.empty() && path.back().tried == 2) path.pop_back();
  if (path.empty()) return false;
  Branching &at = path.back();
  undo(at.mark);
  const bool is_first = at.tried++ == 0;
  Interval &gap = gap_[at.split.pair];
  if (is_first == at.split.raise_a_first) {  // a above b
    set(gap.lo, at.split.forbidden.hi);
  } else {
    set(gap.hi, at.split.forbidden.lo - 1);
  }
  wait(pairs_[at.split.pair].a);
  return true;
}

inline void DisjunctionSearch::set(std::int64_t &value, std::int64_t to) {
  trail_.push_back({&value, value});
  value = to;
}

void DisjunctionSearch::undo(std::size_t mark) {
  for (; trail_.size() > mark; trail_.pop_back()) *trail_.back().value = trail_.back().before;
}

inline void DisjunctionSearch::wait(int object) {
  if (waits_[object]) return;
  waits_[object] = 1;
  queue_.push_back(object);
}

// Nobody waits any more.
bool DisjunctionSearch::fail() {
  queue_.clear();
  std::fill(waits_.begin(), waits_.end(), 0);
  return false;
}

inline void DisjunctionSearch::raise(int object, std::int64_t to) {
  const std::int64_t alignment = alignments_[object];
  set(earliest_[object], alignment == 1 ? to : (to + alignment - 1) / alignment * alignment);
  wait(object);
}

inline void DisjunctionSearch::lower(int object, std::int64_t to) {
  const std::int64_t alignment = alignments_[object];
  if (to < 0) to = -1;  // below every offset: the window is empty
  set(latest_[object], alignment == 1 || to < 0 ? to : to / alignment * alignment);
  wait(object);
}

// False: the windows of the pair leave no safe gap.
inline bool DisjunctionSearch::propagate_pair(int index) {
  const Pair &pair = pairs_[index];
  const std::int64_t low_a = earliest_[pair.a], high_a = latest_[pair.a];
  const std::int64_t low_b = earliest_[pair.b], high_b = latest_[pair.b];
  std::int64_t lo = std::max(gap_[index].lo, low_a - high_b);
  std::int64_t hi = std::min(gap_[index].hi, high_a - low_b);
  for (int i = pair.first; i < pair.end && forbidden_[i].lo <= lo; ++i)
    lo = std::max(lo, forbidden_[i].hi);
  for (int i = pair.end - 1; i >= pair.first && forbidden_[i].hi > hi; --i)
    hi = std::min(hi, forbidden_[i].lo - 1);
  if (lo > hi) return false;
  if (low_b + lo > low_a) raise(pair.a, low_b + lo);
  if (low_a - hi > low_b) raise(pair.b, low_a - hi);
  if (high_b + hi < high_a) lower(pair.a, high_b + hi);
  if (high_a - lo < high_b) lower(pair.b, high_a - lo);
  return earliest_[pair.a] <= latest_[pair.a] && earliest_[pair.b] <= latest_[pair.b];
}

bool DisjunctionSearch::propagate(Budget &budget) {
  for (std::size_t next = 0; next < queue_.size(); ++next) {
    const int object = queue_[next];
    waits_[object] = 0;
    for (const int index : pairs_of_[object]) {
      budget.looks -= kLooks * (1 + pairs_[index].end - pairs_[index].first);
      if (!propagate_pair(index)) return fail();
    }
  }
  queue_.clear();
  return true;
}

// The violated pair whose cheaper repair costs most bytes: it decides most.
DisjunctionSearch::Split DisjunctionSearch::choose_split() const {
  Split best;
  std::int64_t best_repair = 0;
  for (int i = 0; i < static_cast<int>(pairs_.size()); ++i) {
    const Pair &pair = pairs_[i];
    const std::int64_t gap = earliest_[pair.a] - earliest_[pair.b];
    for (int at = pair.first; at < pair.end && forbidden_[at].lo <= gap; ++at) {
      const Interval &forbidden = forbidden_[at];
      if (gap >= forbidden.hi) continue;
      const std::int64_t raise_a = forbidden.hi - gap;
      const std::int64_t raise_b = gap - forbidden.lo + 1;
      const std::int64_t repair = std::min(raise_a, raise_b);
      if (repair <= best_repair) continue;
      best_repair = repair;
      best = {i, forbidden, raise_a < raise_b};
    }
  }
  return best;
}

}  // namespace thimble::plan
