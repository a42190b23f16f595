// Built, linked with the harness and run, by emulate; said in the words of report.
#include "cli/measure.h"

#include "cli/console.h"
#include "emulate/run.h"

namespace thimble::cli {

using namespace api;

namespace {

constexpr int kSamples = 3;

void say_why(Diagnostics notes) {
  for (Diagnostic &note : notes) {
    note.severity = Severity::kNote;
    note.what = "no figures of the whole program: " + note.what;
  }
  print_diagnostics(notes);
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

}  // namespace

std::optional<report::Predicted> foretell(const Network &network, const targets::Target &target,
                                          const Build &build) {
  const auto linked = emulate::build_and_run(build.emitted, target, {});
  if (linked) return report::foretold(linked->bill, build.emitted, target, network.numbers.requant);
  say_why(linked.diagnostics());
  return std::nullopt;
}

std::optional<report::Predicted> measure(const Network &network, const targets::Target &target,
                                         const Build &build) {
  const auto sample = to_input_types(network.model.graph, random_samples(network.float_graph, 1));
  const auto run = emulate::build_and_run(build.emitted, target, to_raw(sample));
  if (run) return report::predicted(*run, target);
  const bool lacks_tool = run.diagnostics().front().error_class == ErrorClass::kMissingTool;
  if (lacks_tool) return foretell(network, target, build);
  say_why(run.diagnostics());
  return std::nullopt;
}

std::vector<Sample> made_up_samples(const Network &network) {
  return to_input_types(network.model.graph, random_samples(network.float_graph, kSamples));
}

Result<Benched> run_bench(const Network &network, const targets::Target &target, const Build &build,
                          const PlanOptions &options, const std::vector<Sample> &inputs,
                          bool per_layer) {
  const auto measured = emulate::build_and_run(build.emitted, target, to_raw(inputs));
  if (!measured) return advise(network, target, build, options, measured.diagnostics());
  const emulate::RunResult &run = *measured;
  TRY_STATUS(emulate::check_stack(run.bill));
  Benched benched;
  benched.over = check_bill(network, target, run.bill, options);
  benched.bench =
      report::bench(analysis_of(network, target, build, benched.over.empty()), run, target);
  if (per_layer && !benched.bench.unit.empty()) {
    TRY(benched.bench.layers, count_layers(network, target, options, inputs.front()));
  }
  return benched;
}

}  // namespace thimble::cli
