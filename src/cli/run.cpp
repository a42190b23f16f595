// `thimble run`: one network, one set of samples, one reading of it (--on), its outputs as arrays.
#include <fmt/core.h>

#include "api/execute.h"
#include "cli/command.h"
#include "cli/console.h"
#include "cli/options.h"

namespace thimble::cli {

using namespace api;

namespace {

struct Options {
  ModelOptions model;
  PlanOptions plan;
  std::string input, output, on = "host", dump_layers;
  bool raw = false;
};

// What `--on` asks for.
struct Reading {
  bool evaluated = false;  // float, int: by an evaluator; else by compiled C
  targets::Target target;
};

Result<Reading> parse_reading(Options &options) {
  Reading reading;
  if (options.on == "float") options.model.numbers = "f32";
  reading.evaluated = options.on == "float" || options.on == "int";
  if (!reading.evaluated) options.plan.target = options.on;  // "host" or a chip
  TRY(reading.target, target_of(options.plan));
  if (options.on == "int" && options.model.numbers == "f32") {
    return usage_error("--on int evaluates integers, --numbers f32 has none", {}, "--on float");
  }
  return reading;
}

Result<std::vector<Sample>> outputs_of(const Network &network, const Reading &reading,
                                       const PlanOptions &plan, const std::vector<Sample> &inputs) {
  if (reading.evaluated) {
    return evaluate_samples(network.model.graph, network.numbers, inputs);
  }
  return run_on_target(network, reading.target, plan, inputs, print_diagnostics);
}

// An .npy of one output, an .npz of any number.
Status write_arrays(const std::string &path, const NpzEntries &entries) {
  if (path.ends_with(".npz")) return write_npz(path, entries);
  if (entries.size() == 1) return write_npy(path, entries.front().second);
  return usage_error("the model has " + std::to_string(entries.size()) + " outputs", {},
                     "name an .npz: -o Y.npz");
}

void print_arrays(const NpzEntries &entries) {
  for (const auto &[name, array] : entries) {
    const std::int64_t per_sample = array.element_count() / array.shape[0];
    const std::vector<float> values = array.as_float();
    std::string text;
    for (std::size_t i = 0; i < values.size(); ++i) {
      const bool last = (static_cast<std::int64_t>(i) + 1) % per_sample == 0;
      text += fmt::format("{:g}{}", values[i], last ? '\n' : ' ');
    }
    print_result(entries.size() > 1 ? name + "\n" + text : text);
  }
}

std::string file_name(std::size_t index, std::string name) {
  for (char &c : name) {
    if (!std::isalnum(static_cast<unsigned char>(c)) && c != '_' && c != '.') c = '_';
  }
  if (name.size() > 100) name.resize(100);
  return fmt::format("{:03}_{}.npy", index, name);
}

// Every tensor of every sample: DIR/000_NAME.npy and so on, [samples, rows, cols, channels].
Status dump_layers(const Network &network, const Reading &reading, const Options &options,
                   const std::vector<Sample> &inputs) {
  const Exposed exposed = expose_all_values(network);
  PlanOptions plan = options.plan;
  plan.layer_by_layer = true;
  plan.stream_in = plan.stream_out = plan.borrow_input = false;
  TRY(const auto outputs, outputs_of(exposed.network, reading, plan, inputs));
  const ir::Graph &graph = exposed.network.model.graph;
  NpzEntries arrays = to_arrays(graph, outputs, options.raw);
  for (std::size_t i = 0; i < arrays.size(); ++i) {
    auto &shape = arrays[i].second.shape;
    shape.erase(shape.begin() + 1);
    const std::string name = file_name(i, graph.value(exposed.values[i]).name);
    TRY_STATUS(write_npy(std::filesystem::path(options.dump_layers) / name, arrays[i].second));
  }
  return Unit{};
}

Status run_model(Options options) {
  TRY(const Reading reading, parse_reading(options));
  TRY(const Network network, prepare(load_network(options.model, reading.target,
                                                  Calibration::kRequired, print_diagnostics),
                                     options.plan));
  if (options.on == "float" && network.numbers_name == "int8") {
    return usage_error("the model is quantized: it has no float reading", {}, "--on int");
  }
  if (options.raw && network.numbers_name == "f32") {
    return usage_error("--raw gives integers, this network has none", {}, "leave --raw out");
  }
  TRY(const std::vector<Sample> inputs, read_samples(network.model.graph, options.input));
  TRY(const auto outputs, outputs_of(network, reading, options.plan, inputs));
  if (!options.dump_layers.empty()) {
    TRY_STATUS(dump_layers(network, reading, options, inputs));
  }
  const NpzEntries arrays = to_arrays(network.model.graph, outputs, options.raw);
  if (!options.output.empty()) return write_arrays(options.output, arrays);
  print_arrays(arrays);
  return Unit{};
}

}  // namespace

Command run_command(App root) {
  App app = root.add_subcommand("run", "Run a network over samples");
  auto options = std::make_shared<Options>();
  add_model_options(app, options->model);
  app->add_option("--input", options->input, "X.npy or X.npz, samples along the first axis")
      ->required();
  app->add_option("-o,--output", options->output, "Y.npy or Y.npz; default: printed");
  app->add_option("--on", options->on,
                  "float, int (evaluators), host (compiled C) or a target (emulator)");
  app->add_option("--target", options->plan.target, "Whose requantization --on int takes");
  app->add_flag("--raw", options->raw, "Integers instead of real numbers");
  app->add_option("--dump-layers", options->dump_layers, "Directory for every tensor as .npy");
  app->add_flag("--stream-in", options->plan.stream_in, "Run the plan with a streamed input");
  app->add_flag("--stream-out", options->plan.stream_out, "Run the plan with a streamed output");
  app->add_flag("--borrow-input", options->plan.borrow_input, "Run the plan with a borrowed input");
  return {app, [=] { return run_model(*options); }};
}

}  // namespace thimble::cli
