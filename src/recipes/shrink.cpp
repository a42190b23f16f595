// One step after the other; behind each, a line: accuracy or distance, flash, RAM, work.
#include "recipes/shrink.h"

#include <fmt/format.h>

#include <filesystem>

#include "cli/command.h"
#include "cli/load.h"
#include "frontends/onnx/write_onnx.h"
#include "passes/pipeline.h"
#include "passes/pool_to_stride.h"
#include "passes/quantize.h"
#include "recipes/retrain.h"
#include "recipes/slim.h"
#include "support/files.h"
#include "train/fit.h"
#include "train/tensors.h"

namespace thimble::recipes {
namespace {

constexpr std::int64_t kMostChecked = 5000;

// What one step left behind.
struct Step {
  std::string name;
  ir::Graph graph;
  Score score, test;
  std::int64_t weight_bytes = 0, constant_bytes = 0, arena_bytes = 0, macs = 0;
};

class Shrinker {
 public:
  Shrinker(const ShrinkOptions &options, cli::Model model, targets::Target target)
      : options_(options), model_(std::move(model)), target_(std::move(target)) {}

  Result<Json> run() {
    TRY_STATUS(read_data());
    TRY_STATUS(add("as given", model_.graph));
    if (options_.pool_to_stride) TRY_STATUS(take_strides());
    if (budgets().any()) TRY_STATUS(leave_channels_out());
    if (!options_.bits.empty() || options_.sparsity > 0) TRY_STATUS(lessen_bits());
    TRY_STATUS(write());
    return to_json();
  }

 private:
  // A twelfth of the data checks, the rest is learned from.
  Status read_data() {
    TRY(const Examples all, read_examples(model_.graph, options_.data, "train"));
    const std::int64_t count = all.count(), checked = std::min(kMostChecked, (count + 11) / 12);
    school_ = {model_.graph, all.slice(0, count - checked), all.slice(count - checked, count)};
    if (!options_.teacher.empty()) {
      TRY(cli::Model teacher, cli::load_model(options_.teacher, options_.dims));
      TRY_STATUS(check_teacher(teacher.graph));
      school_.teacher = std::move(teacher.graph);
    }
    school_.distorts = options_.distort;
    school_.batch = options_.batch;
    const bool folder = std::filesystem::is_directory(options_.data);
    const std::string test = options_.test.empty() && folder ? options_.data : options_.test;
    if (test.empty()) return Unit{};
    TRY(test_, read_examples(model_.graph, test, "t10k"));
    return Unit{};
  }

  Status check_teacher(const ir::Graph &teacher) const {
    const auto same = [&](const std::vector<ir::Port> &a, const std::vector<ir::Port> &b) {
      return std::equal(a.begin(), a.end(), b.begin(), b.end(), [&](const auto &x, const auto &y) {
        return teacher.value(x.value).type == model_.graph.value(y.value).type;
      });
    };
    if (same(teacher.inputs(), model_.graph.inputs()) &&
        same(teacher.outputs(), model_.graph.outputs()))
      return Unit{};
    return usage_error("the teacher takes or makes other shapes than the model",
                       "the student's outputs are compared with the teacher's",
                       "give a float network of the same inputs and outputs");
  }

  // Measures what a step made.
  Status add(const std::string &name, const ir::Graph &graph) {
    // Budgets are for the result.
    Step step{name, graph, score(school_, graph, school_.checking), {}};
    if (test_) step.test = score(school_, graph, *test_);
    step.macs = ops::macs(graph);
    const bool integer = cli::is_quantized(graph);
    const cli::Network network{
        {options_.model, model_.sha256, graph}, graph, {}, integer ? "int8" : "f32"};
    cli::PlanOptions plan = options_.plan;
    plan.ram = plan.flash = std::nullopt;
    TRY(const cli::Build build, cli::build_network(network, target_, plan));
    step.weight_bytes = build.emitted.weight_bytes;
    step.constant_bytes = build.emitted.constant_bytes;
    step.arena_bytes = build.plan.arena_bytes;
    steps_.push_back(std::move(step));
    return Unit{};
  }

  const ir::Graph &now() const { return steps_.back().graph; }
  int epochs() const { return options_.epochs.value_or(10); }

  Budgets budgets() const { return {options_.plan.flash, options_.plan.ram, options_.macs}; }

