// `thimble compile`: a model becomes NAME.h, NAME.c and a report in a directory, or a package of
// them for a build system (--export). Nothing is written before everything is known to be right and
// to fit.
#include <fmt/format.h>

#include "api/build.h"
#include "api/front.h"
#include "cli/annotate.h"
#include "cli/command.h"
#include "cli/console.h"
#include "cli/options.h"
#include "packages/package.h"
#include "packages/write.h"
#include "report/analysis.h"
#include "report/numbers.h"
#include "support/files.h"

namespace thimble::cli {

using namespace api;

namespace {

struct Options {
  ModelOptions model;
  PlanOptions plan;
  std::string output, memory, package = "c";
  bool as_json = false, annotate = false;
};

Status write_files(const std::filesystem::path &folder, const std::vector<codegen::File> &files) {
  TRY_STATUS(packages::write(folder, files));
  for (const codegen::File &file : files) print_log("wrote " + (folder / file.name).string());
  return Unit{};
}

// Reports of packages are in a folder that build systems, Arduino's too, leave alone.
Status write_package(const Options &options, const packages::Kind &kind,
                     const targets::Target &target, const Build &build,
                     const report::Analysis &analysis, const std::string &annotated) {
  std::vector<codegen::File> files = kind.of_network({build.emitted, target});
  const std::string reports = (kind.name == "c" ? "" : "extras/") + build.emitted.name;
  for (codegen::File &file : report_files(analysis, reports)) files.push_back(std::move(file));
  if (!annotated.empty()) files.push_back({reports + "_annotated.onnx", annotated});
  return write_files(options.output, files);
}

Status check_plan_budget(const Options &options, const packages::Planned &planned) {
  if (!options.plan.ram || planned.arena_bytes <= *options.plan.ram) return Unit{};
  Diagnostic error = budget_error(
      "its tensors need " + report::grouped(planned.arena_bytes) + " bytes, --ram is " +
          report::grouped(*options.plan.ram),
      "TensorFlow Lite Micro keeps whole tensors, and these are alive together",
      "--export c: Thimble keeps rows of them (`thimble analyze` says how many bytes)");
  error.file = options.model.model;
  return error;
}

// Without C, and without passes: the operators stay the file's.
Status plan_file(const Options &options, const packages::Kind &kind) {
  const std::filesystem::path path = options.model.model;
  if (path.extension() != ".tflite")
    return usage_error(
        "--export " + std::string(kind.name) + " needs a .tflite file",
        "it writes offsets into a copy of one, and '" + path.filename().string() + "' is none",
        "--export c, or convert the model to TensorFlow Lite first");
  TRY(const std::string name, symbol_name(options.plan.name, options.model.model));
  TRY(const Bytes model, read_file(path));
  auto planned = kind.of_file(model, name);
  if (!planned.ok()) {
    Diagnostics errors = planned.diagnostics();
    for (Diagnostic &error : errors) error.file = options.model.model;
    return errors;
  }
  TRY_STATUS(check_plan_budget(options, *planned));
  TRY_STATUS(write_files(options.output, planned->files));
  options.as_json
      ? print_result(Json{{"model", path.filename().string()},
                          {"tensors", planned->tensor_count},
                          {"arena",
                           {{"bytes", planned->arena_bytes},
                            {"lower_bound", planned->lower_bound},
                            {"placement_proven", planned->proven}}}})
      : print_result(fmt::format("{} tensors in {} B of arena ({})\n", planned->tensor_count,
                                 report::grouped(planned->arena_bytes),
                                 planned->proven ? "proven least" : "not proven least"));
  return Unit{};
}

Status compile_model(Options options) {
  if (!options.memory.empty())
    return usage_error("--memory is not for compile", "generated C has one arena, in one memory",
                       "`thimble plan MODEL --memory " + options.memory +
                           "` says what would lie where, and the traffic");
  if (options.annotate && !options.model.model.ends_with(".onnx"))
    return usage_error("--annotate is for .onnx files", "what it writes is a copy of the model",
                       "export the network as ONNX; `thimble report` has the same for all models");
  const packages::Kind &kind = *packages::find_kind(options.package);
  if (kind.of_file) return plan_file(options, kind);
  if (kind.name != "c") {
    TRY(const std::string name, symbol_name(options.plan.name, options.model.model));
    TRY_STATUS(packages::check_name(name));
  }
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
  std::string annotated;
  if (options.annotate) {
    TRY(annotated, annotated_model(options.model.model, network, build, analysis));
  }
  TRY_STATUS(write_package(options, kind, target, build, analysis, annotated));
  options.as_json ? print_result(report::to_json(analysis))
                  : print_result(report::summary(analysis));
  return Unit{};
}

std::vector<std::string> package_names() {
  std::vector<std::string> names;
  for (const packages::Kind &kind : packages::all_kinds()) names.emplace_back(kind.name);
  return names;
}

std::string package_help() {
  std::string text = "As a package:";
  for (const packages::Kind &kind : packages::all_kinds())
    text += fmt::format("{} {}: {}", text.back() == ':' ? "" : ";", kind.name, kind.what);
  return text + " (docs/exports.md)";
}

}  // namespace

Command compile_command(App root) {
  App app = root.add_subcommand("compile", "Turn a model into C, a header and a report");
  auto options = std::make_shared<Options>();
  add_model_options(app, options->model);
  add_plan_options(app, options->plan);
  app->add_option("-o,--output", options->output, "Directory for the files")->required();
  app->add_option("--export", options->package, package_help())->check(one_of(package_names()));
  app->add_flag("--annotate", options->annotate,
                "Also NAME_annotated.onnx: a copy of the ONNX file whose tensors say their bytes "
                "and steps, for viewers such as Netron");
  app->add_option("--memory", options->memory, "Not here: see plan");
  app->add_flag("--json", options->as_json, "The report as one JSON object");
  return {app, [=] { return compile_model(*options); }};
}

}  // namespace thimble::cli
