// `thimble export`: a model, in the numbers it will run in, as an ONNX file: for Netron,
// onnxruntime and training frameworks. int8 networks are written as QDQ.
#include "api/build.h"
#include "cli/command.h"
#include "cli/console.h"
#include "cli/options.h"
#include "frontends/onnx/write_onnx.h"
#include "support/files.h"

namespace thimble::cli {

using namespace api;

namespace {

struct Options {
  ModelOptions model;
  std::string output;
};

Status export_model(const Options &options) {
  TRY(const targets::Target target, targets::find_target("host"));
  TRY(const Network network,
      load_network(options.model, target, Calibration::kRequired, print_diagnostics));
  TRY(const std::string bytes, frontends::onnx::write_onnx(network.model.graph));
  TRY_STATUS(write_file(options.output, bytes));
  print_log("wrote " + options.output);
  return Unit{};
}

}  // namespace

Command export_command(App root) {
  App app = root.add_subcommand("export", "Write a network as ONNX (QDQ if int8)");
  auto options = std::make_shared<Options>();
  add_model_options(app, options->model);
  app->add_option("-o,--output", options->output, "An .onnx file")->required();
  return {app, [=] { return export_model(*options); }};
}

}  // namespace thimble::cli
