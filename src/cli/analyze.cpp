// `thimble analyze`: does it fit, which layer costs what, and what would need less? Writes nothing.
// For a target the whole program's flash and RAM and the time of one inference are measured in its
// emulator; without one, or with --no-run, the compiler says the first two, tables the third.
#include "api/build.h"
#include "api/front.h"
#include "api/remedies.h"
#include "cli/command.h"
#include "cli/console.h"
#include "cli/measure.h"
#include "cli/options.h"
#include "report/analysis.h"

namespace thimble::cli {

using namespace api;

namespace {

struct Options {
  ModelOptions model;
  PlanOptions plan;
  bool as_json = false, pareto = false, no_run = false;
};

Status analyze_model(Options options) {
  TRY(const targets::Target target, target_of(options.plan));
  TRY(const Network loaded,
      load_network(options.model, target, Calibration::kRandomWhenAbsent, print_diagnostics));
  TRY(const Network network, prepare(loaded, options.plan));
  TRY(const Build build, outline_network(network, target, options.plan, print_diagnostics));
  const Diagnostics too_much = check_budget(network, target, build, options.plan);
  report::Analysis analysis = analysis_of(network, target, build, too_much.empty());
  TRY_STATUS(explain(loaded, options.plan, build.plan, analysis));
  if (too_much.empty() && target.emulator != "native")
    analysis.predicted = (options.no_run ? foretell : measure)(network, target, build);
  std::vector<report::FrontLine> front;
  if (options.pareto) {
    TRY(const std::vector<FrontChoice> choices, front_of(network, options.plan));
    for (const FrontChoice &choice : choices) front.push_back(choice.line);
  }
  const report::TextStyle style{colour_wanted()};
  Json json = report::to_json(analysis);
  if (options.pareto) json["pareto"] = report::to_json(front);
  options.as_json ? print_result(json)
                  : print_result(report::to_text(analysis, style) +
                                 (options.pareto ? report::to_text(front) : ""));
  if (!too_much.empty()) return too_much;
  return Unit{};
}

}  // namespace

Command analyze_command(App root) {
  App app = root.add_subcommand("analyze", "Does it fit? Layers, memory map, peak");
  auto options = std::make_shared<Options>();
  add_model_options(app, options->model);
  add_plan_options(app, options->plan);
  app->add_flag("--layer-by-layer", options->plan.layer_by_layer,
                "One layer after the other, every tensor whole: for comparison");
  app->add_flag("--pareto", options->pareto,
                "The front RAM against work: line buffers, then strips that are computed twice "
                "where they overlap");
  app->add_flag("--no-run", options->no_run,
                "Flash, the most stack and about what time, without running in the emulator");
  app->add_flag("--json", options->as_json, "As one JSON object");
  return {app, [=] { return analyze_model(*options); }};
}

}  // namespace thimble::cli
