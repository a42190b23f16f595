// Which channels: a step takes an eighth of one group, its least important ones, and of all such
// steps the one that costs least loss for what it brings towards the budgets.
#include "recipes/slim.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "ops/operator.h"
#include "passes/channel_groups.h"
#include "passes/prune_channels.h"
#include "support/progress.h"
#include "train/distil.h"
#include "train/module.h"

namespace thimble::recipes {
namespace {

constexpr std::int64_t kJudged = 1024;  // samples
constexpr int kParts = 8;               // of a group, one goes at a time

double over(std::int64_t need, const std::optional<std::int64_t> &budget) {
  if (!budget || need <= *budget) return 0;
  return static_cast<double>(need) / static_cast<double>(*budget) - 1;
}

double excess(const Needs &needs, const Budgets &budgets) {
  return over(needs.bytes, budgets.bytes) + over(needs.arena, budgets.arena) +
         over(needs.macs, budgets.macs);
}

double loss(const School &school, const ir::Graph &graph) {
  const torch::NoGradGuard no_grad;
  const Examples some = school.training.slice(0, std::min(kJudged, school.training.count()));
  const auto wanted = train::Module::make(*school.teacher)->forward(some.inputs);
  const auto got = train::Module::make(graph)->forward(some.inputs);
  return train::distance(graph, got, {wanted, some.labels}).item<double>();
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

struct Step {
  ir::Graph graph;
  double excess = 0;
};

// The one that costs least; none: no group can spare channels.
Result<std::optional<Step>> best_step(
    const School &school, const ir::Graph &graph, double now, const Budgets &budgets,
    const std::function<Result<Needs>(const ir::Graph &)> &needs) {
  std::optional<Step> best;
  double least = std::numeric_limits<double>::infinity();
  const double before = loss(school, graph);
  for (const passes::ChannelGroup &group : passes::channel_groups(graph)) {
    std::optional<ir::Graph> smaller = without_some(graph, group);
    if (!smaller) continue;
    TRY(const Needs left, needs(*smaller));
    const double then = excess(left, budgets);
    if (then >= now) continue;
    const double cost = std::max(loss(school, *smaller) - before, 1e-6) / (now - then);
    if (cost >= least) continue;
    least = cost;
    best = Step{*std::move(smaller), then};
  }
  return best;
}

}  // namespace

Result<ir::Graph> slim(const School &school, const ir::Graph &given, const Budgets &budgets,
                       const std::function<Result<Needs>(const ir::Graph &)> &needs,
                       const Pace &pace) {
  ir::Graph graph = given;
  TRY(const Needs first, needs(graph));
  const double all = excess(first, budgets);
  double now = all;
  for (int stage = 1; stage <= pace.stages && now > 0; ++stage) {
    // Half of what is too much, and half of that; in the last stage all.
    const double goal = stage == pace.stages ? 0 : all * std::pow(0.35, stage);
    while (now > goal) {
      TRY(auto step, best_step(school, graph, now, budgets, needs));
      if (!step)
        return usage_error("the network cannot be made so small by leaving out channels",
                           "one channel of each layer is still too much",
                           "fewer bits, or larger budgets");
      graph = std::move(step->graph);
      now = step->excess;
    }
    Course course;
    course.name = fmt::format("fewer channels {}/{}", stage, pace.stages);
    course.epochs = pace.epochs;
    course.rate = pace.rate;
    TRY(graph, retrain(school, graph, course));
  }
  return graph;
}

}  // namespace thimble::recipes
