// The way from a model to generated C:
// load -> pipeline -> quantize -> plan -> emit.
#include "api/build.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <optional>
#include <set>
#include <sstream>

#include "api/layer_errors.h"
#include "ops/pixel_twins.h"
#include "passes/pipeline.h"
#include "passes/quantize.h"
#include "plan/strip_ends.h"
#include "plan/strips.h"

namespace thimble::api {
namespace {

constexpr int kRandomSamples = 8;

bool is_identifier(const std::string &name) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  if (name.empty() || name.size() > 60 || digit(name[0])) return false;
  for (char c : name) {
    if (!letter(c) && !digit(c) && c != '_') return false;
  }
  static const std::set<std::string> kKeywords = {
      "auto",     "break",   "case",   "char",     "const",  "continue", "default",
      "do",       "double",  "else",   "enum",     "extern", "float",    "for",
      "goto",     "if",      "inline", "int",      "long",   "main",     "register",
      "restrict", "return",  "short",  "signed",   "sizeof", "static",   "struct",
      "switch",   "typedef", "union",  "unsigned", "void",   "volatile", "while"};
  return !kKeywords.contains(name);
}

// What the user asks for, else what a quantized file promises, else the target's.
Result<ops::Numbers> numbers_of(const ModelOptions &options, const targets::Target &target,
                                const ir::Graph &graph) {
  const std::string &asked = options.requant.empty() ? graph.requant : options.requant;
  const std::string &weights = options.weights.empty() ? target.level.weights : options.weights;
  // Where flash is to be least, none of it is for weights as instructions.
  const std::int64_t flash_bytes = target.level.name == "flash" ? 0 : target.flash_bytes;
  ops::Numbers numbers{target.requant, weights, target.code_costs, flash_bytes};
  if (asked.empty()) return numbers;
  TRY(numbers.requant, targets::parse_requant(asked));
  return numbers;
}

// A word of a target's inner loops, and the pass that lays integers out for it; each takes what
// those before it have left.
constexpr std::pair<std::string_view, const char *> kLayouts[] = {
    {"eights", "byte-eights"},           {"fours", "byte-fours"},   {"vectors", "byte-vectors"},
    {targets::kPairs, "byte-pairs"},     {"threes", "byte-threes"}, {ops::kTwins, "pixel-twins"},
    {targets::kWindows, "copy-windows"},
};

// Its integers as the target's inner loops take them.
Result<Network> laid_out(Network network, const targets::Target &target) {
  const bool chooses = network.numbers.chooses_codes();
  std::vector<std::string> layouts;
  for (const auto &[word, pass] : kLayouts) {
    const bool holds = chooses || (word == targets::kWindows && network.numbers.weights == "int8");
    if (holds && targets::has_word(target.inner_loops, word)) layouts.emplace_back(pass);
  }
  if (layouts.empty()) return network;
  TRY(network.model.graph, passes::run_passes(std::move(network.model.graph), layouts));
  return network;
}

}  // namespace

Diagnostic no_calibration(const std::string &model) {
  Diagnostic diagnostic = usage_error(
      "an int8 network needs samples of its input",
      "the model is not quantized, and its activations' ranges are found by running it",
      "--calib X.npy (samples along the first axis), --calib random:100 for decoders, or "
      "--numbers f32");
  diagnostic.file = model;
  return diagnostic;
}

const std::map<std::string, std::vector<std::string>> &option_words() {
  static const std::map<std::string, std::vector<std::string>> kWords = {
      {"numbers", {"int8", "f32"}},
      {"requant", {"q31", "m16", "pow2"}},
      {"weights",
       {"auto", "fast", "int8", "w4", "w2", "wt", "w1", "p4", "p2", "p1", "z8", "z4", "m8", "m4",
        "o8", "c8"}},
      {"residency", {"rings", "rows", "lines", "layers"}}};
  return kWords;
}

