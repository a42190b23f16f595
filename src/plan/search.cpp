// Exact search over cuts, with lazily sharpened costs: see search.h.
#include "plan/search.h"

#include <algorithm>
#include <limits>
#include <map>

#include "plan/live.h"
#include "plan/segments.h"

namespace thimble::plan {
namespace {

constexpr std::size_t kMostChoices = 256;        // of one segment, all tried
constexpr std::int64_t kMostEvents = 1'500'000;  // simulated for first costs
constexpr int kMostSharpened = 400;              // segments placed on their own
constexpr int kMostPlaced = 24;                  // whole schedules placed
constexpr std::int64_t kSegmentNodes = 20'000;   // of the placement search, for one segment
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
  Searcher(const Network &network, const Options &options)
      : network_(network),
        options_(options),
        crossings_(network),
        stage_count_(static_cast<int>(network.stages.size())),
        by_first_(stage_count_) {}

  Found run() {
    if (options_.layer_by_layer || options_.keep_all) {
      place_one_stage_after_the_other();
      return std::move(found_);
    }
    add_options();
    Chain chain = best_chain();
    while (sharpen_bottleneck(chain)) chain = best_chain();
    const std::int64_t bound = bottleneck(chain);
    place_chain(chain);
    if (found_.best.solution.bytes > bound) try_others();
    if (may_improve_plainly()) place_one_stage_after_the_other();
    found_.schedule_proven = complete_ && found_.best.solution.bytes <= std::max(bound, proven_);
    return std::move(found_);
  }

 private:
  void place_one_stage_after_the_other() {
    std::vector<Region> regions;
    for (int i = 0; i < stage_count_; ++i) regions.push_back(region_of(network_, {i, i + 1}, {0}));
    place_regions(std::move(regions), 0.5);
  }

  // Placed longest, like the first chain: nothing that was found may need more than it.
  bool may_improve_plainly() const {
    std::int64_t most = 0;
    for (const std::vector<Option> &options : by_first_) most = std::max(most, options[0].cost);
    return most < found_.best.solution.bytes;
  }

  // --- options ---

  // Short segments first: when the budget ends, the plain schedules are there.
  void add_options() {
    for (int length = 1; length <= stage_count_; ++length) {
      for (int first = 0; first + length <= stage_count_; ++first) {
        const bool is_needed = length == 1 || length == stage_count_;
        if (events_ > kMostEvents && !is_needed) {
          complete_ = false;
          continue;
        }
        add_segment({first, first + length});
      }
    }
  }

  void add_segment(Segment segment) {
    std::vector<Choice> choices;
    if (events_ <= kMostEvents) choices = all_choices(network_, segment, kMostChoices);
    if (choices.empty()) {
      complete_ = false;
      choices = plain_choices(network_, segment);
    }
    for (Choice &choice : choices) add_option(segment, std::move(choice));
  }

  void add_option(Segment segment, Choice choice) {
    Option option{segment, std::move(choice)};
    option.complexity = complexity(network_, segment, option.choice);
    const Boundary boundary = crossings_.boundary(segment);
    const Trace trace =
        simulate(network_.storage.tensors, {region_of(network_, segment, option.choice)}, boundary);
    events_ += static_cast<std::int64_t>(trace.events.size());
    option.cost = find_peak(network_, trace, find_objects(network_, trace, boundary)).total;
    by_first_[segment.first].push_back(std::move(option));
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

  // least_[i]: of the stages from i on, the least possible (bottleneck, complexity).
  void find_least() {
    least_.assign(stage_count_ + 1, {kUnknown, 0});
    next_.assign(stage_count_ + 1, nullptr);
    least_[stage_count_] = {0, 0};
    for (int first = stage_count_ - 1; first >= 0; --first) {
      for (Option &option : by_first_[first]) {
        const auto &[cost, complexity] = least_[option.segment.last];
        const std::pair<std::int64_t, int> sum{std::max(cost, option.cost),
                                               complexity + option.complexity};
        if (sum >= least_[first]) continue;
        least_[first] = sum;
        next_[first] = &option;
      }
    }
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

  void place_chain(const Chain &chain) {
    std::vector<Region> regions;
    for (const Option *option : chain)
      regions.push_back(region_of(network_, option->segment, option->choice));
    place_regions(std::move(regions), placed_ == 0 ? 0.5 : 0.5 / kMostPlaced);
  }

  // In `share` of the time.
  void place_regions(std::vector<Region> regions, double share) {
    Candidate candidate = work_out(network_, std::move(regions), network_boundary(network_));
    candidate.solution = place(candidate.problem, options_.time_limit_seconds * share);
    ++placed_;
    if (found_.best.regions.empty() || candidate.solution.bytes < found_.best.solution.bytes)
      found_.best = std::move(candidate);
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
    place_chain(chain);
  }

  const Network &network_;
  const Options &options_;
  const Crossings crossings_;
  const int stage_count_;
  std::vector<std::vector<Option>> by_first_;  // by first stage
  std::vector<std::pair<std::int64_t, int>> least_;
  std::vector<Option *> next_;
  std::int64_t events_ = 0;
  int sharpened_ = 0, placed_ = 0;
  bool complete_ = true;  // every choice of every segment is among the options
  bool ran_out_ = false;
  std::int64_t proven_ = 0;  // no schedule needs less, after try_others
  Found found_;
};

}  // namespace

Found search(const Network &network, const Options &options) {
  return Searcher(network, options).run();
}

}  // namespace thimble::plan
