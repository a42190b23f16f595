// Which search is asked what. Groups of objects that have nothing to do with each other are placed
// one after the other; each is asked first whether its lower bound will do, and then how far its
// best placement can come down. Most networks reach the bound, and then nothing is left to prove.
#include "plan/place.h"

#include <algorithm>
#include <limits>

#include "plan/place_bounds.h"
#include "plan/place_budget.h"
#include "plan/place_cliques.h"
#include "plan/place_disjunctions.h"
#include "plan/place_greedy.h"
#include "plan/place_parts.h"
#include "plan/place_sections.h"

namespace thimble::plan {
namespace {

constexpr std::int64_t kNoLimit = std::numeric_limits<std::int64_t>::max() / 4;
constexpr std::int64_t kProbeNodes = 2000;         // for the lower bound, of the general search
constexpr std::int64_t kFirstSliceNodes = 10'000;  // for one capacity, of the search by sections

std::int64_t end_of(const PlaceProblem &problem, const std::vector<std::int64_t> &offsets) {
  std::int64_t end = 0;
  for (std::size_t i = 0; i < offsets.size(); ++i)
    end = std::max(end, offsets[i] + problem.objects[i].size);
  return end;
}

// Narrows the range between what is proven and what is found.
class Narrowing {
 public:
  // Nothing below `enough` bytes is looked for as long as `enough` may be reached.
  Narrowing(const PlaceProblem &problem, PlaceSolution &best, std::int64_t enough, Budget &budget)
      : problem_(problem), best_(best), enough_(enough), budget_(budget) {}

  // Sections find; where there is slack, disjunctions prove sooner.
  void by_sections(SectionSearch &sections, DisjunctionSearch &disjunctions) {
    const auto ask_both = [&](std::int64_t capacity, std::int64_t nodes) {
      const std::int64_t looks = budget_.looks;
      const Outcome outcome = ask(sections, capacity, {looks, nodes});
      if (outcome != Outcome::kBudget) return outcome;
      return ask(disjunctions, capacity, {looks - budget_.looks, kNoLimit});
    };
    best_.lower_bound = round_up(best_.lower_bound, sections.unit());
    for (std::int64_t nodes = kFirstSliceNodes; !is_done(); nodes *= 4) {
      std::int64_t failed = goal();
      ask_both(failed, nodes);
      while (!is_done() && best_.bytes - failed > sections.unit()) {
        const std::int64_t middle = round_up((failed + best_.bytes) / 2, sections.unit());
        const std::int64_t capacity = std::min(middle, best_.bytes - sections.unit());
        if (ask_both(capacity, nodes) != Outcome::kFound) failed = capacity;
      }
      best_.lower_bound = round_up(best_.lower_bound, sections.unit());
    }
  }

  void by_disjunctions(DisjunctionSearch &search) {
    if (!is_done()) ask(search, goal(), {kNoLimit, kProbeNodes});
    while (!is_done()) ask(search, best_.bytes - 1, {kNoLimit, kNoLimit});
  }

 private:
  std::int64_t goal() const { return std::max(best_.lower_bound, enough_); }
  bool is_done() const { return best_.bytes <= goal() || budget_.spent(); }

  static std::int64_t round_up(std::int64_t value, std::int64_t unit) {
    return (value + unit - 1) / unit * unit;
  }

  template <class Search>
  Outcome ask(Search &search, std::int64_t capacity, const Budget &most) {
    const Budget before = budget_.slice(most.looks, most.nodes);
    Budget after = before;
    const Outcome outcome = search.solve(capacity, after, best_.offsets);
    budget_.pay(before, after);
    best_.nodes += before.nodes - after.nodes;
    if (outcome == Outcome::kFound) best_.bytes = end_of(problem_, best_.offsets);
    if (outcome == Outcome::kNone) best_.lower_bound = std::max(best_.lower_bound, capacity + 1);
    return outcome;
  }

  const PlaceProblem &problem_;
  PlaceSolution &best_;
  const std::int64_t enough_;
  Budget &budget_;
};

PlaceSolution place_part(const PlaceProblem &problem, std::int64_t enough, Budget &budget) {
  PlaceSolution best = place_greedily(problem);
  const auto cliques = find_cliques(problem);
  best.lower_bound = std::min(simple_bound(problem, cliques), best.bytes);
  if (!is_plain(problem) && best.lower_bound < best.bytes)
    best.lower_bound = std::max(best.lower_bound, partly_clear_bound(problem, cliques));
  DisjunctionSearch disjunctions(problem);
  Narrowing narrowing(problem, best, enough, budget);
  if (is_plain(problem)) {
    SectionSearch sections(problem, cliques);
    narrowing.by_sections(sections, disjunctions);
  } else {
    narrowing.by_disjunctions(disjunctions);
  }
  return best;
}

// What the small ones leave of their shares of the time goes to the large ones.
std::vector<PlacePart> smallest_first(std::vector<PlacePart> parts) {
  std::stable_sort(parts.begin(), parts.end(), [](const PlacePart &a, const PlacePart &b) {
    return a.objects.size() < b.objects.size();
  });
  return parts;
}

}  // namespace

PlaceSolution place(const PlaceProblem &problem, double time_limit_seconds, std::int64_t node_limit,
                    std::int64_t enough_bytes) {
  Budget budget{static_cast<std::int64_t>(std::min(time_limit_seconds, 1e8) * kLooksPerSecond),
                node_limit > 0 ? node_limit : kNoLimit};
  PlaceSolution whole;
  whole.offsets.resize(problem.objects.size());
  whole.lower_bound = problem.lower_bound;
  const std::vector<PlacePart> parts = smallest_first(divide_into_parts(problem));
  for (std::size_t done = 0; done < parts.size(); ++done) {
    const PlacePart &part = parts[done];
    const auto left = static_cast<std::int64_t>(parts.size() - done);
    const std::int64_t enough = std::max({whole.lower_bound, whole.bytes, enough_bytes});
    const Budget before = budget.slice(budget.looks / left, budget.nodes / left);
    Budget after = before;
    const PlaceSolution placed = place_part(part.problem, enough, after);
    budget.pay(before, after);
    for (std::size_t i = 0; i < part.objects.size(); ++i)
      whole.offsets[part.objects[i]] = placed.offsets[i];
    whole.bytes = std::max(whole.bytes, placed.bytes);
    whole.lower_bound = std::max(whole.lower_bound, placed.lower_bound);
    whole.nodes += placed.nodes;
  }
  whole.lower_bound = std::min(whole.lower_bound, whole.bytes);
  whole.proven = whole.lower_bound == whole.bytes;
  return whole;
}

}  // namespace thimble::plan
