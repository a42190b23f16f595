// `thimble opt`: chosen passes over a model, the text IR out. The one door for tests, fuzzing and
// the reduction of bugs.
#include "api/load.h"
#include "cli/command.h"
#include "cli/console.h"
#include "ir/text.h"
#include "passes/pipeline.h"
#include "support/files.h"

namespace thimble::cli {

using namespace api;

namespace {

struct Options {
  std::string model, output;
  std::vector<std::string> passes, dims;
  bool elide = false;
};

Status optimize(const Options &options) {
  TRY(Model model, import_model(options.model, options.dims, print_diagnostics));
  TRY(const ir::Graph graph,
      with_warnings_printed(passes::run_passes(std::move(model.graph), options.passes)));
  const std::string text =
      ir::print(graph, options.elide ? ir::Weights::kElided : ir::Weights::kFull);
  if (!options.output.empty()) return write_file(options.output, text);
  print_result(text);
  return Unit{};
}

}  // namespace

Command opt_command(App root) {
  App app = root.add_subcommand("opt", "Run passes, print the text IR");
  auto options = std::make_shared<Options>();
  app->add_option("MODEL", options->model, "A .pt2, .onnx, .tflite or .thm file")->required();
  app->add_option("--passes", options->passes, "Names of `thimble passes`, in this order")
      ->delimiter(',');
  app->add_option("--dim", options->dims, "NAME=N: size of a symbolic dimension")
      ->allow_extra_args(false);
  app->add_option("-o,--output", options->output, "A .thm file; default: printed");
  app->add_flag("--elide", options->elide, "Leave the weights out: for reading only");
  return {app, [=] { return optimize(*options); }};
}

}  // namespace thimble::cli
