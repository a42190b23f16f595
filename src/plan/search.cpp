// Exact search over cuts, with lazily sharpened costs: see search.h.
#include "plan/search.h"

#include <algorithm>
#include <limits>
#include <map>

#include "plan/live.h"
#include "plan/segments.h"
#include "plan/turns.h"

namespace thimble::plan {
namespace {

constexpr std::size_t kMostChoices = 256;  // of one segment, all tried
constexpr int kFewStages = 24;             // of each segment, all that is affordable is tried
constexpr std::int64_t kMostPlainEvents = 4'000'000;    // simulated for first costs
constexpr std::int64_t kMostEvents = 1'500'000;         // simulated for more of them
constexpr std::int64_t kMostImprovingEvents = 150'000;  // of these, from one choice
constexpr std::int64_t kQuickPart = 16;                 // of these, with Effort::kQuick
constexpr std::size_t kSegmentsAtOnce = 4;
constexpr int kMostSharpened = 400;  // segments placed on their own
constexpr int kMostPlaced = 25;      // whole schedules placed
constexpr int kMostTurned = 48;      // and placed again with other directions
constexpr double kFirstShare = 0.2;  // of the time: for the first schedule, if no other will do
constexpr double kQuickShare = kFirstShare / 24;  // and for each at first
constexpr double kPlainShare = 0.1;               // for one stage after the other
constexpr std::int64_t kSegmentNodes = 1'000;     // of the placement search, for one segment
constexpr std::int64_t kUnknown = std::numeric_limits<std::int64_t>::max();

// One way to run one segment.
struct Option {
  Segment segment;
  Choice choice;
  std::int64_t cost = 0;  // bytes that no schedule with it can do without
  int complexity = 0;
  bool sharpened = false;
};

using Chain = std::vector<Option *>;

class Searcher {
 public:
  Searcher(const Network &network, const Options &options, Effort effort)
      : network_(network),
        options_(options),
        part_(effort == Effort::kQuick ? kQuickPart : 1),
        crossings_(network),
        stage_count_(static_cast<int>(network.stages.size())),
        walks_(network.storage.tensors),
        by_first_(stage_count_) {}

  Found run() {
    if (options_.layer_by_layer || options_.keep_all) {
      place_one_stage_after_the_other();
      return std::move(found_);
    }
    find_crossing();
    add_options();
    Chain chain = best_chain();
    while (enrich_bottleneck(chain) || sharpen_bottleneck(chain) || sharpen_all(chain))
      chain = best_chain();
    const std::int64_t bound = bottleneck(chain);
    place_chain(chain, kQuickShare);
    for (const Prefer prefer : {Prefer::kSmall, Prefer::kNarrow})
      if (found_.best.solution.bytes > bound)
        place_chain(preferred_chain(prefer, bound), kQuickShare);
    if (found_.best.solution.bytes > bound) place_chain(chain, kFirstShare);
    if (found_.best.solution.bytes > bound) try_others();
    place_one_stage_after_the_other();
    if (found_.best.solution.bytes > bound) turn_some(bound);
    found_.schedule_proven = complete_ && found_.best.solution.bytes <= std::max(bound, proven_);
    return std::move(found_);
  }

 private:
  // crossing_[i]: bytes that are there whole between stages i - 1 and i.
  void find_crossing() {
    const std::vector<Tensor> &tensors = network_.storage.tensors;
    for (int last = 0; last <= stage_count_; ++last) {
      const Boundary boundary = crossings_.boundary({0, last});
      std::int64_t bytes = 0;
      for (std::size_t t = 0; t < tensors.size(); ++t)
        bytes +=
            std::count(boundary.needed_later[t].begin(), boundary.needed_later[t].end(), true) *
            tensors[t].row_bytes;
      crossing_.push_back(bytes);
    }
  }

  void place_one_stage_after_the_other() {
    std::vector<Region> regions;
    for (int i = 0; i < stage_count_; ++i) regions.push_back(region_of(network_, {i, i + 1}, {0}));
    place_regions(std::move(regions), kPlainShare);
  }

  // --- options ---

