// One step after the other; behind each, a line: accuracy or distance, flash, RAM, work.
#include "recipes/shrink.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>

#include "api/load.h"
#include "cli/command.h"
#include "cli/console.h"
#include "frontends/onnx/write_onnx.h"
#include "passes/pipeline.h"
#include "passes/pool_to_stride.h"
#include "passes/quantize.h"
#include "recipes/retrain.h"
#include "recipes/slim.h"
#include "recipes/sparsity.h"
#include "report/shrink_steps.h"
#include "support/files.h"
#include "train/fit.h"
#include "train/module.h"
#include "train/quantizer.h"
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
  std::optional<emulate::RunResult> run;  // where there is an emulator, and it fits
};

class Shrinker {
 public:
  Shrinker(const ShrinkOptions &options, api::Model model, targets::Target target)
      : options_(options), model_(std::move(model)), target_(std::move(target)) {}

  Result<Json> run() {
    TRY_STATUS(check());
    TRY_STATUS(read_data());
    TRY_STATUS(add("as given", model_.graph));
    if (options_.pool_to_stride) TRY_STATUS(take_strides());
    if (budgets().any()) TRY_STATUS(fit());
    if (!draft().bits.empty() || options_.sparsity > 0) TRY_STATUS(round());
    TRY_STATUS(write());
    return to_json();
  }
  // What the result needs too much of.
  Diagnostics excess() const {
    const Step &last = steps_.back();
    const api::Network network = network_of(last.graph);
    if (last.run) return api::check_bill(network, target_, last.run->bill, options_.plan);
    TRY(const api::Build build,
        api::build_network(network, target_, options_.plan, cli::print_diagnostics));
    return api::check_budget(network, target_, build, options_.plan);
  }

 private:
  // What would be found out after hours.
  Status check() const {
    if (!first_bits().empty())
      if (Diagnostics errors = train::not_quantizable(model_.graph); !errors.empty()) return errors;
    TRY([[maybe_unused]] const train::Module module, train::Module::make(model_.graph));
    const std::filesystem::path trial = options_.output + ".trial";
    TRY_STATUS(write_file(trial, std::string_view()));
    std::filesystem::remove(trial);
    return Unit{};
  }

  // A twelfth of the data checks, the rest is learned from.
  Status read_data() {
    TRY(const Examples all, read_examples(model_.graph, options_.data, "train"));
    const std::int64_t count = all.count(), checked = std::min(kMostChecked, (count + 11) / 12);
    if (count < 2)
      return usage_error("one sample is too few", "most samples are learned from, the others check",
                         "give more samples with --data");
    school_.teacher = model_.graph;
    school_.training = all.slice(0, count - checked);
    school_.checking = all.slice(count - checked, count);
    if (!options_.teacher.empty()) {
      TRY(api::Model teacher,
          api::load_model(options_.teacher, options_.dims, cli::print_diagnostics));
      TRY_STATUS(check_teacher(teacher.graph));
      school_.teacher = std::move(teacher.graph);
    }
    school_.distorts = options_.distort;
    school_.draws = options_.data.starts_with("random:");
    school_.batch = options_.batch;
    const bool folder = std::filesystem::is_directory(options_.data);
    const std::string test = options_.test.empty() && folder ? options_.data : options_.test;
    if (test.empty()) return Unit{};
    TRY(test_, read_examples(model_.graph, test, "t10k"));
    return Unit{};
  }