Result<targets::Target> target_of(PlanOptions &options) {
  TRY(targets::Target target, targets::find_target(options.target));
  TRY(target, targets::at_level(std::move(target), options.optimize));
  options.preferred = target.level.residency;
  return target;
}

const std::string &residency_of(const PlanOptions &options) {
  return options.residency.empty() ? options.preferred : options.residency;
}

// Where RAM is not to be least: what is found at once will do.
constexpr double kPlacingSeconds = 0.5;

plan::Options planning_of(const PlanOptions &options) {
  plan::Options planning;
  planning.stream_in = options.stream_in;
  planning.stream_out = options.stream_out;
  planning.keep_input = options.keep_input;
  planning.borrow_input = options.borrow_input;
  const std::string &residency = residency_of(options);
  planning.layer_by_layer = options.layer_by_layer || residency == "layers";
  planning.whole_rows = residency == "rows";
  planning.lines = residency == "lines" ? plan::Lines::kChosen : plan::Lines::kNever;
  if (planning.lines == plan::Lines::kNever) planning.time_limit_seconds = kPlacingSeconds;
  return planning;
}

bool is_quantized_here(const Network &network) {
  return is_quantized(network.model.graph) && !is_quantized(network.float_graph);
}

Result<Network> make_network(const ModelOptions &options, const targets::Target &target,
                             Model model, const passes::Samples &samples, const Notify &notify) {
  TRY(const ops::Numbers numbers, numbers_of(options, target, model.graph));
  Network network{std::move(model), {}, numbers, options.numbers};
  network.float_graph = network.model.graph;
  if (is_quantized(network.float_graph)) {
    network.numbers_name = "int8";
  } else if (options.numbers == "int8") {
    TRY(network.model.graph, notifying(notify, passes::quantize(network.float_graph, samples)));
  }
  return laid_out(std::move(network), target);
}

Result<Network> load_network(const ModelOptions &options, const targets::Target &target,
                             Calibration calibration, const Notify &notify) {
  TRY(Model model, load_model(options.model, options.dims, notify));
  if (is_quantized(model.graph)) return make_network(options, target, std::move(model), {}, notify);
  passes::Samples samples;
  if (options.numbers == "int8") {
    if (!options.calib.empty()) {
      TRY(samples, read_calibration(model.graph, options.calib));
    } else if (calibration == Calibration::kRandomWhenAbsent) {
      samples = random_samples(model.graph, kRandomSamples);
    } else {
      return no_calibration(options.model);
    }
  }
  TRY(Network network, make_network(options, target, std::move(model), samples, notify));
  if (!options.calib.empty()) notify(losses(network, samples));
  return network;
}

namespace {

// The value that the node of this name makes; -1: there is none.
ir::ValueId made_by(const ir::Graph &graph, const std::string &name) {
  for (const ir::Node &node : graph.nodes()) {
    if (node.name == name) return node.outputs[0];
  }
  return -1;
}

// The values that the named nodes make on the way to the cut.
Result<std::vector<ir::ValueId>> kept_before(const ir::Graph &graph, ir::ValueId cut,
                                             const std::vector<std::string> &names) {
  const plan::StripRegion region(graph, cut);
  std::vector<ir::ValueId> kept;
  for (const std::string &name : names) {
    const ir::ValueId value = made_by(graph, name);
    if (value < 0 || value == cut || !region.has(*graph.producer(value)))
      return usage_error("--keep-columns: '" + name + "' is not made before the cut",
                         value < 0 ? "no node has this name" : "strips do not compute it",
                         "name a node before that of --strips");
    kept.push_back(value);
  }
  return kept;
}

Result<ir::Graph> strips_of(const ir::Graph &graph, const std::string &words,
                            const std::vector<std::string> &keep_columns) {
  const std::size_t colon = words.rfind(':');
  const std::string name = words.substr(0, colon);
  int count = 0;
  if (colon != std::string::npos) {
    const char *end = words.data() + words.size();
    const auto [last, error] = std::from_chars(words.data() + colon + 1, end, count);
    if (error != std::errc() || last != end) count = 0;
  }
  if (count < 2) return usage_error("--strips '" + words + "' is not NODE:N", "N is 2 or more");
  const ir::ValueId cut = made_by(graph, name);
  const auto cuts = plan::strip_cuts(graph);
  if (std::find(cuts.begin(), cuts.end(), cut) == cuts.end())
    return usage_error("--strips: what '" + name + "' makes cannot be made in strips",
                       cut < 0 ? "no node has this name"
                               : "it is an output, or something before it reads all columns at "
                                 "once or is read behind it",
                       "thimble analyze --pareto names those that can");
  TRY(const auto kept, kept_before(graph, cut, keep_columns));
  auto graph_in_strips = plan::in_strips(graph, plan::StripEnds(graph, cut, kept).find(count));
  if (!graph_in_strips)
    return usage_error("--strips " + words + ": too many strips",
                       "some would be empty, or have windows in the padding alone",
                       "ask for fewer");
  return *std::move(graph_in_strips);
}

}  // namespace

