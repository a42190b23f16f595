// Depth first, with nodes copied: see place_disjunctions.h.
#include "plan/place_disjunctions.h"

#include <algorithm>
#include <limits>

namespace thimble::plan {
namespace {

constexpr std::int64_t kUnbounded = std::numeric_limits<std::int64_t>::max() / 4;

bool raise(std::int64_t &bound, std::int64_t to, std::int64_t alignment) {
  if (to <= bound) return false;
  bound = (to + alignment - 1) / alignment * alignment;
  return true;
}

bool lower(std::int64_t &bound, std::int64_t to, std::int64_t alignment) {
  if (to >= bound) return false;
  bound = to >= 0 ? to / alignment * alignment : -1;  // below every offset: the window is empty
  return true;
}

}  // namespace

DisjunctionSearch::DisjunctionSearch(const PlaceProblem &problem) : problem_(problem) {
  for (const PlaceProblem::Pair &pair : problem.pairs)
    looks_a_round_ += 1 + static_cast<std::int64_t>(pair.forbidden.size());
}

Outcome DisjunctionSearch::solve(std::int64_t capacity, Budget &budget,
                                 std::vector<std::int64_t> &offsets) {
  Node root;
  if (!make_root(capacity, root)) return Outcome::kNone;
  std::vector<Node> open = {std::move(root)};
  while (!open.empty()) {
    if (budget.spent()) return Outcome::kBudget;
    Node node = std::move(open.back());
    open.pop_back();
    --budget.nodes;
    if (!propagate(node, budget)) continue;
    const Split split = choose_split(node);
    if (split.pair < 0) {
      offsets = std::move(node.earliest);
      return Outcome::kFound;
    }
    Node above = node;  // a above b
    Node below = std::move(node);
    above.gap[split.pair].lo = std::max(above.gap[split.pair].lo, split.forbidden.hi);
    below.gap[split.pair].hi = std::min(below.gap[split.pair].hi, split.forbidden.lo - 1);
    if (split.raise_a_first) std::swap(above, below);
    open.push_back(std::move(above));
    open.push_back(std::move(below));  // the last is searched first
  }
  return Outcome::kNone;
}

bool DisjunctionSearch::make_root(std::int64_t capacity, Node &root) const {
  for (const PlaceProblem::Object &object : problem_.objects) {
    const std::int64_t last = capacity - object.size;
    if (last < object.fixed.value_or(0)) return false;
    root.earliest.push_back(object.fixed.value_or(0));
    root.latest.push_back(object.fixed.value_or(last / object.alignment * object.alignment));
  }
  root.gap.assign(problem_.pairs.size(), {-kUnbounded, kUnbounded});
  return true;
}

// False: the windows of the pair leave no safe gap. Sets `changed` when a window shrinks.
bool DisjunctionSearch::propagate_pair(int index, Node &node, bool &changed) const {
  const PlaceProblem::Pair &pair = problem_.pairs[index];
  Interval &gap = node.gap[index];
  std::int64_t &low_a = node.earliest[pair.a], &high_a = node.latest[pair.a];
  std::int64_t &low_b = node.earliest[pair.b], &high_b = node.latest[pair.b];
  gap.lo = std::max(gap.lo, low_a - high_b);
  gap.hi = std::min(gap.hi, high_a - low_b);
  for (const Interval &forbidden : pair.forbidden)
    if (gap.lo >= forbidden.lo && gap.lo < forbidden.hi) gap.lo = forbidden.hi;
  for (auto it = pair.forbidden.rbegin(); it != pair.forbidden.rend(); ++it)
    if (gap.hi >= it->lo && gap.hi < it->hi) gap.hi = it->lo - 1;
  if (gap.lo > gap.hi) return false;
  changed |= raise(low_a, low_b + gap.lo, problem_.objects[pair.a].alignment);
  changed |= raise(low_b, low_a - gap.hi, problem_.objects[pair.b].alignment);
  changed |= lower(high_a, high_b + gap.hi, problem_.objects[pair.a].alignment);
  changed |= lower(high_b, high_a - gap.lo, problem_.objects[pair.b].alignment);
  return low_a <= high_a && low_b <= high_b;
}

bool DisjunctionSearch::propagate(Node &node, Budget &budget) const {
  for (bool changed = true; changed;) {
    changed = false;
    budget.looks -= looks_a_round_;
    for (int i = 0; i < static_cast<int>(problem_.pairs.size()); ++i)
      if (!propagate_pair(i, node, changed)) return false;
  }
  return true;
}

// The violated pair whose cheaper repair costs most bytes: it decides most.
DisjunctionSearch::Split DisjunctionSearch::choose_split(const Node &node) const {
  Split best;
  std::int64_t best_repair = 0;
  for (int i = 0; i < static_cast<int>(problem_.pairs.size()); ++i) {
    const PlaceProblem::Pair &pair = problem_.pairs[i];
    const std::int64_t gap = node.earliest[pair.a] - node.earliest[pair.b];
    for (const Interval &forbidden : pair.forbidden) {
      if (gap < forbidden.lo || gap >= forbidden.hi) continue;
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
