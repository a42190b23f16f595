// `thimble sweep die`: many sizes of the die's decoder, trained, measured and compared.
#include "sweep/sweep.h"

#include <fmt/format.h>

#include "cli/command.h"
#include "cli/console.h"

namespace thimble::cli {
namespace {

struct Options {
  std::string configs, output, engine = "local", trainer;
  std::optional<int> epochs, seeds;
  int jobs = 0;
  bool resume = false, as_json = false;
};

// This very program, wherever it is installed; `--trainer` is for tests.
Result<std::vector<std::string>> trainer_of(const Options &options) {
  if (!options.trainer.empty()) {
    return std::vector<std::string>{std::filesystem::absolute(options.trainer).string()};
  }
  std::error_code code;
  const auto self = std::filesystem::read_symlink("/proc/self/exe", code);
  if (code) return usage_error("cannot tell where thimble is installed", code.message());
  return std::vector<std::string>{self.string(), "train", "die"};
}

void print_report(const sweep::Report &report, const Options &options) {
  if (options.as_json) return print_result(sweep::to_json(report.rows));
  print_result(sweep::to_markdown(report.rows));
  for (const std::string &file : report.files) {
    print_log("wrote " + (std::filesystem::path(options.output) / file).string());
  }
}

Status sweep_die(const Options &options) {
  sweep::Options sweep;
  TRY(sweep.runs, sweep::read_runs(options.configs, {options.epochs, options.seeds}));
  TRY(sweep.trainer, trainer_of(options));
  sweep.directory = options.output;
  sweep.resume = options.resume;
  sweep.jobs = options.jobs;
  sweep.engine = sweep::find_engine(options.engine);
  TRY(const sweep::Report report, sweep::run_sweep(sweep, print_log));
  print_report(report, options);
  if (!report.failures.empty()) return report.failures;
  return Unit{};
}

std::vector<std::string> engine_names() {
  std::vector<std::string> names;
  for (const sweep::Engine &engine : sweep::engines()) names.emplace_back(engine.name);
  return names;
}

std::string engine_help() {
  std::string text;
  for (const sweep::Engine &engine : sweep::engines()) {
    text += fmt::format("{}{}: {}", text.empty() ? "" : "; ", engine.name, engine.summary);
  }
  return text;
}

}  // namespace

Command sweep_command(App root) {
  App app = root.add_subcommand("sweep", "Train many sizes, show what each gives and costs");
  app->require_subcommand(1);
  App die = app->add_subcommand("die", "Decoders of the electronic die");
  auto options = std::make_shared<Options>();
  die->add_option("--configs", options->configs,
                  "JSON list of networks and seeds; default: the shipped models/die/sweep.json");
  die->add_option("-o,--output", options->output,
                  "Directory: one of its own for each run, sweep.json, sweep.md, pictures")
      ->required();
  die->add_flag("--resume", options->resume,
                "Go on in a directory that holds runs: finished ones stay");
  die->add_option("--engine", options->engine, engine_help())->check(one_of(engine_names()));
  die->add_option("--jobs", options->jobs,
                  "Runs at a time; default: one a processor, of a cluster all")
      ->check(between(1, 100000));
  die->add_option("--epochs", options->epochs, "Instead of the list's")->check(between(1, 1000000));
  die->add_option("--seeds", options->seeds, "Seeds 1 to N instead of the list's")
      ->check(between(1, 1000));
  die->add_flag("--json", options->as_json, "sweep.json on stdout");
  die->add_option("--trainer", options->trainer)->hide();  // a program for tests
  return {app, [=] { return sweep_die(*options); }};
}

}  // namespace thimble::cli
