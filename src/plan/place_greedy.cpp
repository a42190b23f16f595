// First fit in several orders: see place_greedy.h. The orders are by size, by how much an object
// conflicts with, by number (time), and seeded swaps of the best one so far.
#include "plan/place_greedy.h"

#include <algorithm>
#include <limits>
#include <numeric>

#include "plan/intervals.h"

namespace thimble::plan {
namespace {

constexpr int kSwaps = 200;

struct Neighbour {
  int other = 0;
  IntervalSet forbidden;  // of at(this) - at(other)
};

using Neighbours = std::vector<std::vector<Neighbour>>;

Neighbours neighbours_of(const PlaceProblem &problem) {
  Neighbours neighbours(problem.objects.size());
  for (const PlaceProblem::Pair &pair : problem.pairs) {
    neighbours[pair.a].push_back({pair.b, pair.forbidden});
    neighbours[pair.b].push_back({pair.a, mirrored(pair.forbidden)});
  }
  return neighbours;
}

std::int64_t round_up(std::int64_t value, std::int64_t alignment) {
  return (value + alignment - 1) / alignment * alignment;
}

std::int64_t lowest_safe_offset(const PlaceProblem::Object &object,
                                const std::vector<Neighbour> &neighbours,
                                const std::vector<std::int64_t> &offsets) {
  if (object.fixed) return *object.fixed;
  std::int64_t offset = 0;
  for (bool is_raised = true; is_raised;) {
    is_raised = false;
    for (const Neighbour &neighbour : neighbours) {
      const std::int64_t at = offsets[neighbour.other];
      if (at < 0) continue;
      for (const Interval &gap : neighbour.forbidden) {
        if (at + gap.lo > offset) break;
        if (at + gap.hi <= offset) continue;
        offset = round_up(at + gap.hi, object.alignment);
        is_raised = true;
      }
    }
  }
  return offset;
}

// `solution`: of another order that is the same up to `first`. False: it needs more than `most`.
bool first_fit(const PlaceProblem &problem, const Neighbours &neighbours,
               const std::vector<int> &order, std::size_t first, std::int64_t most,
               PlaceSolution &solution) {
  solution.bytes = 0;
  for (std::size_t i = first; i < order.size(); ++i) solution.offsets[order[i]] = -1;
  for (std::size_t i = 0; i < order.size() && solution.bytes <= most; ++i) {
    const PlaceProblem::Object &object = problem.objects[order[i]];
    std::int64_t &offset = solution.offsets[order[i]];
    if (i >= first) offset = lowest_safe_offset(object, neighbours[order[i]], solution.offsets);
    solution.bytes = std::max(solution.bytes, offset + object.size);
  }
  return solution.bytes <= most;
}

// Decreasing weight; fixed objects first whatever their weight.
template <class Weight>
std::vector<int> order_by(const PlaceProblem &problem, Weight weight) {
  std::vector<int> order(problem.objects.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](int a, int b) {
    const bool fixed_a = problem.objects[a].fixed.has_value();
    const bool fixed_b = problem.objects[b].fixed.has_value();
    return fixed_a != fixed_b ? fixed_a : weight(a) > weight(b);
  });
  return order;
}

std::int64_t conflict_weight(const PlaceProblem &problem,
                             const std::vector<Neighbour> &neighbours) {
  std::int64_t weight = 0;
  for (const Neighbour &neighbour : neighbours) weight += problem.objects[neighbour.other].size;
  return weight;
}

// Hill climbing by swaps; a linear congruential generator, so that equal problems give equal plans.
void improve_by_swaps(const PlaceProblem &problem, const Neighbours &neighbours,
                      std::vector<int> order, PlaceSolution &best) {
  std::uint32_t state = 1;
  const auto draw = [&](std::size_t bound) {
    state = state * 1664525u + 1013904223u;
    return static_cast<std::size_t>(state >> 8) % bound;
  };
  for (int i = 0; i < kSwaps; ++i) {
    const std::size_t a = draw(order.size()), b = draw(order.size());
    if (a == b || problem.objects[order[a]].fixed || problem.objects[order[b]].fixed) continue;
    std::swap(order[a], order[b]);
    PlaceSolution next = best;
    if (first_fit(problem, neighbours, order, std::min(a, b), best.bytes, next)) {
      best = std::move(next);
    } else {
      std::swap(order[a], order[b]);
    }
  }
}

}  // namespace

PlaceSolution place_greedily(const PlaceProblem &problem) {
  if (problem.objects.empty()) return {};
  const Neighbours neighbours = neighbours_of(problem);
  const std::vector<std::vector<int>> orders = {
      order_by(problem, [&](int i) { return problem.objects[i].size; }),
      order_by(problem, [&](int i) { return conflict_weight(problem, neighbours[i]); }),
      order_by(problem, [](int i) { return -i; }),
      order_by(problem, [](int i) { return i; }),
  };
  PlaceSolution best;
  const std::vector<int> *best_order = nullptr;
  for (const std::vector<int> &order : orders) {
    PlaceSolution next;
    next.offsets.resize(problem.objects.size());
    first_fit(problem, neighbours, order, 0, std::numeric_limits<std::int64_t>::max(), next);
    if (best_order == nullptr || next.bytes < best.bytes) {
      best = std::move(next);
      best_order = &order;
    }
  }
  improve_by_swaps(problem, neighbours, *best_order, best);
  return best;
}

}  // namespace thimble::plan
