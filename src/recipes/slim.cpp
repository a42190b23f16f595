// A step takes an eighth of one group of channels, its least important ones, or gives one layer's
// weights fewer bits: of all such steps the one that costs least loss for what it brings towards
// the budgets.
#include "recipes/slim.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>

#include "passes/channel_groups.h"
#include "passes/prune_channels.h"
#include "recipes/examiner.h"

namespace thimble::recipes {
namespace {

constexpr int kParts = 8;  // of a group, one goes at a time
constexpr std::array kBits = {"8", "4", "2", "ternary", "1"};

double over(std::int64_t need, const std::optional<std::int64_t> &budget) {
  if (!budget || need <= *budget) return 0;
  return static_cast<double>(need) / static_cast<double>(*budget) - 1;
}

// Without the least important part of a group; none: too few are left.
std::optional<ir::Graph> without_some(const ir::Graph &graph, const passes::ChannelGroup &group) {
  if (!group.prunable || group.channels < 2) return std::nullopt;
  const std::vector<double> importance = passes::channel_importance(graph, group);
  std::vector<int> order(static_cast<std::size_t>(group.channels));
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](int a, int b) {
    return importance[static_cast<std::size_t>(a)] > importance[static_cast<std::size_t>(b)];
  });
  order.resize(static_cast<std::size_t>(group.channels - std::max(1, group.channels / kParts)));
  std::sort(order.begin(), order.end());
  return passes::prune_channels(graph, group, order);
}

// Fewer bits for one weight; none: it has the fewest.
std::optional<Draft> with_fewer_bits(const Draft &draft, std::size_t weight) {
  const auto now = std::find(kBits.begin(), kBits.end(), draft.bits[weight]);
  if (now == kBits.end() || now + 1 == kBits.end()) return std::nullopt;
  Draft smaller = draft;
  smaller.bits[weight] = *(now + 1);
  return smaller;
}

// All that one step can lead to.
std::vector<Draft> smaller_drafts(const Draft &draft, bool fewer_bits) {
  std::vector<Draft> all;
  for (const passes::ChannelGroup &group : passes::channel_groups(draft.graph))
    if (auto graph = without_some(draft.graph, group))
      all.push_back({*std::move(graph), draft.bits});
  for (std::size_t i = 0; fewer_bits && i < draft.bits.size(); ++i)
    if (auto smaller = with_fewer_bits(draft, i)) all.push_back(*std::move(smaller));
  return all;
}

struct Step {
  Draft draft;
  double excess = 0;
};

// The one that costs least; none: nothing can be spared.
Result<std::optional<Step>> best_step(const Examiner &examiner, const Step &now,
                                      const Budgets &budgets,
                                      const std::function<Result<Needs>(const Draft &)> &needs,
                                      bool fewer_bits) {
  std::optional<Step> best;
  double least = std::numeric_limits<double>::infinity();
  TRY(const double before, examiner.loss(now.draft.graph, {levels_of(now.draft)}));
  for (Draft &smaller : smaller_drafts(now.draft, fewer_bits)) {
    TRY(const Needs left, needs(smaller));
    const double then = excess_of(left, budgets);
    if (then >= now.excess) continue;
    TRY(const double loss, examiner.loss(smaller.graph, {levels_of(smaller)}));
    const double cost = std::max(loss - before, 1e-6) / (now.excess - then);
    if (cost >= least) continue;
    least = cost;
    best = Step{std::move(smaller), then};
  }
  return best;
}

}  // namespace

double excess_of(const Needs &needs, const Budgets &budgets) {
  return over(needs.bytes, budgets.bytes) + over(needs.arena, budgets.arena) +
         over(needs.macs, budgets.macs);
}

std::map<ir::ConstantId, passes::Levels> levels_of(const Draft &draft) {
  std::map<ir::ConstantId, passes::Levels> levels;
  if (draft.bits.empty()) return levels;
  const std::vector<ir::ConstantId> weights = weights_of(draft.graph);
  for (std::size_t i = 0; i < weights.size(); ++i)
    levels[weights[i]] = *passes::levels_of(draft.bits[i]);
  return levels;
}

Result<Draft> slim(const School &school, const Draft &given, const Budgets &budgets,
                   const std::function<Result<Needs>(const Draft &)> &needs, const Pace &pace) {
  TRY(const Examiner examiner, Examiner::make(school));
  TRY(const Needs first, needs(given));
  Step now{given, excess_of(first, budgets)};
  const double all = now.excess;
  for (int stage = 1; stage <= pace.stages && now.excess > 0; ++stage) {
    // About a third of what is too much stays, and a third of that; after the last stage nothing.
    const double goal = stage == pace.stages ? 0 : all * std::pow(0.35, stage);
    while (now.excess > goal) {
      TRY(auto step, best_step(examiner, now, budgets, needs, pace.fewer_bits));
      if (!step)
        return budget_error("the network cannot be made so small by leaving out channels",
                            "one channel of each layer is still too much",
                            "fewer bits, or larger budgets");
      now = *std::move(step);
    }
    Course course;
    course.name = fmt::format("smaller {}/{}", stage, pace.stages);
    course.epochs = pace.epochs;
    course.rate = pace.rate;
    TRY(now.draft.graph, retrain(school, now.draft.graph, course));
  }
  return now.draft;
}

}  // namespace thimble::recipes
