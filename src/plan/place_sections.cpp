// Depth first with restarts. Runs differ in which section is taken next and in which order its
// objects are tried: no one way is good for all problems. Sections are weighed by their failures as
// in Boussemart et al., "Boosting systematic search by weighting
// constraints", ECAI 2004.
#include "plan/place_sections.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <numeric>

#include "plan/place_cliques.h"
#include "plan/place_skyline.h"

namespace thimble::plan {
namespace {

constexpr std::int64_t kFirstRun = 1000;  // nodes
constexpr std::int64_t kGrowth = 50;      // each run is longer than the one before by 1 / kGrowth
constexpr std::int64_t kProofShare = 4;   // a proof is tried for 1 / kProofShare of the runs so far

Stacking stacking_of(const PlaceProblem &problem, const std::vector<std::vector<int>> &cliques) {
  Stacking stacking;
  const std::size_t count = problem.objects.size();
  for (const PlaceProblem::Object &object : problem.objects) stacking.sizes.push_back(object.size);
  stacking.members = cliques;
  stacking.sections.resize(count);
  for (std::size_t section = 0; section < cliques.size(); ++section)
    for (int object : cliques[section])
      stacking.sections[object].push_back(static_cast<int>(section));
  stacking.neighbours.resize(count);
  for (const PlaceProblem::Pair &pair : problem.pairs) {
    stacking.neighbours[pair.a].push_back(pair.b);
    stacking.neighbours[pair.b].push_back(pair.a);
  }
  stacking.twin.assign(count, -1);
  for (std::size_t a = 0; a < count; ++a)
    for (int b : stacking.neighbours[a])
      if (b > static_cast<int>(a) && stacking.sizes[a] == stacking.sizes[b] &&
          stacking.sections[a] == stacking.sections[b])
        stacking.twin[b] = static_cast<int>(a);
  return stacking;
}

// How one run is searched: which section is next, and which of its objects is tried first.
struct Style {
  enum Section { kFewestChoices, kLowest } section = kFewestChoices;
  enum Object { kLongest, kLargest, kHighest } object = kLongest;  // lifetime, times bytes, bytes
};

constexpr Style kStyles[] = {
    {Style::kLowest, Style::kHighest},        {Style::kFewestChoices, Style::kLongest},
    {Style::kLowest, Style::kLargest},        {Style::kLowest, Style::kHighest},
    {Style::kFewestChoices, Style::kHighest}, {Style::kLowest, Style::kLongest},
};
constexpr Style kProofStyle = {Style::kFewestChoices, Style::kLongest};

}  // namespace

class SectionSearch::Impl {
 public:
  Impl(const PlaceProblem &problem, const std::vector<std::vector<int>> &cliques)
      : stacking_(stacking_of(problem, cliques)),
        skyline_(stacking_),
        preference_(problem.objects.size()),
        flat_(problem.objects.size()) {
    for (std::int64_t size : stacking_.sizes) unit_ = std::gcd(unit_, size);
  }

  // Many short runs, to find; each time they have taken twice as much, a long one, to prove.
  Outcome solve(std::int64_t capacity, Budget &budget, std::vector<std::int64_t> &offsets) {
    if (!skyline_.reset(capacity)) return Outcome::kNone;
    Outcome outcome = Outcome::kBudget;
    std::int64_t length = kFirstRun, sum = 0, next_proof = kFirstRun * kProofShare;
    for (std::size_t run = 0; outcome == Outcome::kBudget && !budget.spent(); ++run) {
      outcome = search(capacity, kStyles[run % std::size(kStyles)], length, budget);
      sum += length;
      length += length / kGrowth;
      if (outcome != Outcome::kBudget || sum < next_proof) continue;
      outcome = search(capacity, kProofStyle, sum / kProofShare, budget);
      next_proof = 2 * sum;
    }
    if (outcome == Outcome::kFound) offsets = skyline_.offsets();
    return outcome;
  }

  std::int64_t unit() const { return std::max<std::int64_t>(unit_, 1); }

 private:
  struct Node {
    Skyline::Mark mark;
    int section = 0;
    std::vector<int> choices;  // its objects that can be next: all lie flat on its floor
    std::size_t tried = 0;     // of them; after the last: none of them is next
  };

  Outcome search(std::int64_t capacity, Style style, std::int64_t most_nodes, Budget &budget) {
    style_ = style;
    skyline_.use_heads(style.section == Style::kFewestChoices);
    prefer();
    skyline_.reset(capacity);
    const Budget before = budget.slice(budget.looks, most_nodes);
    Budget after = before;
    const Outcome outcome = descend(after);
    budget.pay(before, after);
    return outcome;
  }

  Outcome descend(Budget &budget) {
    if (skyline_.is_complete()) return Outcome::kFound;
    std::vector<Node> path = {next_node()};
    while (!path.empty()) {
      Node &node = path.back();
      skyline_.undo(node.mark);
      if (node.tried > node.choices.size()) {
        path.pop_back();
        continue;
      }
      if (budget.spent()) return Outcome::kBudget;
      const std::int64_t looks = skyline_.looks() + looks_;
      const bool is_open = try_next(node);
      if (is_open && skyline_.is_complete()) return Outcome::kFound;
      if (is_open) path.push_back(next_node());
      budget.looks -= skyline_.looks() + looks_ - looks;
      --budget.nodes;
    }
    return Outcome::kNone;
  }

  bool try_next(Node &node) {
    const std::size_t choice = node.tried++;
    if (choice == node.choices.size())
      return skyline_.slack(node.section) > 0 && skyline_.leave(node.choices);
    return !waits_for_twin(node.choices[choice]) && skyline_.put(node.choices[choice]);
  }

