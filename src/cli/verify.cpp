// `thimble verify`: float against integer against C, said as text or JSON; exit code 4 when they
// differ.
#include <fmt/core.h>

#include "cli/command.h"
#include "cli/console.h"
#include "cli/options.h"
#include "cli/verification.h"

namespace thimble::cli {

using namespace api;

namespace {

Json to_json(const Verification &report) {
  Json json = {{"ok", report.ok},
               {"samples", report.samples},
               {"max_error_float", report.errors.max},
               {"mean_error_float", report.errors.mean},
               {"output_range", report.errors.range},
               {"first_difference", nullptr}};
  if (!report.first_difference.empty()) json["first_difference"] = report.first_difference;
  if (report.accuracy_float) {
    json["accuracy"] = {{"float", *report.accuracy_float}, {"int8", *report.accuracy_numbers}};
  }
  if (report.reference) json["max_error_reference"] = report.reference->max;
  for (const LayerError &layer : report.layers) {
    json["layers"].push_back({{"name", layer.name},
                              {"max_error", layer.errors.max},
                              {"mean_error", layer.errors.mean},
                              {"added_error", layer.added}});
  }
  if (const LayerError *most = largest_adder(report.layers)) json["adds_most"] = most->name;
  return json;
}

std::string to_text(const Verification &report, const VerifyOptions &options) {
  std::string text;
  for (const LayerError &layer : report.layers) {
    text +=
        fmt::format("  {:<32} mean error {:8.4f} %  largest {:8.4f} %  adds {:8.4f} %\n",
                    layer.name, 100 * layer.errors.mean, 100 * layer.errors.max, 100 * layer.added);
  }
  if (const LayerError *most = largest_adder(report.layers))
    text += "adds most        " + most->name + "\n";
  text += fmt::format("samples          {}\n", report.samples);
  text += fmt::format("{} against float: mean error {:.4f} %, largest {:.4f} % of the range\n",
                      report.numbers, 100 * report.errors.mean, 100 * report.errors.max);
  if (report.reference) {
    text +=
        fmt::format("float against y: largest error {:.2e} of the range\n", report.reference->max);
  }
  if (report.accuracy_float) {
    text +=
        fmt::format("accuracy         float {:.2f} %, {} {:.2f} %\n", 100 * *report.accuracy_float,
                    report.numbers, 100 * *report.accuracy_numbers);
  }
  const std::string where =
      "host" + (options.plan.target == "host" ? "" : " and " + options.plan.target);
  return text + (report.ok ? "ok: C on " + where + " gives what the evaluator gives\n" : "");
}

// What failed, for exit code 4.
Diagnostics failures(const Verification &report, const VerifyOptions &options) {
  Diagnostics errors;
  const auto add = [&](std::string what, std::string why) {
    Diagnostic error = model_error(std::move(what), std::move(why));
    error.error_class = ErrorClass::kVerify;
    error.file = options.model.model;
    errors.push_back(std::move(error));
  };
  if (!report.first_difference.empty()) {
    add("C on " + report.differing_reading + " differs from the evaluator",
        "first different layer: " + report.first_difference);
  } else if (!report.ok) {
    add("the mean error exceeds the tolerance",
        fmt::format("{:.5f} of the range, {:.5f} allowed", report.errors.mean, *options.tolerance));
  }
  return errors;
}

Status verify_model(const VerifyOptions &options) {
  TRY(const Verification report, verify_network(options));
  options.as_json ? print_result(to_json(report)) : print_result(to_text(report, options));
  if (Diagnostics errors = failures(report, options); !errors.empty()) return errors;
  return Unit{};
}

}  // namespace

Command verify_command(App root) {
  App app = root.add_subcommand("verify", "Float against integer against C, bit by bit");
  auto options = std::make_shared<VerifyOptions>();
  add_model_options(app, options->model);
  add_plan_options(app, options->plan);
  app->add_option("--data", options->data, "X.npz with x (or x0, x1, ...) and, if any, labels y")
      ->required();
  app->add_flag("--per-layer", options->per_layer, "The error after each layer");
  app->add_option("--tolerance", options->tolerance, "Largest mean error, as a share of the range");
  app->add_flag("--json", options->as_json, "As one JSON object");
  return {app, [=] { return verify_model(*options); }};
}

}  // namespace thimble::cli