  // The plain choices of every segment; then all of them, or better ones, of short segments first,
  // as far as the budget goes.
  void add_options() {
    enriched_.assign(stage_count_ + 1, std::vector<bool>(stage_count_ + 1, false));
    for (int length = 1; length <= stage_count_; ++length)
      for (int first = 0; first + length <= stage_count_; ++first)
        if (length == 1 || events_ <= kMostPlainEvents / part_ ||
            (events_ <= kMostPlainEvents && ends_narrowly({first, first + length})))
          add_plainly({first, first + length});
    const std::int64_t most = events_ + kMostEvents / part_;
    for (int length = 1; length <= stage_count_; ++length)
      for (int first = 0; first + length <= stage_count_; ++first)
        if (events_ <= most &&
            (stage_count_ <= kFewStages || ends_narrowly({first, first + length})))
          enrich({first, first + length});
        else
          complete_ &= !is_connected(network_, {first, first + length});
  }

  bool ends_narrowly(Segment segment) const {
    return is_narrow(segment.first) && is_narrow(segment.last);
  }

  // No more bytes lie between the stages before and behind than a stage further.
  bool is_narrow(int stage) const {
    return (stage == 0 || crossing_[stage] <= crossing_[stage - 1]) &&
           (stage == stage_count_ || crossing_[stage] <= crossing_[stage + 1]);
  }

  void add_plainly(Segment segment) {
    if (!is_connected(network_, segment)) return;
    for (Choice &choice : plain_choices(network_, segment)) add_option(segment, std::move(choice));
  }

  // False: it has been.
  bool enrich(Segment segment) {
    if (enriched_[segment.first][segment.last] || !is_connected(network_, segment)) return false;
    enriched_[segment.first][segment.last] = true;
    std::vector<Choice> plain = plain_choices(network_, segment);
    std::vector<Choice> choices = all_choices(network_, segment, kMostChoices);
    if (choices.empty()) {
      complete_ = false;
      for (Choice &choice : plain) improve(segment, std::move(choice));
      return true;
    }
    for (Choice &choice : choices)
      if (std::find(plain.begin(), plain.end(), choice) == plain.end())
        add_option(segment, std::move(choice));
    return true;
  }

  // With what differs in one stage, and again, as long as it gets cheaper.
  void improve(Segment segment, Choice choice) {
    std::int64_t cost = cost_of(segment, choice);
    const std::int64_t most = events_ + kMostImprovingEvents / part_;
    std::vector<Choice> next = neighbours(network_, segment, choice);
    for (std::size_t at = 0, tried = 0; tried < next.size() && events_ <= most; ++at, ++tried) {
      const std::int64_t next_cost = cost_of(segment, next[at % next.size()]);
      if (next_cost >= cost) continue;
      choice = std::move(next[at % next.size()]);
      cost = add_option(segment, choice);
      next = neighbours(network_, segment, choice);
      tried = 0;
    }
  }

  // Looks for better ways through the stages that decide the chain's cost. False: all are known.
  bool enrich_bottleneck(const Chain &chain) {
    if (events_ > (kMostPlainEvents + kMostEvents) / part_) return false;
    const std::int64_t most = bottleneck(chain);
    bool changed = false;
    for (const Option *option : chain) {
      if (option->cost != most) continue;
      std::vector<std::pair<std::int64_t, Segment>> around = segments_around(option->segment);
      std::size_t left = kSegmentsAtOnce;
      for (const auto &[cost, segment] : around) {
        if (left == 0) break;
        if (!enrich(segment)) continue;
        changed = true;
        --left;
      }
      if (changed) return true;
    }
    return false;
  }

  // Segments that have stages of this one, the cheapest first.
  std::vector<std::pair<std::int64_t, Segment>> segments_around(Segment segment) const {
    std::map<std::pair<int, int>, std::int64_t> least;
    for (const std::vector<Option> &options : by_first_)
      for (const Option &option : options) {
        const Segment &other = option.segment;
        if (other.first >= segment.last || other.last <= segment.first) continue;
        const auto [found, is_new] = least.try_emplace({other.first, other.last}, option.cost);
        if (!is_new) found->second = std::min(found->second, option.cost);
      }
    std::vector<std::pair<std::int64_t, Segment>> sorted;
    for (const auto &[ends, cost] : least) sorted.push_back({cost, {ends.first, ends.second}});
    std::stable_sort(sorted.begin(), sorted.end(),
                     [](const auto &a, const auto &b) { return a.first < b.first; });
    return sorted;
  }

  // Choices come segment by segment: that of the last one is kept.
  const Boundary &boundary_of(Segment segment) {
    if (segment != bounded_) boundary_ = crossings_.boundary(segment);
    bounded_ = segment;
    return boundary_;
  }