  Status check_teacher(const ir::Graph &teacher) const {
    TRY([[maybe_unused]] const train::Module module, train::Module::make(teacher));
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

  api::Network network_of(const ir::Graph &graph) const {
    const bool integer = api::is_quantized(graph);
    return {{options_.model, model_.sha256, graph}, graph, {}, integer ? "int8" : "f32"};
  }

  // Nothing: no emulator, no tools, or it does not fit.
  std::optional<emulate::RunResult> measure(const ir::Graph &graph, const api::Build &build) const {
    if (target_.emulator == "native") return std::nullopt;
    const auto sample = api::to_input_types(graph, api::random_samples(model_.graph, 1));
    auto run = emulate::build_and_run(build.emitted, target_, api::to_raw(sample));
    return run ? std::optional(*run) : std::nullopt;
  }

  // Measures what a step made.
  Status add(const std::string &name, const ir::Graph &graph) {
    Step step;
    step.name = name;
    step.graph = graph;
    step.score = score(school_, graph, school_.checking);
    if (test_) step.test = score(school_, graph, *test_);
    step.macs = ops::macs(graph);
    TRY(const api::Build build,
        api::build_network(network_of(graph), target_, options_.plan, cli::print_diagnostics));
    step.weight_bytes = build.emitted.weight_bytes;
    step.constant_bytes = build.emitted.constant_bytes;
    step.arena_bytes = build.plan.arena_bytes;
    step.run = measure(graph, build);
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

  // The network as it is now, with the bits that are asked for, or to begin a search with.
  Draft draft() const {
    if (!draft_.graph.nodes().empty()) return draft_;
    const std::string bits = first_bits();
    if (bits.empty()) return {now(), {}};
    return {now(), std::vector(weights_of(now()).size(), bits)};
  }
  std::string first_bits() const {
    return options_.bits.empty() && options_.plan.flash ? "8" : options_.bits;
  }

  // What is told before anything is built: weights in their codes, with a bias, a multiplier and a
  // shift a channel.
  Result<Needs> estimate(const Draft &draft) const {
    Needs needs{0, 0, ops::macs(draft.graph)};
    const auto levels = levels_of(draft);
    for (const ir::ConstantId id : weights_of(draft.graph)) {
      const ir::Constant &weight = draft.graph.constant(id);
      needs.bytes += int64_t{7} * weight.dims[0];
      if (levels.contains(id)) needs.bytes += passes::packed_bytes(weight, levels.at(id));
    }
    if (!options_.plan.ram) return needs;
    TRY(const ir::Graph integer,
        passes::quantize(draft.graph, api::random_samples(draft.graph, 2)));
    TRY(const plan::Plan plan, plan::make_plan(integer, api::planning_of(options_.plan)));
    needs.arena = plan.arena_bytes;
    return needs;
  }

  // What a build of it has, without having learned, and the estimate does not: code, statics,
  // stack, other constants. The program's are those of a network of fewer bits, where this one does
  // not fit.
  Result<Needs> unseen(Draft draft) const {
    if (draft.bits.empty()) return Needs{};
    for (const char *fewer : {"4", "1"}) {
      TRY(const ir::Graph graph, rounded(school_, draft.graph, levels_of(draft)));
      TRY(const api::Build build,
          api::build_network(network_of(graph), target_, options_.plan, cli::print_diagnostics));
      TRY(const Needs seen, estimate(draft));
      const auto run = measure(graph, build);
      if (run)
        return Needs{run->bill.flash_total - seen.bytes, run->bill.ram_total - run->bill.ram_arena,
                     0};
      if (target_.emulator == "native")
        return Needs{build.emitted.weight_bytes + build.emitted.constant_bytes - seen.bytes, 0, 0};
      std::fill(draft.bits.begin(), draft.bits.end(), fewer);
    }
    return Needs{};
  }

  // Again where the program turns out to be larger than was seen before.
  Status fit() {
    Pace pace{4, std::max(1, epochs() / 4), options_.rate};
    pace.fewer_bits = options_.bits.empty() && options_.plan.flash;
    draft_ = draft();
    for (int tries = 0; tries < 3; ++tries) {
      TRY(const Needs beside, unseen(draft_));
      const auto needs = [&](const Draft &draft) -> Result<Needs> {
        TRY(Needs all, estimate(draft));
        all.bytes += beside.bytes;
        all.arena += beside.arena;
        return all;
      };
      TRY(const Needs now, needs(draft_));
      if (excess_of(now, budgets()) == 0) break;
      TRY(draft_, slim(school_, draft_, budgets(), needs, pace));
    }
    return add("fewer channels", draft_.graph);
  }

  // Where a multiplication costs more than a shift.
  bool by_shifts() const {
    if (options_.scales != "auto") return options_.scales == "pow2";
    return targets::has_word(target_.inner_loops, "avr_no_mul");
  }

  // Weights at the levels, and zeros, learned together.
  Status round() {
    const Draft now = draft();
    Rounding rounding{levels_of(now)};
    if (options_.sparsity > 0) {
      TRY(const Examiner examiner, Examiner::make(school_));
      TRY_STATUS(share_zeros(examiner, now.graph, options_.sparsity, rounding));
    }
    Course course;
    course.name = "rounding";
    course.epochs = epochs();
    course.rate = options_.rate;
    course.rounding = rounding;
    course.by_shifts = by_shifts();
    TRY(const ir::Graph graph, retrain(school_, now.graph, course));
    return add(words_of(now.bits), graph);
  }

  // "4 bits", "8 4 4 bits, 50 % zeros".
  std::string words_of(const std::vector<std::string> &bits) const {
    std::vector<std::string> words;
    const bool equal = std::equal(bits.begin() + !bits.empty(), bits.end(), bits.begin());
    if (!bits.empty())
      words.push_back(
          fmt::format("{} bits", equal ? bits[0] : fmt::to_string(fmt::join(bits, " "))));
    if (options_.sparsity > 0)
      words.push_back(fmt::format("{:.0f} % zeros", 100 * options_.sparsity));
    return fmt::to_string(fmt::join(words, ", "));
  }

  Status write() {
    TRY(const std::string onnx, frontends::onnx::write_onnx(now()));
    TRY_STATUS(write_file(options_.output, onnx));
    return write_file(report::shrink_steps_path(options_.output), to_json().dump(2) + "\n");
  }

  Json to_json(const Step &step) const {
    Json line = {{"step", step.name},
                 {"accuracy", step.score.accuracy},
                 {"distance", step.score.distance},
                 {"weight_bytes", step.weight_bytes},
                 {"constant_bytes", step.constant_bytes},
                 {"arena_bytes", step.arena_bytes},
                 {"macs", step.macs}};
    if (test_) line["test_accuracy"] = step.test.accuracy;
    if (!step.run) return line;
    line["flash_total"] = step.run->bill.flash_total;
    line["ram_total"] = step.run->bill.ram_total;
    line[target_.count_unit] = step.run->count_per_run;
    return line;
  }

  Json to_json() const {
    Json lines = Json::array(), strides = Json::array();
    for (const Step &step : steps_) lines.push_back(to_json(step));
    for (const passes::PoolToStride &pool : replaced_) {
      const ir::Shape &input = pool.input_for_macs;
      strides.push_back({{"pool", pool.pool},
                         {"convolution", pool.convolution},
                         {"buffer_bytes", pool.buffer_bytes},
                         {"macs_before", pool.macs_before},
                         {"macs_after", pool.macs_after},
                         {"channels_for_macs", pool.channels_for_macs},
                         {"input_for_macs", {input.rows, input.cols, input.channels}}});
    }
    Json json = {{"model", options_.model},
                 {"target", target_.name},
                 {"labelled", school_.training.labelled()},
                 {"steps", lines}};
    if (!strides.empty()) json["strides"] = strides;
    return json;
  }

  const ShrinkOptions &options_;
  const api::Model model_;
  const targets::Target target_;
  School school_;
  std::optional<Examples> test_;
  std::vector<Step> steps_;
  std::vector<passes::PoolToStride> replaced_;
  Draft draft_;  // once it fits
};

}  // namespace

Result<Json> shrink(ShrinkOptions options) {
  TRY(const targets::Target target, api::target_of(options.plan));
  if (!options.bits.empty()) TRY_STATUS(passes::levels_of(options.bits));
  TRY(api::Model model, api::load_model(options.model, options.dims, cli::print_diagnostics));
  train::start(options.seed);
  Shrinker shrinker(options, std::move(model), target);
  TRY(const Json result, shrinker.run());
  if (const Diagnostics excess = shrinker.excess(); !excess.empty()) {
    cli::print_result(to_text(result));
    return excess;
  }
  return result;
}

namespace {

std::string text_of_strides(const Json &strides) {
  std::string text;
  for (const Json &pool : strides)
    text += fmt::format(
        "{} is a stride of {} now: a buffer of {} B is gone, of its {} MACs {} are left.\n"
        "For as many MACs as before: {} channels of it, or an input of {}.\n",
        pool["pool"].get<std::string>(), pool["convolution"].get<std::string>(),
        pool["buffer_bytes"].get<std::int64_t>(), pool["macs_before"].get<std::int64_t>(),
        pool["macs_after"].get<std::int64_t>(), pool["channels_for_macs"].get<int>(),
        fmt::join(pool["input_for_macs"].get<std::vector<int>>(), "x"));
  return text;
}

}  // namespace

std::string to_text(const Json &result) {
  const bool measured = result["steps"].back().contains("flash_total");
  const bool labelled = result["labelled"];
  std::string text = fmt::format("{:<26} {:>9} {:>9} {:>9} {:>9} {:>9} {:>11}", "step",
                                 labelled ? "accuracy" : "agrees", "distance", "weights",
                                 "constants", "arena", "MACs");
  if (measured) text += fmt::format(" {:>9} {:>9}", "flash", "RAM");
  text += "\n";
  for (const Json &step : result["steps"]) {
    text += fmt::format(
        "{:<26} {:>8.2f}% {:>9.4f} {:>9} {:>9} {:>9} {:>11}", step["step"].get<std::string>(),
        100 * step[step.contains("test_accuracy") ? "test_accuracy" : "accuracy"].get<double>(),
        step["distance"].get<double>(), step["weight_bytes"].get<std::int64_t>(),
        step["constant_bytes"].get<std::int64_t>(), step["arena_bytes"].get<std::int64_t>(),
        step["macs"].get<std::int64_t>());
    if (step.contains("flash_total"))
      text += fmt::format(" {:>9} {:>9}", step["flash_total"].get<std::int64_t>(),
                          step["ram_total"].get<std::int64_t>());
    text += "\n";
  }
  return text + (result.contains("strides") ? text_of_strides(result["strides"]) : "");
}

}  // namespace thimble::recipes
