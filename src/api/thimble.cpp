// <thimble/thimble.h>: its structs to those of the rooms and back. What is done between is what the
// commands compile, analyze, run and bench do.
#include <thimble/thimble.h>

#include <algorithm>

#include "api/execute.h"
#include "api/front.h"
#include "api/layer_errors.h"
#include "api/notebook.h"
#include "api/remedies.h"
#include "emulate/run.h"
#include "report/analysis.h"
#include "support/files.h"

namespace thimble {

struct Model::Inside {
  api::Model model;
  Diagnostics warnings;
};

struct Compiled::Inside {
  api::Network network;
  targets::Target target;
  api::PlanOptions options;
  api::Build build;
  Analysis analysis;
  report::Analysis report;
  std::vector<File> files;
  Diagnostics warnings;
};

namespace {

api::Notify into(Diagnostics &warnings) {
  return [&warnings](const Diagnostics &more) {
    warnings.insert(warnings.end(), more.begin(), more.end());
  };
}

std::vector<thimble::Port> ports_of(const ir::Graph &graph, const std::vector<ir::Port> &ports) {
  std::vector<Port> result;
  for (const ir::Port &port : ports)
    result.push_back({graph.value(port.value).name, {port.dims.begin(), port.dims.end()}});
  return result;
}

// An option that is none of its words, or a budget below 0.
Diagnostics objections_to(const Options &options) {
  const auto &words = api::option_words();
  Diagnostics errors;
  for (const auto &[name, given] : {std::pair{"numbers", &options.numbers},
                                    {"requant", &options.requant},
                                    {"weights", &options.weights},
                                    {"residency", &options.residency}}) {
    const auto &known = words.at(name);
    const bool may_be_empty = name != std::string_view("numbers");
    if ((given->empty() && may_be_empty) ||
        std::find(known.begin(), known.end(), *given) != known.end())
      continue;
    std::string list;
    for (const std::string &word : known) list += (list.empty() ? "" : ", ") + word;
    errors.push_back(usage_error(std::string(name) + ": '" + *given + "' is none of its words", {},
                                 "one of " + list));
  }
  for (const auto &[name, bytes] : {std::pair{"ram", options.ram}, {"flash", options.flash}})
    if (bytes && *bytes < 0)
      errors.push_back(usage_error(std::string(name) + ": a budget is 0 bytes or more"));
  return errors;
}

api::ModelOptions model_options(const Model &model, const Options &options) {
  api::ModelOptions result;
  result.model = model.path();
  result.numbers = options.numbers;
  result.requant = options.requant;
  result.weights = options.weights;
  return result;
}

api::PlanOptions plan_options(const Options &options) {
  api::PlanOptions plan;
  plan.target = options.target;
  plan.ram = options.ram;
  plan.flash = options.flash;
  plan.optimize = options.optimize;
  plan.residency = options.residency;
  plan.name = options.name;
  plan.stream_in = options.stream_in;
  plan.stream_out = options.stream_out;
  plan.keep_input = options.keep_input;
  plan.borrow_input = options.borrow_input;
  plan.strips = options.strips;
  plan.keep_columns = options.keep_columns;
  return plan;
}

// Named as the arrays of an .npz are: x0, x1, ...
Result<NpzEntries> entries_of(const std::vector<Array> &arrays) {
  NpzEntries entries;
  Diagnostics errors;
  for (const Array &array : arrays) {
    const std::string name = "x" + std::to_string(entries.size());
    NpyArray npy;
    npy.shape = array.shape;
    std::visit([&](const auto &elements) { npy.data = elements; }, array.elements);
    const std::size_t size = std::visit([](const auto &e) { return e.size(); }, array.elements);
    std::size_t left = size;  // divided, not multiplied: no product is too large
    for (const std::int64_t dim : array.shape)
      left = dim > 0 && left % static_cast<std::size_t>(dim) == 0
                 ? left / static_cast<std::size_t>(dim)
                 : 0;
    if (left != 1 && !(size == 0 && std::count(array.shape.begin(), array.shape.end(), 0) > 0))
      errors.push_back(usage_error("'" + name + "': its shape is not that of its " +
                                   std::to_string(size) + " elements"));
    entries.emplace_back(name, std::move(npy));
  }
  if (!errors.empty()) return errors;
  return entries;
}

constexpr const char *kSamplesFile = "samples", *kInputsFile = "inputs";  // where errors say a path

Result<passes::Samples> calibration_of(const ir::Graph &graph, const Samples &samples) {
  if (samples.arrays.empty())
    return api::read_calibration(graph, "random:" + std::to_string(samples.random_count));
  TRY(const NpzEntries entries, entries_of(samples.arrays));
  return api::to_finite_samples(graph, entries, kSamplesFile);
}

Result<api::Network> network_of(const Model &model, const Samples &samples, const Options &options,
                                const targets::Target &target, const api::Notify &notify) {
  const ir::Graph &graph = model.inside().model.graph;
  passes::Samples calibration;
  const bool needed = options.numbers == "int8" && !model.is_quantized();
  if (needed) {
    if (samples.arrays.empty() && samples.random_count == 0)
      return api::no_calibration(model.path());
    TRY(calibration, calibration_of(graph, samples));
  }
  TRY(api::Network network, api::make_network(model_options(model, options), target,
                                              model.inside().model, calibration, notify));
  if (needed && !samples.arrays.empty()) notify(api::losses(network, calibration));
  return network;
}

Analysis analysis_of(const report::Analysis &from, const ir::Graph &graph, const plan::Plan &plan,
                     Diagnostics objections) {
  Analysis analysis;
  analysis.model = from.labels.model;
  analysis.target = from.labels.target;
  analysis.numbers = from.labels.numbers;
  analysis.fits = from.labels.fits;
  analysis.objections = std::move(objections);
  analysis.parameters = from.parameters;
  analysis.macs = from.macs;
  analysis.flash_weights = from.flash_weights;
  analysis.flash_constants = from.flash_constants;
  analysis.arena_bytes = from.arena_bytes;
  analysis.arena_lower_bound = from.arena_lower_bound;
  analysis.placement_proven = from.placement_proven;
  analysis.schedule_proven = from.schedule_proven;
  for (const report::Layer &layer : from.layers)
    analysis.layers.push_back({layer.name,
                               layer.op,
                               {layer.shape.rows, layer.shape.cols, layer.shape.channels},
                               layer.macs,
                               layer.weight_bytes,
                               layer.residency});
  for (const report::BufferUse &buffer : from.buffers)
    analysis.buffers.push_back(
        {buffer.tensor, buffer.offset, buffer.bytes, buffer.first, buffer.last});
  analysis.text = report::to_text(from);
  // Names come from model files and need not be UTF-8.
  analysis.json = report::to_json(from).dump(2, ' ', false, Json::error_handler_t::replace);
  analysis.html = api::notebook_html(from, graph, plan);
  return analysis;
}

Result<std::vector<api::Sample>> outputs_of(const Compiled::Inside &inside, const ir::Graph &graph,
                                            const std::vector<api::Sample> &samples, On on) {
  if (on == On::kFloat || on == On::kInteger)
    return api::evaluate_samples(graph, inside.network.numbers, samples);
  api::PlanOptions options = inside.options;
  targets::Target target = inside.target;
  if (on == On::kHost) {
    options.target = "host";
    TRY(target, api::target_of(options));
  }
  return api::run_on_target(inside.network, target, options, samples, [](const Diagnostics &) {});
}

std::vector<Array> arrays_of(const NpzEntries &entries) {
  std::vector<Array> arrays;
  for (const auto &[name, npy] : entries) {
    const auto *integers = std::get_if<std::vector<std::int8_t>>(&npy.data);
    if (integers) {
      arrays.push_back({npy.shape, *integers});
    } else {
      arrays.push_back({npy.shape, npy.as_float()});
    }
  }
  return arrays;
}

}  // namespace

std::string version() { return THIMBLE_VERSION; }

const std::string &Model::path() const { return inside_->model.path; }
bool Model::is_quantized() const { return api::is_quantized(inside_->model.graph); }
std::vector<Port> Model::inputs() const {
  return ports_of(inside_->model.graph, inside_->model.graph.inputs());
}
std::vector<Port> Model::outputs() const {
  return ports_of(inside_->model.graph, inside_->model.graph.outputs());
}
const Diagnostics &Model::warnings() const { return inside_->warnings; }

Result<Model> load(const std::string &path, const std::vector<std::string> &dims,
                   const std::string &called) {
  const auto renamed = [&](Diagnostics diagnostics) {
    for (Diagnostic &diagnostic : diagnostics)
      if (!called.empty() && diagnostic.file == path) diagnostic.file = called;
    return diagnostics;
  };
  auto inside = std::make_shared<Model::Inside>();
  auto model = api::load_model(
      path, dims, [&](const Diagnostics &more) { into(inside->warnings)(renamed(more)); });
  if (!model) return renamed(model.diagnostics());
  inside->model = *std::move(model);
  if (!called.empty()) inside->model.path = called;
  return Model(std::move(inside));
}

Result<std::vector<Chip>> chips() {
  TRY(const std::vector<targets::Target> all, targets::all_targets());
  std::vector<Chip> chips;
  for (const targets::Target &target : all)
    chips.push_back({target.name, target.description, target.flash_bytes, target.ram_bytes});
  return chips;
}

Result<Compiled> compile(const Model &model, const Samples &samples, const Options &options) {
  if (Diagnostics errors = objections_to(options); !errors.empty()) return errors;
  auto inside = std::make_shared<Compiled::Inside>();
  const api::Notify notify = into(inside->warnings);
  api::PlanOptions &plan = inside->options;
  plan = plan_options(options);
  TRY(inside->target, api::target_of(plan));
  TRY(api::Network network,
      api::prepare(network_of(model, samples, options, inside->target, notify), plan));
  TRY(const api::Fitting fitting, api::cheapest_that_fits(network, plan));
  if (fitting.options.strips != plan.strips) {
    TRY(network, api::prepare(std::move(network), fitting.options));
  }
  plan = fitting.options;
  TRY(inside->build, api::build_network(network, inside->target, plan, notify));
  if (Diagnostics errors = api::check_budget(network, inside->target, inside->build, plan);
      !errors.empty())
    return errors;
  inside->report = api::analysis_of(network, inside->target, inside->build, true);
  inside->analysis = analysis_of(inside->report, network.model.graph, inside->build.plan, {});
  inside->network = std::move(network);
  for (const codegen::File &file : inside->build.emitted.files)
    inside->files.push_back({file.name, file.text});
  return Compiled(std::move(inside));
}

Result<Analysis> analyze(const Model &model, const Options &options, bool explain) {
  if (Diagnostics errors = objections_to(options); !errors.empty()) return errors;
  constexpr int kSamples = 8;
  const api::Notify notify = [](const Diagnostics &) {};  // compile() says them
  api::PlanOptions plan = plan_options(options);
  TRY(const targets::Target target, api::target_of(plan));
  TRY(const api::Network loaded,
      network_of(model, random_samples(kSamples), options, target, notify));
  TRY(const api::Network network, api::prepare(loaded, plan));
  TRY(const api::Build build, api::build_network(network, target, plan, notify));
  Diagnostics objections = api::check_budget(network, target, build, plan);
  report::Analysis report = api::analysis_of(network, target, build, objections.empty());
  if (explain) {
    TRY_STATUS(api::explain(loaded, plan, build.plan, report));
  }
  return analysis_of(report, network.model.graph, build.plan, std::move(objections));
}

const Diagnostics &Compiled::warnings() const { return inside_->warnings; }
const Analysis &Compiled::analysis() const { return inside_->analysis; }
const std::vector<File> &Compiled::files() const { return inside_->files; }

Result<Unit> Compiled::write(const std::string &folder) const {
  std::vector<codegen::File> files = inside_->build.emitted.files;
  for (codegen::File &file : api::report_files(inside_->report, inside_->build.emitted.name))
    files.push_back(std::move(file));
  for (const codegen::File &file : files) {
    TRY_STATUS(write_file(std::filesystem::path(folder) / file.name, file.text));
  }
  return Unit{};
}

Result<std::vector<Array>> Compiled::run(const std::vector<Array> &inputs, On on, bool raw) const {
  const api::Network &network = inside_->network;
  const bool is_float = on == On::kFloat && api::is_quantized_here(network);
  if (on == On::kFloat && !is_float && network.numbers_name == "int8")
    return usage_error("the model is quantized: it has no float reading", {}, "run it in integers");
  if (on == On::kInteger && network.numbers_name == "f32")
    return usage_error("the network has no integers", "its numbers are f32", "run it in floats");
  if (raw && (is_float || network.numbers_name == "f32"))
    return usage_error("raw gives integers, this network has none", {}, "leave raw out");
  const ir::Graph &graph = is_float ? network.float_graph : network.model.graph;
  TRY(const NpzEntries entries, entries_of(inputs));
  TRY(const std::vector<api::Sample> samples, api::to_samples(graph, entries, kInputsFile));
  TRY(const std::vector<api::Sample> outputs, outputs_of(*inside_, graph, samples, on));
  return arrays_of(api::to_arrays(graph, outputs, raw));
}

Result<Bench> Compiled::bench() const {
  const Inside &inside = *inside_;
  if (inside.target.emulator == "native")
    return usage_error("the host is not measured", {}, "compile for a chip: see chips()");
  const auto sample = api::to_input_types(inside.network.model.graph,
                                          api::random_samples(inside.network.float_graph, 1));
  const auto run = emulate::build_and_run(inside.build.emitted, inside.target, api::to_raw(sample));
  if (!run)
    return api::advise(inside.network, inside.target, inside.build, inside.options,
                       run.diagnostics());
  TRY_STATUS(emulate::check_stack(run->bill));
  const emulate::Bill &bill = run->bill;
  return Bench{bill.flash_weights, bill.flash_constants,    bill.flash_code, bill.flash_total,
               bill.ram_arena,     bill.ram_static,         bill.ram_stack,  bill.ram_total,
               run->count_per_run, inside.target.count_unit};
}

}  // namespace thimble