Result<Network> prepare(Result<Network> network, const PlanOptions &options) {
  if (!network.ok()) return network;
  if (options.strips.empty() && !options.keep_columns.empty())
    return usage_error("--keep-columns without --strips",
                       "without strips no columns are computed twice",
                       "say with --strips NODE:N where they end");
  for (ir::Graph *graph : {&network->model.graph, &network->float_graph}) {
    if (!options.strips.empty()) {
      TRY(*graph, strips_of(*graph, options.strips, options.keep_columns));
    }
    std::vector<std::string> passes;
    if (options.borrow_input) passes.emplace_back("copy-borrowed");
    if (options.stream_in) passes.emplace_back("input-pieces");
    if (options.stream_out) passes.emplace_back("output-pieces");
    if (passes.empty()) continue;
    TRY(*graph, passes::run_passes(std::move(*graph), passes));
  }
  return network;
}

Result<std::string> symbol_name(const std::string &name, const std::string &model_path) {
  if (!name.empty()) {
    if (is_identifier(name)) return name;
    return usage_error("--name '" + name + "' is not a C identifier",
                       "it begins every symbol of the generated code",
                       "letters, digits and '_', not a digit first, no keyword of C");
  }
  std::string made;
  for (char c : std::filesystem::path(model_path).stem().string()) {
    const bool allowed = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    made += allowed ? c : '_';
  }
  if (made.size() > 40) made.resize(40);
  return is_identifier(made) && made[0] != '_' ? made : "net_" + made;
}

std::string words_of_strips(const PlanOptions &options) {
  if (options.strips.empty()) return "";
  std::string words = " --strips '" + options.strips + "'";
  for (const std::string &node : options.keep_columns) words += " --keep-columns '" + node + "'";
  return words;
}

namespace {

constexpr std::int64_t kRamPerStack = 8;

// Where the level prefers layers, and they do not fit beside a stack of an eighth of the RAM: of
// rows.
Result<plan::Plan> plan_within(const ir::Graph &graph, const targets::Target &target,
                               PlanOptions options) {
  TRY(plan::Plan plan, plan::make_plan(graph, planning_of(options)));
  const std::int64_t limit = options.ram.value_or(target.ram_bytes);
  const bool fits = limit == 0 || plan.arena_bytes <= limit - limit / kRamPerStack;
  const std::string &preferred = residency_of(options);
  const bool gives_way = preferred == "layers" || preferred == "rows";
  if (fits || !gives_way || !options.residency.empty()) return plan;
  options.residency = "rings";
  return plan::make_plan(graph, planning_of(options));
}

// Without the codes of weights whose stack is more than a quarter of what the arena leaves.
ops::Numbers numbers_beside(const plan::Plan &plan, ops::Numbers numbers, std::int64_t ram_bytes) {
  const std::int64_t left = ram_bytes - plan.arena_bytes;
  if (ram_bytes > 0)
    std::erase_if(numbers.costs,
                  [&](const targets::CodeCost &cost) { return cost.stack_bytes * 4 > left; });
  return numbers;
}

}  // namespace

