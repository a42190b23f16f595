// Exact placement by branch and bound on disjunctions.
//
// A search node holds for each object a window of offsets [earliest, latest], and for each pair a
// range of gaps at(a) - at(b). Propagation is the longest-path rule on both, and trims ranges whose
// end lies in a forbidden interval. If the earliest offsets are safe they are a solution, and the
// capacity drops below it; else one violated pair is split at its forbidden interval: gap < lo, or
// gap >= hi. The lower bound is asked first: most networks reach it, and then nothing is left to
// prove.
#include "plan/place.h"

#include <algorithm>
#include <limits>

#include "plan/place_greedy.h"

namespace thimble::plan {
namespace {

constexpr std::int64_t kUnbounded = std::numeric_limits<std::int64_t>::max() / 4;
constexpr std::int64_t kProbeNodes = 2000;
// Looks at a pair, forbidden interval by forbidden interval, that a processor of 2020 does in a
// second.
constexpr double kLooksPerSecond = 2.5e8;

struct SearchNode {
  std::vector<std::int64_t> earliest, latest;  // by object
  std::vector<Interval> gap;                   // by pair; both ends included here
};

enum class Outcome { kFound, kExhausted, kLimit };

class Search {
 public:
  Search(const PlaceProblem &problem, double time_limit_seconds, std::int64_t node_limit)
      : problem_(problem),
        node_limit_(node_limit),
        most_looks_(
            static_cast<std::int64_t>(std::min(time_limit_seconds, 1e8) * kLooksPerSecond)) {
    for (const PlaceProblem::Pair &pair : problem.pairs)
      looks_a_round_ += 1 + static_cast<std::int64_t>(pair.forbidden.size());
  }

  // Any solution within `capacity` bytes, in at most `most_nodes` more nodes.
  Outcome solve(std::int64_t capacity, std::int64_t most_nodes, PlaceSolution &solution) {
    stop_at_ = most_nodes > 0 ? nodes_ + most_nodes : kUnbounded;
    if (node_limit_ > 0) stop_at_ = std::min(stop_at_, node_limit_);
    SearchNode root;
    if (!make_root(capacity, root)) return Outcome::kExhausted;
    std::vector<SearchNode> open = {std::move(root)};
    while (!open.empty()) {
      if (out_of_budget()) return Outcome::kLimit;
      SearchNode node = std::move(open.back());
      open.pop_back();
      ++nodes_;
      if (!propagate(node)) continue;
      const Split split = choose_split(node);
      if (split.pair < 0) {
        accept(node, solution);
        return Outcome::kFound;
      }
      push_children(std::move(node), split, open);
    }
    return Outcome::kExhausted;
  }

  std::int64_t nodes() const { return nodes_; }

 private:
  struct Split {
    int pair = -1;
    Interval forbidden;
    bool raise_a_first = false;
  };

  bool make_root(std::int64_t capacity, SearchNode &root) const {
    for (const PlaceProblem::Object &object : problem_.objects) {
      const std::int64_t last = capacity - object.size;
      if (last < object.fixed.value_or(0)) return false;
      root.earliest.push_back(object.fixed.value_or(0));
      root.latest.push_back(object.fixed.value_or(last / object.alignment * object.alignment));
    }
    root.gap.assign(problem_.pairs.size(), {-kUnbounded, kUnbounded});
    return true;
  }

  bool out_of_budget() const { return nodes_ >= stop_at_ || looks_ >= most_looks_; }

