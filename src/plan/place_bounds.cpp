// See place_bounds.h.
#include "plan/place_bounds.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "plan/intervals.h"

namespace thimble::plan {
namespace {

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
  std::int64_t least = is_safe(0) ? bytes_at(0) : std::numeric_limits<std::int64_t>::max();
  for (const Interval &forbidden : pair.forbidden)
    least = std::min({least, bytes_at(forbidden.lo - 1), bytes_at(forbidden.hi)});
  return least;
}

// What of an object another one never lies in, by all of its safe gaps.
struct Apart {
  std::int64_t other_size = 0;
  IntervalSet bytes;
  std::int64_t count = 0;
};

// `gaps`: forbidden values of at(other) - at(object). The other covers byte x at a gap within
// (x - other size, x]; never where all of these are forbidden.
Apart bytes_apart(std::int64_t size, std::int64_t other_size, const IntervalSet &gaps) {
  Apart apart{other_size, {}, 0};
  for (const Interval &gap : gaps) {
    const Interval bytes{std::max<std::int64_t>(gap.lo + other_size - 1, 0),
                         std::min(gap.hi, size)};
    if (bytes.lo >= bytes.hi) continue;
    apart.bytes.push_back(bytes);
    apart.count += bytes.hi - bytes.lo;
  }
  return apart;
}

IntervalSet in_both(const IntervalSet &a, const IntervalSet &b) {
  IntervalSet both;
  for (const Interval &one : a)
    for (const Interval &other : b)
      if (std::max(one.lo, other.lo) < std::min(one.hi, other.hi))
        both.push_back({std::max(one.lo, other.lo), std::min(one.hi, other.hi)});
  return both;
}

std::int64_t bytes_in(const IntervalSet &set) {
  std::int64_t bytes = 0;
  for (const Interval &part : set) bytes += part.hi - part.lo;
  return bytes;
}

// A clique's bytes add up, and with them what of one more object none of it ever lies in; or the
// same of those alone that lie in least of it.
class PartlyClear {
 public:
  explicit PartlyClear(const PlaceProblem &problem)
      : problem_(problem), gaps_(problem.objects.size()) {
    for (const PlaceProblem::Pair &pair : problem.pairs) {
      gaps_[pair.a].emplace_back(pair.b, IntervalSet{});
      for (auto it = pair.forbidden.rbegin(); it != pair.forbidden.rend(); ++it)
        gaps_[pair.a].back().second.push_back({1 - it->hi, 1 - it->lo});
      gaps_[pair.b].emplace_back(pair.a, pair.forbidden);
    }
  }

  std::int64_t bound(const std::vector<int> &clique, int object) const {
    const std::int64_t size = problem_.objects[object].size;
    std::vector<Apart> all;
    for (const auto &[other, gaps] : gaps_[object])
      if (std::binary_search(clique.begin(), clique.end(), other))
        all.push_back(bytes_apart(size, problem_.objects[other].size, gaps));
    std::stable_sort(all.begin(), all.end(),
                     [](const Apart &a, const Apart &b) { return a.count > b.count; });
    IntervalSet apart{{0, size}};
    std::int64_t bytes = 0, bound = 0;
    for (const Apart &next : all) {
      apart = in_both(apart, next.bytes);
      bytes += next.other_size;
      bound = std::max(bound, bytes + bytes_in(apart));
    }
    return bound;
  }

 private:
  const PlaceProblem &problem_;
  std::vector<std::vector<std::pair<int, IntervalSet>>> gaps_;  // of at(other) - at(object)
};

}  // namespace

std::int64_t simple_bound(const PlaceProblem &problem,
                          const std::vector<std::vector<int>> &cliques) {
  std::int64_t bound = problem.lower_bound;
  for (const PlaceProblem::Object &object : problem.objects)
    bound = std::max(bound, object.fixed.value_or(0) + object.size);
  for (const PlaceProblem::Pair &pair : problem.pairs)
    bound = std::max(bound, pair_bytes(problem, pair));
  for (const std::vector<int> &clique : cliques) {
    std::int64_t bytes = 0;
    for (int object : clique) bytes += problem.objects[object].size;
    bound = std::max(bound, bytes);
  }
  return bound;
}

std::int64_t partly_clear_bound(const PlaceProblem &problem,
                                const std::vector<std::vector<int>> &cliques) {
  const PartlyClear partly(problem);
  std::int64_t bound = 0;
  for (const std::vector<int> &clique : cliques)
    for (int object = 0; object < static_cast<int>(problem.objects.size()); ++object)
      if (!std::binary_search(clique.begin(), clique.end(), object))
        bound = std::max(bound, partly.bound(clique, object));
  return bound;
}

}  // namespace thimble::plan
