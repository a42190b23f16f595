// `thimble bench`: builds for a target, runs there, prints what was counted.
#include "report/bench.h"

#include "api/build.h"
#include "cli/command.h"
#include "cli/console.h"
#include "cli/measure.h"
#include "cli/options.h"

namespace thimble::cli {

using namespace api;

namespace {

struct Options {
  ModelOptions model;
  PlanOptions plan;
  std::string input;
  bool as_json = false, per_layer = false;
};

// What the user gives, or made-up samples.
Result<std::vector<Sample>> bench_inputs(const Network &network, const std::string &path) {
  if (!path.empty()) return read_finite_samples(network.model.graph, path);
  return made_up_samples(network);
}

Status bench_model(Options options) {
  TRY(const targets::Target target, target_of(options.plan));
  TRY(const Network network,
      prepare(
          load_network(options.model, target, Calibration::kRandomWhenAbsent, print_diagnostics),
          options.plan));
  TRY(const Build build, build_network(network, target, options.plan, print_diagnostics));
  const Diagnostics too_much = check_budget(network, target, build, options.plan);
  if (!too_much.empty()) return too_much;
  TRY(const std::vector<Sample> inputs, bench_inputs(network, options.input));
  TRY(const Benched benched,
      run_bench(network, target, build, options.plan, inputs, options.per_layer));
  const report::Bench &bench = benched.bench;
  options.as_json ? print_result(report::to_json(bench)) : print_result(report::to_text(bench));
  if (!benched.over.empty()) return benched.over;
  return Unit{};
}

}  // namespace

Command bench_command(App root) {
  App app = root.add_subcommand("bench", "Build, run in the emulator, count");
  auto options = std::make_shared<Options>();
  add_model_options(app, options->model);
  add_plan_options(app, options->plan);
  app->add_option("--input", options->input, "X.npy or X.npz; default: random numbers");
  app->add_flag("--per-layer", options->per_layer,
                "What each layer costs, counted in a second run");
  app->add_flag("--layer-by-layer", options->plan.layer_by_layer,
                "One layer after the other, every tensor whole: for comparison");
  app->add_flag("--json", options->as_json, "As one JSON object");
  return {app, [=] { return bench_model(*options); }};
}

}  // namespace thimble::cli