  // False: the windows of the pair leave no safe gap. Sets `changed` when a window shrinks.
  bool propagate_pair(int index, SearchNode &node, bool &changed) const {
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

  static bool raise(std::int64_t &bound, std::int64_t to, std::int64_t alignment) {
    if (to <= bound) return false;
    bound = (to + alignment - 1) / alignment * alignment;
    return true;
  }

  static bool lower(std::int64_t &bound, std::int64_t to, std::int64_t alignment) {
    if (to >= bound) return false;
    bound = to >= 0 ? to / alignment * alignment : -1;  // below every offset: the window is empty
    return true;
  }

  bool propagate(SearchNode &node) {
    for (bool changed = true; changed;) {
      changed = false;
      looks_ += looks_a_round_;
      for (int i = 0; i < static_cast<int>(problem_.pairs.size()); ++i)
        if (!propagate_pair(i, node, changed)) return false;
    }
    return true;
  }

  // The violated pair whose cheaper repair costs most bytes: it decides most.
  Split choose_split(const SearchNode &node) const {
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

  static void push_children(SearchNode node, const Split &split, std::vector<SearchNode> &open) {
    SearchNode above = node;  // a above b
    above.gap[split.pair].lo = std::max(above.gap[split.pair].lo, split.forbidden.hi);
    SearchNode below = std::move(node);
    below.gap[split.pair].hi = std::min(below.gap[split.pair].hi, split.forbidden.lo - 1);
    if (split.raise_a_first) std::swap(above, below);
    open.push_back(std::move(above));
    open.push_back(std::move(below));  // the last is searched first
  }

  void accept(const SearchNode &node, PlaceSolution &solution) const {
    solution.offsets = node.earliest;
    solution.bytes = 0;
    for (std::size_t i = 0; i < node.earliest.size(); ++i)
      solution.bytes = std::max(solution.bytes, node.earliest[i] + problem_.objects[i].size);
  }

  const PlaceProblem &problem_;
  const std::int64_t node_limit_;
  const std::int64_t most_looks_;
  std::int64_t looks_a_round_ = 0, looks_ = 0;
  std::int64_t nodes_ = 0, stop_at_ = 0;
};

// Bytes that a and b need together at the best of their safe gaps.
std::int64_t pair_bytes(const PlaceProblem &problem, const PlaceProblem::Pair &pair) {
  const std::int64_t size_a = problem.objects[pair.a].size, size_b = problem.objects[pair.b].size;
  const auto bytes_at = [&](std::int64_t gap) {
    return std::max(size_a + std::max<std::int64_t>(gap, 0),
                    size_b + std::max<std::int64_t>(-gap, 0));
  };
  const auto is_safe = [&](std::int64_t gap) {
    return std::none_of(pair.forbidden.begin(), pair.forbidden.end(),
                        [&](const Interval &f) { return gap >= f.lo && gap < f.hi; });
  };
  std::int64_t least = is_safe(0) ? bytes_at(0) : kUnbounded;
  for (const Interval &forbidden : pair.forbidden)
    least = std::min({least, bytes_at(forbidden.lo - 1), bytes_at(forbidden.hi)});
  return least;
}

std::int64_t simple_bound(const PlaceProblem &problem) {
  std::int64_t bound = problem.lower_bound;
  for (const PlaceProblem::Object &object : problem.objects)
    bound = std::max(bound, object.fixed.value_or(0) + object.size);
  for (const PlaceProblem::Pair &pair : problem.pairs)
    bound = std::max(bound, pair_bytes(problem, pair));
  return bound;
}

}  // namespace

PlaceSolution place(const PlaceProblem &problem, double time_limit_seconds,
                    std::int64_t node_limit) {
  PlaceSolution best = place_greedily(problem);
  best.lower_bound = std::min(simple_bound(problem), best.bytes);
  Search search(problem, time_limit_seconds, node_limit);
  Outcome outcome = Outcome::kFound;
  if (best.bytes > best.lower_bound) {
    const Outcome probe = search.solve(best.lower_bound, kProbeNodes, best);
    if (probe == Outcome::kExhausted) ++best.lower_bound;
  }
  while (best.bytes > best.lower_bound && outcome == Outcome::kFound)
    outcome = search.solve(best.bytes - 1, 0, best);
  if (outcome == Outcome::kExhausted) best.lower_bound = best.bytes;
  best.proven = best.lower_bound == best.bytes;
  best.nodes = search.nodes();
  return best;
}

}  // namespace thimble::plan