  // Of equal objects the first comes first.
  bool waits_for_twin(int object) const {
    const int twin = stacking_.twin[object];
    return twin >= 0 && skyline_.lowest(twin) == skyline_.lowest(object);
  }

  Node next_node() {
    Node node{skyline_.mark(), choose_section(), {}};
    for (int object : stacking_.members[node.section])
      if (skyline_.lowest(object) == skyline_.floor(node.section)) node.choices.push_back(object);
    std::sort(node.choices.begin(), node.choices.end(), [&](int a, int b) {
      return preference_[a] != preference_[b] ? preference_[a] > preference_[b] : a < b;
    });
    return node;
  }

  // --- which section ---

  // Only where all that can be next lies flat, so that nothing can come beneath it later. The
  // lowest section of all is such a one.
  int choose_section() {
    std::fill(flat_.begin(), flat_.end(), kUnknown);
    int best = -1;
    std::int64_t least = 0;
    for (int section = 0; section < static_cast<int>(stacking_.members.size()); ++section) {
      const std::int64_t choices = count_choices(section);
      if (choices == 0) continue;
      if (choices == 1 && skyline_.slack(section) == 0) return section;
      if (best >= 0 && !is_before(section, choices, best, least)) continue;
      best = section;
      least = choices;
    }
    return best;
  }

  // 0: none is open, or not all lie flat.
  std::int64_t count_choices(int section) {
    std::int64_t choices = 0;
    looks_ += static_cast<std::int64_t>(stacking_.members[section].size());
    for (int object : stacking_.members[section]) {
      if (skyline_.lowest(object) != skyline_.floor(section)) continue;
      if (!is_flat(object)) return 0;
      if (!waits_for_twin(object)) ++choices;
    }
    return choices;
  }

  bool is_flat(int object) {
    if (flat_[object] != kUnknown) return flat_[object] == kFlat;
    const std::vector<int> &sections = stacking_.sections[object];
    looks_ += static_cast<std::int64_t>(sections.size());
    const bool flat = std::all_of(sections.begin(), sections.end(), [&](int section) {
      return skyline_.floor(section) == skyline_.lowest(object);
    });
    flat_[object] = flat ? kFlat : kBent;
    return flat;
  }

  bool is_before(int a, std::int64_t choices_a, int b, std::int64_t choices_b) const {
    if (style_.section == Style::kLowest) {
      if (skyline_.floor(a) != skyline_.floor(b)) return skyline_.floor(a) < skyline_.floor(b);
      return weighed(a, choices_a) < weighed(b, choices_b);
    }
    return weighed(a, choices_a) * skyline_.failures(b) <
           weighed(b, choices_b) * skyline_.failures(a);
  }

  // That none is next counts nearly as much as an object.
  std::int64_t weighed(int section, std::int64_t choices) const {
    return 5 * choices + (skyline_.slack(section) > 0 ? 4 : 0);
  }

  // --- which object ---

  // With a factor from 1 to 16, evenly by its logarithm. By powers of two and whole numbers, so
  // that it is the same on every processor.
  void prefer() {
    for (std::size_t i = 0; i < preference_.size(); ++i) {
      const std::uint32_t random = draw();
      const auto factor = static_cast<double>(256 + (random & 255));
      preference_[i] = std::ldexp(static_cast<double>(plain_preference(i)) * factor,
                                  static_cast<int>((random >> 8) % 4));
    }
  }

  std::int64_t plain_preference(std::size_t object) const {
    const std::int64_t size = stacking_.sizes[object] / unit();
    const auto length = static_cast<std::int64_t>(stacking_.sections[object].size());
    if (style_.object == Style::kLongest) return 10'000 * length + size;
    if (style_.object == Style::kLargest) return length * size;
    return 10'000 * size + length;
  }

  std::uint32_t draw() {
    random_ = random_ * 6364136223846793005u + 1442695040888963407u;
    return static_cast<std::uint32_t>(random_ >> 40);
  }

  enum : char { kUnknown, kFlat, kBent };

  const Stacking stacking_;
  Skyline skyline_;
  Style style_;
  std::vector<double> preference_;  // by object; the highest is tried first
  std::vector<char> flat_;          // by object, at the node at hand
  std::uint64_t random_ = 1;
  std::int64_t unit_ = 0;
  std::int64_t looks_ = 0;
};

bool is_plain(const PlaceProblem &problem) {
  std::int64_t unit = 0;
  for (const PlaceProblem::Object &object : problem.objects) unit = std::gcd(unit, object.size);
  const bool objects_are =
      std::all_of(problem.objects.begin(), problem.objects.end(), [&](const auto &object) {
        return object.size > 0 && !object.fixed && unit % object.alignment == 0;
      });
  return objects_are &&
         std::all_of(problem.pairs.begin(), problem.pairs.end(), [&](const auto &pair) {
           return pair.forbidden.size() == 1 && keeps_clear(problem, pair) &&
                  pair.forbidden[0] ==
                      Interval{1 - problem.objects[pair.a].size, problem.objects[pair.b].size};
         });
}

SectionSearch::SectionSearch(const PlaceProblem &problem,
                             const std::vector<std::vector<int>> &cliques)
    : impl_(std::make_unique<Impl>(problem, cliques)) {}

SectionSearch::~SectionSearch() = default;

Outcome SectionSearch::solve(std::int64_t capacity, Budget &budget,
                             std::vector<std::int64_t> &offsets) {
  return impl_->solve(capacity, budget, offsets);
}

std::int64_t SectionSearch::unit() const { return impl_->unit(); }

}  // namespace thimble::plan
