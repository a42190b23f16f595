#include "cli/front.h"

#include <fmt/format.h>

#include "cli/console.h"
#include "plan/front.h"
#include "support/progress.h"

namespace thimble::cli {
namespace {

std::string node_that_makes(const ir::Graph &graph, ir::ValueId value) {
  return graph.node(*graph.producer(value)).name;
}

void set_strips(const ir::Graph &graph, const plan::Strips &strips, PlanOptions &options) {
  options.strips = fmt::format("{}:{}", node_that_makes(graph, strips.cut), strips.ends.size());
  for (const ir::ValueId value : strips.kept)
    options.keep_columns.push_back(node_that_makes(graph, value));
}

}  // namespace

Result<std::vector<FrontChoice>> front_of(const Network &network, const PlanOptions &options) {
  const ir::Graph &graph = network.model.graph;
  std::optional<Progress> bar;
  int shown = 0;
  const auto show = [&](int done, int of) {
    if (!bar) bar.emplace("planning", of);
    bar->advance(done - shown);
    shown = done;
  };
  TRY(const auto points, plan::find_front(graph, planning_of(options), show));
  std::vector<FrontChoice> front;
  for (const plan::FrontPoint &point : points) {
    FrontChoice choice{options, {}};
    choice.options.residency = point.lines == plan::Lines::kNever ? "rings" : "lines";
    if (point.strips.cut >= 0) set_strips(graph, point.strips, choice.options);
    const std::string residency = point.lines == plan::Lines::kNever ? "" : "--residency lines";
    choice.line = {point.arena_bytes,
                   static_cast<double>(point.macs) / static_cast<double>(points[0].macs),
                   point.placement_proven, residency + words_of_strips(choice.options)};
    front.push_back(std::move(choice));
  }
  return front;
}

Result<PlanOptions> cheapest_that_fits(const Network &network, const PlanOptions &options) {
  if (!options.ram || options.residency != "rings" || !options.strips.empty()) return options;
  for (const plan::Lines lines : {plan::Lines::kNever, plan::Lines::kChosen}) {
    plan::Options planning = planning_of(options);
    planning.lines = lines;
    TRY(const plan::Plan plan, plan::make_plan(network.model.graph, planning));
    if (plan.arena_bytes > *options.ram) continue;
    PlanOptions chosen = options;
    chosen.residency = lines == plan::Lines::kNever ? "rings" : "lines";
    return chosen;
  }
  TRY(const std::vector<FrontChoice> front, front_of(network, options));
  for (const FrontChoice &choice : front) {
    if (choice.line.arena_bytes > *options.ram) continue;
    print_log(fmt::format("for --ram {}: {} ({:.3f} times the multiplications)", *options.ram,
                          choice.line.options, choice.line.macs_ratio));
    return choice.options;
  }
  return options;
}

}  // namespace thimble::cli