  // kUnknown: it cannot be run so.
  std::int64_t cost_of(Segment segment, const Choice &choice) {
    const Boundary &boundary = boundary_of(segment);
    const Trace trace =
        simulate(network_.storage.tensors, {region_of(network_, segment, choice)}, boundary);
    events_ += static_cast<std::int64_t>(trace.events.size());
    const Objects objects = find_objects(network_, trace, boundary, walks_);
    return objects.sound ? peak_bytes(network_, trace, objects) : kUnknown;
  }

  std::int64_t add_option(Segment segment, Choice choice) {
    const std::int64_t cost = cost_of(segment, choice);
    if (cost == kUnknown) return cost;
    const int harder = complexity(network_, segment, choice);
    by_first_[segment.first].push_back({segment, std::move(choice), cost, harder, false});
    return cost;
  }

  // To the bytes of its own exact placement.
  void sharpen(Option &option) {
    if (option.sharpened || sharpened_ >= kMostSharpened) return;
    ++sharpened_;
    option.sharpened = true;
    Candidate candidate = work_out(network_, {region_of(network_, option.segment, option.choice)},
                                   crossings_.boundary(option.segment));
    const PlaceSolution solution =
        place(candidate.problem, options_.time_limit_seconds / 10, kSegmentNodes);
    option.cost = std::max(option.cost, solution.lower_bound);
  }

  // --- chains ---

  static std::int64_t bottleneck(const Chain &chain) {
    std::int64_t most = 0;
    for (const Option *option : chain) most = std::max(most, option->cost);
    return most;
  }

  // Of chains with equal bottlenecks: the plainest; or the one whose segments need least in sum, of
  // which each is more likely to find room beside what it reads; or the one with fewest bytes
  // between segments, each of which lies where one segment left it and the next must work around
  // it.
  enum class Prefer { kPlain, kSmall, kNarrow };

  // least_[i]: of the stages from i on, the least possible (bottleneck, complexity).
  void find_least() {
    least_.assign(stage_count_ + 1, {kUnknown, 0});
    next_.assign(stage_count_ + 1, nullptr);
    least_[stage_count_] = {0, 0};
    for (int first = stage_count_ - 1; first >= 0; --first) {
      for (Option &option : by_first_[first]) {
        const auto &[cost, complexity] = least_[option.segment.last];
        const std::pair sum{std::max(cost, option.cost), complexity + option.complexity};
        if (sum >= least_[first]) continue;
        least_[first] = sum;
        next_[first] = &option;
      }
    }
  }

  // Of the chains without options above `bottleneck`.
  Chain preferred_chain(Prefer prefer, std::int64_t bottleneck) {
    std::vector<std::int64_t> sums(stage_count_ + 1, kUnknown);
    std::vector<Option *> next(stage_count_ + 1, nullptr);
    sums[stage_count_] = 0;
    for (int first = stage_count_ - 1; first >= 0; --first) {
      for (Option &option : by_first_[first]) {
        if (option.cost > bottleneck || sums[option.segment.last] == kUnknown) continue;
        const std::int64_t own =
            prefer == Prefer::kSmall ? option.cost : crossing_[option.segment.last];
        if (own + sums[option.segment.last] >= sums[first]) continue;
        sums[first] = own + sums[option.segment.last];
        next[first] = &option;
      }
    }
    Chain chain;
    for (int at = 0; at < stage_count_; at = chain.back()->segment.last) chain.push_back(next[at]);
    return chain;
  }

  Chain best_chain() {
    find_least();
    Chain chain;
    for (int at = 0; at < stage_count_; at = chain.back()->segment.last) chain.push_back(next_[at]);
    return chain;
  }

  // False: what decides the chain's cost is exact already.
  bool sharpen_bottleneck(const Chain &chain) {
    const std::int64_t most = bottleneck(chain);
    bool changed = false;
    for (Option *option : chain) {
      if (option->cost != most || option->sharpened || sharpened_ >= kMostSharpened) continue;
      sharpen(*option);
      changed = true;
    }
    return changed;
  }

  // False: none of its options turned out to need more than what decides its cost.
  bool sharpen_all(const Chain &chain) {
    const std::int64_t most = bottleneck(chain);
    for (Option *option : chain) sharpen(*option);
    return bottleneck(chain) > most;
  }