namespace {

codegen::Options emission_of(const Network &network, const targets::Target &target,
                             const PlanOptions &options, const ops::Numbers &numbers) {
  codegen::Options emit;
  emit.target = target;
  emit.numbers = numbers;
  emit.model_sha256 = network.model.sha256;
  emit.version = THIMBLE_VERSION;
  emit.command_options =
      "--target " + target.name + " --numbers " + network.numbers_name + " --requant " +
      targets::to_string(network.numbers.requant) +
      (network.numbers.weights == "auto" ? "" : " --weights " + network.numbers.weights) +
      (options.optimize == "balanced" ? "" : " --optimize " + options.optimize) +
      (options.stream_in ? " --stream-in" : "") + (options.stream_out ? " --stream-out" : "") +
      (options.keep_input ? " --keep-input" : "") +
      (options.borrow_input ? " --borrow-input" : "") +
      (options.residency.empty() ? "" : " --residency " + options.residency) +
      words_of_strips(options);
  emit.announce_steps = options.announce_steps;
  return emit;
}

// `reach`: the width of an index in the emitted C.
Result<Build> built(const Network &network, const targets::Target &target,
                    const PlanOptions &options, int reach, const Notify &notify) {
  Build build;
  build.flash_budget = options.flash.value_or(target.flash_bytes);
  build.ram_budget = options.ram.value_or(target.ram_bytes);
  TRY(build.plan, notifying(notify, plan_within(network.model.graph, target, options)));
  build.numbers = numbers_beside(build.plan, network.numbers, build.ram_budget);
  codegen::Options emit = emission_of(network, target, options, build.numbers);
  emit.target.index_bits = reach;
  TRY(emit.name, symbol_name(options.name, network.model.path));
  TRY(build.emitted, notifying(notify, codegen::emit(network.model.graph, build.plan, emit)));
  return build;
}

// Of a network that could not be built because it is too large for the target's indices: as if they
// reached; nothing where that is not why, or it would fit.
std::optional<Build> built_beyond_reach(const Network &network, const targets::Target &target,
                                        const PlanOptions &options) {
  if (target.index_bits == 32) return std::nullopt;
  Result<Build> build = built(network, target, options, 32, [](const Diagnostics &) {});
  if (!build.ok() || check_budget(network, target, *build, options).empty()) return std::nullopt;
  return *std::move(build);
}

}  // namespace

Result<Build> build_network(const Network &network, const targets::Target &target,
                            const PlanOptions &options, const Notify &notify) {
  Result<Build> build = built(network, target, options, target.index_bits, notify);
  if (build.ok()) return build;
  // That it does not fit says more than that an index does not reach.
  if (const auto beyond = built_beyond_reach(network, target, options))
    return check_budget(network, target, *beyond, options);
  return build;
}

Result<Build> outline_network(const Network &network, const targets::Target &target,
                              const PlanOptions &options, const Notify &notify) {
  Result<Build> build = built(network, target, options, target.index_bits, notify);
  if (build.ok()) return build;
  if (auto beyond = built_beyond_reach(network, target, options)) return *std::move(beyond);
  return build;
}

report::Analysis analysis_of(const Network &network, const targets::Target &target,
                             const Build &build, bool fits) {
  const std::string file = std::filesystem::path(network.model.path).filename().string();
  report::Analysis analysis = report::analyze(
      network.model.graph, build.numbers, build.plan, build.emitted,
      {file, target.name, network.numbers_name, fits, build.flash_budget, build.ram_budget});
  // What was trained: quantization gives layers biases that they did not have.
  analysis.parameters = ops::parameter_count(network.float_graph);
  return analysis;
}

std::vector<codegen::File> report_files(const report::Analysis &analysis, const std::string &stem) {
  return {{stem + "_report.txt", report::to_text(analysis)},
          {stem + "_report.json", report::to_json(analysis).dump(2) + "\n"}};
}

}  // namespace thimble::api
