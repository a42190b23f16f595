// `thimble compile`: a model becomes NAME.h, NAME.c and a report in a directory. Nothing is written
// before everything is known to be right and to fit.
#include <fmt/core.h>

#include "api/build.h"
#include "api/front.h"
#include "cli/command.h"
#include "cli/console.h"
#include "cli/options.h"
#include "report/analysis.h"
#include "support/files.h"

namespace thimble::cli {

using namespace api;

namespace {

struct Options {
  ModelOptions model;
  PlanOptions plan;
  std::string output, memory;
  bool as_json = false;
};

Status write_files(const std::filesystem::path &folder, const Build &build,
                   const report::Analysis &analysis) {
  std::vector<codegen::File> files = build.emitted.files;
  const std::string &name = build.emitted.name;
  files.push_back({name + "_report.txt", report::to_text(analysis)});
  files.push_back({name + "_report.json", report::to_json(analysis).dump(2) + "\n"});
  for (const codegen::File &file : files) {
    TRY_STATUS(write_file(folder / file.name, file.text));
    print_log("wrote " + (folder / file.name).string());
  }
  return Unit{};
}

Status compile_model(Options options) {
  if (!options.memory.empty())
    return usage_error("--memory is not for compile", "generated C has one arena, in one memory",
                       "`thimble plan MODEL --memory " + options.memory +
                           "` says what would lie where, and the traffic");
  TRY(const targets::Target target, target_of(options.plan));
  TRY(Network network,
      prepare(load_network(options.model, target, Calibration::kRequired, print_diagnostics),
              options.plan));
  TRY(const Fitting fitting, cheapest_that_fits(network, options.plan));
  const PlanOptions &chosen = fitting.options;
  if (fitting.line)
    print_log(fmt::format("for --ram {}: {} ({:.3f} times the multiplications)", *options.plan.ram,
                          fitting.line->options, fitting.line->macs_ratio));
  if (chosen.strips != options.plan.strips) {
    TRY(network, prepare(std::move(network), chosen));
  }
  TRY(const Build build, build_network(network, target, chosen, print_diagnostics));
  const Diagnostics too_much = check_budget(network, target, build, chosen);
  if (!too_much.empty()) return too_much;
  const report::Analysis analysis = analysis_of(network, target, build, true);
  TRY_STATUS(write_files(options.output, build, analysis));
  options.as_json ? print_result(report::to_json(analysis))
                  : print_result(report::summary(analysis));
  return Unit{};
}

}  // namespace

Command compile_command(CLI::App &root) {
  CLI::App *app = root.add_subcommand("compile", "Turn a model into C, a header and a report");
  auto options = std::make_shared<Options>();
  add_model_options(*app, options->model);
  add_plan_options(*app, options->plan);
  app->add_option("-o,--output", options->output, "Directory for the files")->required();
  app->add_option("--memory", options->memory, "Not here: see plan");
  app->add_flag("--json", options->as_json, "The report as one JSON object");
  return {app, [=] { return compile_model(*options); }};
}

}  // namespace thimble::cli
