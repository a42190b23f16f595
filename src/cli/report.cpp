// `thimble report`: what analyze and bench say, the rows of the arena and some samples, as one page
// for people. The page is written also where the network does not fit: it says by how much.
#include <algorithm>
#include <filesystem>

#include "api/execute.h"
#include "api/front.h"
#include "api/layer_errors.h"
#include "api/remedies.h"
#include "cli/command.h"
#include "cli/console.h"
#include "cli/measure.h"
#include "cli/options.h"
#include "ops/evaluate.h"
#include "report/page.h"
#include "report/shrink_steps.h"
#include "support/files.h"

namespace thimble::cli {

using namespace api;

namespace {

constexpr std::size_t kMostShown = 6;  // samples

struct Options {
  ModelOptions model;
  PlanOptions plan;
  std::string output, data, steps;
  bool pareto = false, no_run = false;
  std::string words;  // of the command line, for the page's foot
};

// Ranges come from --calib, else from --data.
Result<Network> load(ModelOptions model, const std::string &data, const targets::Target &target) {
  if (model.calib.empty()) model.calib = data;
  return load_network(model, target, Calibration::kRandomWhenAbsent, print_diagnostics);
}

// Real numbers for a float graph, or what a quantized one takes.
Result<std::vector<Sample>> read_data(const Network &network, const std::string &data) {
  const ir::Graph &graph = network.float_graph;
  if (!data.starts_with("random:")) return read_finite_samples(graph, data);
  TRY(const passes::Samples samples, read_calibration(graph, data));
  return to_input_types(graph, samples);
}

std::vector<report::ShownValues> shown(const ir::Graph &graph, const std::vector<ir::Port> &ports,
                                       const Sample &sample) {
  std::vector<report::ShownValues> values;
  for (std::size_t i = 0; i < sample.size(); ++i) {
    const std::vector<float> real = ops::to_real(sample[i]);
    values.push_back(
        {graph.value(ports[i].value).name, sample[i].type.shape, {real.begin(), real.end()}});
  }
  return values;
}

// What the samples show: outputs in each reading that there is, and what integers lose in layers.
Status add_samples(const Network &network, const std::string &data, report::Page &page) {
  if (data.empty()) return Unit{};
  TRY(std::vector<Sample> given, read_data(network, data));
  for (const LayerError &error : layer_errors(network, given))
    page.losses.push_back({error.name, error.errors.max, error.errors.mean, error.added});
  given.resize(std::min(given.size(), kMostShown));
  const ir::Graph &floats = network.float_graph, &graph = network.model.graph;
  const bool integers = is_quantized(graph), both = is_quantized_here(network);
  const auto as_float = evaluate_samples(floats, network.numbers, given);
  const auto as_integer =
      both ? evaluate_samples(graph, network.numbers, to_input_types(graph, given)) : as_float;
  for (std::size_t i = 0; i < given.size(); ++i) {
    report::ShownSample &sample = page.samples.emplace_back();
    sample.inputs = shown(floats, floats.inputs(), given[i]);
    if (both || !integers) sample.floats = shown(floats, floats.outputs(), as_float[i]);
    if (integers) sample.integers = shown(graph, graph.outputs(), as_integer[i]);
  }
  return Unit{};
}

// SMALL.steps.json beside SMALL.onnx, where `shrink` has left it.
Status add_steps(const Options &options, report::Page &page) {
  const std::filesystem::path beside = report::shrink_steps_path(options.model.model);
  const bool given = !options.steps.empty();
  if (!given && !std::filesystem::exists(beside)) return Unit{};
  TRY(page.shrink,
      report::read_shrink_steps(given ? std::filesystem::path(options.steps) : beside));
  return Unit{};
}

// Of a network whose arena and tables fit: what its program takes.
void add_measurements(const Network &network, const targets::Target &target, const Build &build,
                      const Options &options, report::Page &page) {
  if (target.emulator == "native") return;
  if (!options.no_run) {
    auto benched = run_bench(network, target, build, options.plan, made_up_samples(network), true);
    if (benched) {
      page.bench = std::move(benched->bench);
      page.objections = std::move(benched->over);
      return;
    }
    Diagnostics errors = benched.diagnostics();
    if (errors.front().error_class == ErrorClass::kBudget) {
      page.objections = std::move(errors);
      return;
    }
  }
  page.analysis.predicted = foretell(network, target, build);
}

Status write_report(const Options &given) {
  Options options = given;
  TRY(const targets::Target target, target_of(options.plan));
  TRY(const Network loaded, load(options.model, options.data, target));
  TRY(const Network network, prepare(loaded, options.plan));
  TRY(const Build build, outline_network(network, target, options.plan, print_diagnostics));
  report::Page page;
  page.objections = check_budget(network, target, build, options.plan);
  page.analysis = analysis_of(network, target, build, page.objections.empty());
  TRY_STATUS(explain(loaded, options.plan, build.plan, page.analysis));
  TRY_STATUS(add_steps(options, page));
  TRY_STATUS(add_samples(network, options.data, page));
  if (page.objections.empty()) add_measurements(network, target, build, options, page);
  if (options.pareto) {
    TRY(const std::vector<FrontChoice> choices, front_of(network, options.plan));
    for (const FrontChoice &choice : choices) page.front.push_back(choice.line);
  }
  page.lives = report::lives_by_buffer(network.model.graph, build.plan);
  page.options = options.words;
  page.model_sha256 = network.model.sha256;
  page.version = THIMBLE_VERSION;
  TRY_STATUS(write_file(options.output, report::to_html(page)));
  print_log("wrote " + options.output);
  if (page.bench) page.bench->layers.clear();  // the page has them
  print_result(page.bench ? report::to_text(*page.bench) : report::summary(page.analysis));
  if (!page.objections.empty()) return page.objections;
  return Unit{};
}

std::string quoted(const std::string &word) {
  const bool plain = std::all_of(word.begin(), word.end(), [](unsigned char c) {
    return std::isalnum(c) || std::string_view("._-:=+,/").find(char(c)) != std::string::npos;
  });
  return plain && !word.empty() ? word : "'" + word + "'";
}

// The options that analyze and bench have, too, as they were given; of paths, the name.
std::string words_of(App app) {
  std::string words;
  for (const Given &option : app.given()) {
    const std::string &name = option.name;
    const bool own = name == "output" || name == "data" || name == "steps" || name == "pareto" ||
                     name == "no-run" || name == "MODEL" || name == "help";
    if (own) continue;
    if (option.is_flag) words += " --" + name;
    for (const std::string &value : option.is_flag ? std::vector<std::string>{} : option.values)
      words += " --" + name + " " +
               quoted(name == "calib" ? std::filesystem::path(value).filename().string() : value);
  }
  return words;
}

}  // namespace

Command report_command(App root) {
  App app = root.add_subcommand("report", "One page: does it fit, rows, layers, samples");
  auto options = std::make_shared<Options>();
  add_model_options(app, options->model);
  add_plan_options(app, options->plan);
  app->add_flag("--layer-by-layer", options->plan.layer_by_layer,
                "One layer after the other, every tensor whole: for comparison");
  app->add_option("-o,--output", options->output, "REPORT.html: a page that needs nothing else")
      ->required();
  app->add_option("--data", options->data,
                  "X.npz, X.npy or random:N: samples to show, and to say what integers lose in "
                  "each layer");
  app->add_option("--steps", options->steps,
                  "Of thimble shrink; default: MODEL.steps.json beside the model, if it is there");
  app->add_flag("--pareto", options->pareto, "The front RAM against work, too");
  app->add_flag("--no-run", options->no_run,
                "Flash, the most stack and about what time, without running in the emulator");
  return {app, [=] {
            Options given = *options;
            given.words = words_of(app);
            return write_report(given);
          }};
}

}  // namespace thimble::cli
