// The relaxed question by dynamic programming, then placement: see fast_memory.h.
#include "plan/fast_memory.h"

#include <algorithm>
#include <functional>
#include <map>

namespace thimble::plan {
namespace {

constexpr std::size_t kMostStates = 1024;  // sets of objects kept at a moment
constexpr std::int64_t kNodes = 20'000;    // of one placement search
constexpr int kMostLowered = 24;           // capacities tried
constexpr int kMostAdded = 64;             // objects tried beside those that fit

using Moment = std::vector<FastProblem::Share>;

std::int64_t sum_of(const Moment &moment) {
  std::int64_t sum = 0;
  for (const auto &share : moment) sum += share.bytes;
  return sum;
}

// Moments at which not everything fits; of neighbours with the same objects, none that asks no more
// than the one before.
std::vector<Moment> binding(const FastProblem &problem, std::int64_t capacity) {
  const auto asks_no_more = [](const Moment &moment, const Moment &than) {
    if (moment.size() != than.size()) return false;
    for (std::size_t i = 0; i < moment.size(); ++i)
      if (moment[i].object != than[i].object || moment[i].bytes > than[i].bytes) return false;
    return true;
  };
  std::vector<Moment> found;
  for (Moment moment : problem.moments) {
    if (sum_of(moment) <= capacity) continue;
    std::sort(moment.begin(), moment.end(),
              [](const auto &a, const auto &b) { return a.object < b.object; });
    if (!found.empty() && asks_no_more(moment, found.back())) continue;
    while (!found.empty() && asks_no_more(found.back(), moment)) found.pop_back();
    found.push_back(std::move(moment));
  }
  return found;
}

struct Relaxed {
  std::vector<bool> is_fast;
  std::int64_t most_worth = 0;
};

class RelaxedSearch {
 public:
  RelaxedSearch(const FastProblem &problem, std::int64_t capacity)
      : problem_(problem),
        capacity_(capacity),
        moments_(binding(problem, capacity)),
        first_(problem.worth.size(), -1),
        last_(problem.worth.size(), -1) {
    for (int m = 0; m < static_cast<int>(moments_.size()); ++m)
      for (const auto &share : moments_[m]) {
        if (first_[share.object] < 0) first_[share.object] = m;
        last_[share.object] = m;
      }
  }

  Relaxed run() {
    Relaxed relaxed{std::vector<bool>(problem_.worth.size(), false)};
    std::int64_t outside = 0;  // of what meets no binding moment
    for (std::size_t i = 0; i < problem_.worth.size(); ++i) {
      if (!can_lie(static_cast<int>(i))) continue;
      if (first_[i] >= 0) {
        undecided_ += problem_.worth[i];
      } else {
        relaxed.is_fast[i] = true;
        outside += problem_.worth[i];
      }
    }
    states_ = {{{}, {}}};
    for (int m = 0; m < static_cast<int>(moments_.size()); ++m) pass(m);
    const State &best = states_.begin()->second;  // nothing is alive: there is one state
    for (int at = best.last; at >= 0; at = choices_[at].before)
      relaxed.is_fast[choices_[at].object] = true;
    relaxed.most_worth = outside + std::max(best.worth, most_dropped_);
    return relaxed;
  }

 private:
  struct Choice {  // the last object chosen, and the choice before it
    int object = -1, before = -1;
  };
  struct State {
    std::int64_t worth = 0;
    int last = -1;  // choice
  };
  using States = std::map<std::vector<int>, State>;  // by the chosen objects that are alive

  bool can_lie(int object) const { return problem_.place.objects[object].size <= capacity_; }

  void pass(int m) {
    keep_what_fits(m);
    for (const auto &share : moments_[m]) {
      if (first_[share.object] != m || !can_lie(share.object)) continue;
      undecided_ -= problem_.worth[share.object];
      States with;
      for (const auto &[alive, state] : states_) {
        std::vector<int> more = alive;
        more.insert(std::lower_bound(more.begin(), more.end(), share.object), share.object);
        if (!fits(m, more)) continue;
        choices_.push_back({share.object, state.last});
        with[more] = {state.worth + problem_.worth[share.object],
                      static_cast<int>(choices_.size()) - 1};
      }
      states_.merge(with);
      keep_the_most_worth();
    }
    forget_the_dead(m);
  }

  bool fits(int m, const std::vector<int> &alive) const {
    std::int64_t sum = 0;
    for (const auto &share : moments_[m])
      if (std::binary_search(alive.begin(), alive.end(), share.object)) sum += share.bytes;
    return sum <= capacity_;
  }

  void keep_what_fits(int m) {
    std::erase_if(states_, [&](const auto &entry) { return !fits(m, entry.first); });
  }