  void place_chain(const Chain &chain, double share) {
    std::vector<Region> regions;
    for (const Option *option : chain)
      regions.push_back(region_of(network_, option->segment, option->choice));
    place_regions(std::move(regions), share);
  }

  // In `share` of the time. As they are; with directions by turns; and where that needs less, with
  // each of these the other way.
  void place_regions(std::vector<Region> regions, double share) {
    ++placed_;
    const std::vector<Region> by_turns = with_turns(network_, regions);
    const std::int64_t ascending = place_as_they_are(std::move(regions), share);
    if (is_any_mirrored(by_turns) && place_as_they_are(by_turns, share) < ascending)
      place_as_they_are(turned(by_turns, 0, by_turns.size()), share);
  }

  // The best schedule with one region turned, or with all from one on, as long as it needs less
  // then.
  void turn_some(std::int64_t bound) {
    const std::size_t count = found_.best.regions.size();
    int tried = 0;
    for (std::size_t i = 0, since = 0; since < count && tried < kMostTurned; ++i, ++since) {
      const std::size_t first = i % count;
      if (!can_be_mirrored(found_.best.regions[first])) continue;
      for (const std::size_t last : {first + 1, count}) {
        if (found_.best.solution.bytes <= bound) return;
        ++tried;
        std::vector<Region> regions = turned(found_.best.regions, first, last);
        const std::int64_t best = found_.best.solution.bytes;
        if (place_as_they_are(std::move(regions), kQuickShare) < best) since = 0;
      }
    }
  }

  // The bytes that it needs.
  std::int64_t place_as_they_are(std::vector<Region> regions, double share) {
    Candidate candidate = work_out(network_, std::move(regions), network_boundary(network_));
    candidate.solution = place(candidate.problem, options_.time_limit_seconds * share);
    const std::int64_t bytes = candidate.solution.bytes;
    if (found_.best.regions.empty() || bytes < found_.best.solution.bytes)
      found_.best = std::move(candidate);
    return bytes;
  }

  // --- beyond the first chain ---

  // Places every chain that might need less than the best one, as far as the budget goes.
  void try_others() {
    find_least();
    Chain chain;
    ran_out_ = false;
    extend(0, chain);
    if (!ran_out_) proven_ = found_.best.solution.bytes;
  }

  bool may_improve(const Option &option) const {
    const std::int64_t best = found_.best.solution.bytes;
    return option.cost < best && least_[option.segment.last].first < best;
  }

  void extend(int at, Chain &chain) {
    if (at == stage_count_) return finish(chain);
    std::vector<Option *> sorted;
    for (Option &option : by_first_[at])
      if (may_improve(option)) sorted.push_back(&option);
    std::stable_sort(sorted.begin(), sorted.end(), [&](const Option *a, const Option *b) {
      return std::max(a->cost, least_[a->segment.last].first) <
             std::max(b->cost, least_[b->segment.last].first);
    });
    for (Option *option : sorted) {
      if (ran_out_) return;
      sharpen(*option);
      if (!may_improve(*option)) continue;
      chain.push_back(option);
      extend(option->segment.last, chain);
      chain.pop_back();
    }
  }

  void finish(const Chain &chain) {
    if (placed_ >= kMostPlaced) {
      ran_out_ = true;
      return;
    }
    place_chain(chain, kQuickShare);
  }

  const Network &network_;
  const Options &options_;
  const std::int64_t part_;  // of the budgets of events, one so-many-th
  const Crossings crossings_;
  const int stage_count_;
  PixelWalks walks_;
  Segment bounded_;
  Boundary boundary_;                          // of bounded_
  std::vector<std::vector<Option>> by_first_;  // by first stage
  std::vector<std::pair<std::int64_t, std::int64_t>> least_;
  std::vector<Option *> next_;
  std::vector<std::int64_t> crossing_;       // by stage
  std::vector<std::vector<bool>> enriched_;  // by first and last stage
  std::int64_t events_ = 0;
  int sharpened_ = 0, placed_ = 0;
  bool complete_ = true;  // every choice of every segment is among the options
  bool ran_out_ = false;
  std::int64_t proven_ = 0;  // no schedule needs less, after try_others
  Found found_;
};

}  // namespace

Found search(const Network &network, const Options &options, Effort effort) {
  return Searcher(network, options, effort).run();
}

}  // namespace thimble::plan