  // Before and after it has learned again.
  Status take_strides() {
    replaced_ = passes::pools_to_strides(now());
    TRY(const ir::Graph graph, passes::run_passes(now(), {"pool-to-stride"}));
    TRY_STATUS(add("strides for poolings", graph));
    Course course;
    course.name = "strides";
    course.epochs = epochs();
    course.rate = options_.rate;
    TRY(const ir::Graph learned, retrain(school_, graph, course));
    return add("  learned again", learned);
  }

  // Weights as they will be, in bytes: packed, with a bias, a multiplier and a shift a channel.
  std::int64_t coded_bytes(const ir::Graph &graph) const {
    const std::int64_t bits = options_.bits == "ternary" ? 2
                              : options_.bits.empty()    ? 8
                                                         : std::stoi(options_.bits);
    std::int64_t bytes = 0;
    for (const ir::ConstantId id : weights_of(graph)) {
      const ir::Constant &weight = graph.constant(id);
      bytes += (weight.elements() * bits + 7) / 8 + std::int64_t{7} * weight.dims[0];
    }
    return bytes;
  }

  Status leave_channels_out() {
    const auto needs = [this](const ir::Graph &graph) -> Result<Needs> {
      Needs all{coded_bytes(graph), 0, ops::macs(graph)};
      if (options_.plan.ram) {
        TRY(const ir::Graph integer, passes::quantize(graph, cli::random_samples(graph, 2)));
        TRY(const plan::Plan plan, plan::make_plan(integer, cli::planning_of(options_.plan)));
        all.arena = plan.arena_bytes;
      }
      return all;
    };
    TRY(const ir::Graph graph,
        slim(school_, now(), budgets(), needs, {4, std::max(1, epochs() / 4), options_.rate}));
    return add("fewer channels", graph);
  }

  // Weights at the levels, and zeros, learned together.
  Status lessen_bits() {
    Course course;
    course.name = "rounding";
    course.epochs = epochs();
    course.rate = options_.rate;
    if (!options_.bits.empty()) {
      TRY(const passes::Levels levels, passes::levels_of(options_.bits));
      for (const ir::ConstantId weight : weights_of(now())) course.levels[weight] = levels;
    }
    if (options_.sparsity > 0)
      for (const ir::ConstantId weight : weights_of(now()))
        course.sparsity[weight] = options_.sparsity;
    TRY(const ir::Graph graph, retrain(school_, now(), course));
    return add(fmt::format("{} bits, {:.0f} % zeros", options_.bits, 100 * options_.sparsity),
               graph);
  }

  Status write() {
    TRY(const std::string onnx, frontends::onnx::write_onnx(now()));
    return write_file(options_.output, onnx);
  }

  Json to_json() const {
    Json lines = Json::array();
    for (const Step &step : steps_) {
      Json line = {{"step", step.name},
                   {"accuracy", step.score.accuracy},
                   {"distance", step.score.distance},
                   {"weight_bytes", step.weight_bytes},
                   {"constant_bytes", step.constant_bytes},
                   {"arena_bytes", step.arena_bytes},
                   {"macs", step.macs}};
      if (test_) line["test_accuracy"] = step.test.accuracy;
      lines.push_back(std::move(line));
    }
    return {{"model", options_.model}, {"steps", lines}};
  }

  const ShrinkOptions &options_;
  const cli::Model model_;
  const targets::Target target_;
  School school_;
  std::optional<Examples> test_;
  std::vector<Step> steps_;
  std::vector<passes::PoolToStride> replaced_;
};

}  // namespace

Result<Json> shrink(const ShrinkOptions &options) {
  TRY(cli::Model model, cli::load_model(options.model, options.dims));
  TRY(const targets::Target target, targets::find_target(options.plan.target));
  train::start(options.seed);
  return Shrinker(options, std::move(model), target).run();
}

std::string to_text(const Json &result) {
  std::string text = fmt::format("{:<28} {:>9} {:>9} {:>9} {:>9} {:>9} {:>11}\n", "step",
                                 "accuracy", "distance", "weights", "constants", "arena", "MACs");
  for (const Json &step : result["steps"]) {
    text += fmt::format(
        "{:<28} {:>8.2f}% {:>9.4f} {:>9} {:>9} {:>9} {:>11}\n", step["step"].get<std::string>(),
        100 * step[step.contains("test_accuracy") ? "test_accuracy" : "accuracy"].get<double>(),
        step["distance"].get<double>(), step["weight_bytes"].get<std::int64_t>(),
        step["constant_bytes"].get<std::int64_t>(), step["arena_bytes"].get<std::int64_t>(),
        step["macs"].get<std::int64_t>());
  }
  return text;
}

}  // namespace thimble::recipes