  void keep_the_most_worth() {
    if (states_.size() <= kMostStates) return;
    std::vector<std::int64_t> worths;
    for (const auto &[alive, state] : states_) worths.push_back(state.worth);
    std::sort(worths.begin(), worths.end(), std::greater<>());
    const std::int64_t least = worths[kMostStates - 1];
    auto room = static_cast<std::ptrdiff_t>(kMostStates) -
                (std::lower_bound(worths.begin(), worths.end(), least, std::greater<>()) -
                 worths.begin());  // for those that are worth no more than the least
    std::erase_if(states_, [&](const auto &entry) {
      // The empty set stays: it always fits.
      const std::int64_t worth = entry.second.worth;
      if (worth > least || entry.first.empty() || (worth == least && room-- > 0)) return false;
      most_dropped_ = std::max(most_dropped_, worth + undecided_);
      return true;
    });
  }

  void forget_the_dead(int m) {
    States merged;
    for (const auto &[alive, state] : states_) {
      std::vector<int> still;
      for (int object : alive)
        if (last_[object] > m) still.push_back(object);
      const auto [found, is_new] = merged.try_emplace(std::move(still), state);
      if (!is_new && found->second.worth < state.worth) found->second = state;
    }
    states_ = std::move(merged);
  }

  const FastProblem &problem_;
  const std::int64_t capacity_;
  const std::vector<Moment> moments_;
  std::vector<int> first_, last_;  // by object: binding moment; -1: none
  States states_;
  std::vector<Choice> choices_;
  std::int64_t undecided_ = 0;     // worth of what no state has decided on
  std::int64_t most_dropped_ = 0;  // no set that was dropped leads to more
};

// Places the chosen objects; whether they fit.
bool place_fast(const FastProblem &problem, const std::vector<bool> &is_fast, double seconds,
                FastChoice &choice) {
  const PlaceProblem part = part_of(problem.place, is_fast);
  PlaceSolution solution;
  if (!part.objects.empty()) solution = place(part, seconds, kNodes, problem.capacity);
  if (solution.bytes > problem.capacity) return false;
  choice.is_fast = is_fast;
  choice.bytes = solution.bytes;
  choice.offsets.assign(is_fast.size(), -1);
  choice.worth = 0;
  for (std::size_t i = 0, at = 0; i < is_fast.size(); ++i) {
    if (!is_fast[i]) continue;
    choice.offsets[i] = solution.offsets[at++];
    choice.worth += problem.worth[i];
  }
  return true;
}

void add_what_fits(const FastProblem &problem, double seconds, FastChoice &choice) {
  std::vector<int> others;
  for (std::size_t i = 0; i < choice.is_fast.size(); ++i)
    if (!choice.is_fast[i] && problem.worth[i] > 0 &&
        problem.place.objects[i].size <= problem.capacity)
      others.push_back(static_cast<int>(i));
  std::stable_sort(others.begin(), others.end(),
                   [&](int a, int b) { return problem.worth[a] > problem.worth[b]; });
  if (others.size() > kMostAdded) others.resize(kMostAdded);
  for (int other : others) {
    std::vector<bool> more = choice.is_fast;
    more[other] = true;
    place_fast(problem, more, seconds / kMostAdded, choice);
  }
}

}  // namespace

PlaceProblem part_of(const PlaceProblem &problem, const std::vector<bool> &is_in) {
  PlaceProblem part;
  std::vector<int> index(is_in.size(), -1);
  for (std::size_t i = 0; i < is_in.size(); ++i) {
    if (!is_in[i]) continue;
    index[i] = static_cast<int>(part.objects.size());
    part.objects.push_back(problem.objects[i]);
  }
  for (const PlaceProblem::Pair &pair : problem.pairs)
    if (is_in[pair.a] && is_in[pair.b])
      part.pairs.push_back({index[pair.a], index[pair.b], pair.forbidden});
  return part;
}

FastChoice choose_fast(const FastProblem &problem, double seconds) {
  FastChoice choice;
  place_fast(problem, std::vector<bool>(problem.worth.size(), false), seconds, choice);
  const Relaxed relaxed = RelaxedSearch(problem, problem.capacity).run();
  bool fits = place_fast(problem, relaxed.is_fast, seconds, choice);
  for (int i = 1; !fits && i < kMostLowered; ++i) {
    const std::int64_t lowered = problem.capacity / kMostLowered * (kMostLowered - i);
    fits = place_fast(problem, RelaxedSearch(problem, lowered).run().is_fast,
                      seconds / kMostLowered, choice);
  }
  if (choice.worth < relaxed.most_worth) add_what_fits(problem, seconds, choice);
  choice.most_worth = relaxed.most_worth;
  return choice;
}

}  // namespace thimble::plan
