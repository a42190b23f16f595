// `thimble bench`: builds for a target, runs there, prints what was counted.
#include "report/bench.h"

#include "api/build.h"
#include "cli/command.h"
#include "cli/console.h"
#include "cli/options.h"
#include "emulate/run.h"

namespace thimble::cli {

using namespace api;

namespace {

constexpr int kSamples = 3;  // the slowest of them counts

struct Options {
  ModelOptions model;
  PlanOptions plan;
  std::string input;
  bool as_json = false, per_layer = false;
};

// What the user gives, or made-up samples.
Result<std::vector<Sample>> bench_inputs(const Network &network, const std::string &path) {
  if (!path.empty()) return read_finite_samples(network.model.graph, path);
  return to_input_types(network.model.graph, random_samples(network.float_graph, kSamples));
}

// A second run, of one sample, in which the network announces its steps: the figures of the first
// stay those of the network as it is.
Result<std::vector<report::LayerCount>> count_layers(const Network &network,
                                                     const targets::Target &target,
                                                     PlanOptions options, const Sample &input) {
  options.announce_steps = true;
  TRY(const Build build, build_network(network, target, options, print_diagnostics));
  TRY(const emulate::RunResult run, emulate::build_and_run(build.emitted, target, to_raw({input})));
  return report::layer_counts(network.model.graph, build.plan, build.emitted.work, run);
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
  const auto measured = emulate::build_and_run(build.emitted, target, to_raw(inputs));
  if (!measured) return advise(network, target, build, options.plan, measured.diagnostics());
  const emulate::RunResult &run = *measured;
  TRY_STATUS(emulate::check_stack(run.bill));
  const Diagnostics over = check_bill(network, target, run.bill, options.plan);
  report::Bench bench =
      report::bench(analysis_of(network, target, build, over.empty()), run, target);
  if (options.per_layer && !bench.unit.empty()) {
    TRY(bench.layers, count_layers(network, target, options.plan, inputs.front()));
  }
  options.as_json ? print_result(report::to_json(bench)) : print_result(report::to_text(bench));
  if (!over.empty()) return over;
  return Unit{};
}

}  // namespace

Command bench_command(CLI::App &root) {
  CLI::App *app = root.add_subcommand("bench", "Build, run in the emulator, count");
  auto options = std::make_shared<Options>();
  add_model_options(*app, options->model);
  add_plan_options(*app, options->plan);
  app->add_option("--input", options->input, "X.npy or X.npz; default: random numbers");
  app->add_flag("--per-layer", options->per_layer,
                "What each layer costs, counted in a second run");
  app->add_flag("--layer-by-layer", options->plan.layer_by_layer,
                "One layer after the other, every tensor whole: for comparison");
  app->add_flag("--json", options->as_json, "As one JSON object");
  return {app, [=] { return bench_model(*options); }};
}

}  // namespace thimble::cli
