#include "api/front.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "plan/front.h"
#include "support/progress.h"

namespace thimble::api {
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

Result<std::vector<FrontChoice>> front_of(const Network &network, const PlanOptions &options,
                                          plan::Effort effort) {
  const ir::Graph &graph = network.model.graph;
  std::optional<Progress> bar;
  int shown = 0;
  const auto show = [&](int done, int of) {
    if (!bar) bar.emplace("planning", of);
    bar->advance(done - shown);
    shown = done;
  };
  plan::Options planning = planning_of(options);
  planning.layer_by_layer = options.layer_by_layer;  // a level may prefer it; the front is of rows
  TRY(const auto points, plan::find_front(graph, planning, show, effort));
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

Result<Fitting> cheapest_that_fits(const Network &network, const PlanOptions &options) {
  const bool is_free = options.residency.empty() || options.residency == "rings";
  if (!options.ram || !is_free || !options.strips.empty()) return Fitting{options, {}};
  const std::array kLadder = {"layers", "rows", "rings",
                              "lines"};  // each needs less than the one before
  for (auto residency = std::find(kLadder.begin(), kLadder.end(), residency_of(options));
       residency != kLadder.end(); ++residency) {
    PlanOptions chosen = options;
    chosen.residency = *residency;
    TRY(const plan::Plan plan, plan::make_plan(network.model.graph, planning_of(chosen)));
    if (plan.arena_bytes <= *options.ram) return Fitting{chosen, {}};
  }
  for (const plan::Effort effort : {plan::Effort::kQuick, plan::Effort::kFull}) {
    TRY(const std::vector<FrontChoice> front, front_of(network, options, effort));
    for (const FrontChoice &choice : front) {
      if (choice.line.arena_bytes <= *options.ram) return Fitting{choice.options, choice.line};
    }
  }
  return Fitting{options, {}};
}

}  // namespace thimble::api
