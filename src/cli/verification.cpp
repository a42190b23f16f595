// Float against integer: an error, as a share of the output's range. Integer against C on the host
// and in the emulator: every bit, and where they part, the first layer that does. A model without
// --calib is calibrated with the very samples.
#include "cli/verification.h"

#include <algorithm>

#include "api/execute.h"
#include "cli/command.h"
#include "cli/console.h"
#include "ops/evaluate.h"

namespace thimble::cli {

using namespace api;

namespace {

constexpr double kFloatTolerance = 1e-5;  // of the range: float C against the float evaluator

// The readings of one network over one set of samples.
struct Readings {
  std::vector<Sample> inputs;  // in the network's types
  std::vector<Sample> floats;  // outputs of the float graph; of the integers for a quantized model
  std::vector<Sample> expected;  // what the C must give
};

Result<Network> network_of(const VerifyOptions &options, const targets::Target &target) {
  TRY(Model model, load_model(options.model.model, options.model.dims, print_diagnostics));
  passes::Samples samples;
  if (options.model.numbers == "int8" && !is_quantized(model.graph)) {
    TRY(samples, options.model.calib.empty() ? read_real_samples(model.graph, options.data)
                                             : read_calibration(model.graph, options.model.calib));
  }
  return make_network(options.model, target, std::move(model), samples, print_diagnostics);
}

Result<Readings> evaluate_readings(const Network &network, const std::string &data) {
  Readings readings;
  const ir::Graph &graph = network.model.graph, &float_graph = network.float_graph;
  TRY(const std::vector<Sample> given, read_finite_samples(float_graph, data));
  const bool quantized_here = is_quantized_here(network);
  readings.inputs = quantized_here ? to_input_types(graph, given) : given;
  readings.floats = evaluate_samples(float_graph, network.numbers, given);
  readings.expected =
      quantized_here ? evaluate_samples(graph, network.numbers, readings.inputs) : readings.floats;
  return readings;
}

bool agree(const Network &network, const std::vector<Sample> &expected,
           const std::vector<Sample> &got) {
  if (network.numbers_name == "f32") return errors_of(expected, got).max <= kFloatTolerance;
  return !first_unequal_sample(expected, got);
}

// Runs the network with every tensor kept, on the sample that differs, and names the first that
// does.
Result<std::string> first_different_node(const Network &network, const targets::Target &target,
                                         const VerifyOptions &options, const Sample &input) {
  const Exposed exposed = expose_all_values(network);
  const ir::Graph &graph = exposed.network.model.graph;
  PlanOptions plan = options.plan;
  plan.layer_by_layer = true;
  plan.stream_in = plan.stream_out = plan.borrow_input = false;
  TRY(const auto got, run_on_target(exposed.network, target, plan, {input}, print_diagnostics));
  const Sample expected = ops::evaluate_outputs(graph, network.numbers, input);
  for (std::size_t i = 0; i < expected.size(); ++i) {
    if (!agree(network, {{expected[i]}}, {{got[0][i]}})) {
      return graph.node(*graph.producer(exposed.values[i])).name;
    }
  }
  return std::string("none layer by layer: the plan differs");
}

// Runs the C and notes the first disagreement.
Status check_reading(const Network &network, const std::string &target_name,
                     const VerifyOptions &options, const Readings &readings, Verification &report) {
  PlanOptions plan = options.plan;
  plan.target = target_name;
  TRY(const targets::Target target, target_of(plan));
  TRY(const auto got, run_on_target(network, target, plan, readings.inputs, print_diagnostics));
  report.errors = errors_of(readings.floats, got);
  if (agree(network, readings.expected, got)) return Unit{};
  report.ok = false;
  report.differing_reading = target_name;
  const std::size_t sample = first_unequal_sample(readings.expected, got).value_or(0);
  TRY(report.first_difference,
      first_different_node(network, target, options, readings.inputs[sample]));
  return Unit{};
}

// `y` of the data: labels (one integer a sample), or the outputs that the model's author got.
Status compare_with_y(const VerifyOptions &options, const Readings &readings,
                      const std::vector<Sample> &got, const ir::Graph &graph,
                      Verification &report) {
  TRY(const NpzEntries entries, read_arrays(options.data));
  const auto y =
      std::find_if(entries.begin(), entries.end(), [](auto &e) { return e.first == "y"; });
  if (y == entries.end()) return Unit{};
  const NpyArray &array = y->second;
  const auto samples = static_cast<std::int64_t>(readings.inputs.size());
  if (array.is_integer() && array.element_count() == samples) {
    const std::vector<std::int64_t> labels = std::visit(
        [](const auto &data) { return std::vector<std::int64_t>(data.begin(), data.end()); },
        array.data);
    report.accuracy_float = accuracy(readings.floats, labels);
    report.accuracy_numbers = accuracy(got, labels);
    return Unit{};
  }
  const NpzEntries ours = to_arrays(graph, readings.floats, false);
  if (ours.size() != 1 || array.element_count() != ours[0].second.element_count()) return Unit{};
  const auto as_sample = [](const NpyArray &a) {
    ir::Type type{{1, 1, static_cast<int>(a.element_count())}, ir::DType::kF32, std::nullopt};
    return std::vector<Sample>{{ops::Tensor{type, a.as_float(), {}}}};
  };
  report.reference = errors_of(as_sample(array), as_sample(ours[0].second));
  return Unit{};
}

}  // namespace

Result<Verification> verify_network(VerifyOptions options) {
  TRY(const targets::Target target, target_of(options.plan));
  TRY(const Network network, prepare(network_of(options, target), options.plan));
  TRY(const Readings readings, evaluate_readings(network, options.data));
  Verification report;
  report.numbers = network.numbers_name;
  report.samples = readings.inputs.size();
  if (errors_of(readings.floats, readings.floats).range == 0) {
    print_diagnostics({Diagnostic{Severity::kWarning,
                                  ErrorClass::kVerify,
                                  options.model.model,
                                  {},
                                  {},
                                  "the output is constant: agreement proves nothing",
                                  {},
                                  {}}});
  }
  TRY_STATUS(check_reading(network, "host", options, readings, report));
  if (options.plan.target != "host" && report.ok) {
    TRY_STATUS(check_reading(network, options.plan.target, options, readings, report));
  }
  TRY_STATUS(compare_with_y(options, readings, readings.expected, network.model.graph, report));
  if (options.per_layer) {
    TRY(const std::vector<Sample> real, read_finite_samples(network.float_graph, options.data));
    report.layers = layer_errors(network, real);
  }
  if (options.tolerance && report.errors.mean > *options.tolerance) report.ok = false;
  return report;
}

}  // namespace thimble::cli
