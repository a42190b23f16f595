#include "recipes/train_digits.h"

#include "api/load.h"
#include "cli/console.h"
#include "frontends/onnx/write_onnx.h"
#include "ir/text.h"
#include "ops/operator.h"
#include "recipes/mnist.h"
#include "recipes/retrain.h"
#include "support/files.h"
#include "train/fit.h"
#include "train/module.h"

namespace thimble::recipes {

std::string_view shipped_networks(std::string_view file_name);  // generated: models/mnist

namespace {

constexpr double kRate = 3e-3;

Result<ir::Graph> network_of(const DigitOptions &options) {
  if (!options.network.empty()) {
    TRY(api::Model model, api::load_model(options.network, {}, cli::print_diagnostics));
    return std::move(model.graph);
  }
  const std::string file = options.name + ".thm";
  return ir::parse(shipped_networks(file), file);
}

}  // namespace

Result<Json> train_digits(const DigitOptions &options) {
  train::start(options.seed);
  TRY(const ir::Graph drawn, network_of(options));
  TRY(train::Module beginning, train::Module::make(drawn));
  beginning.initialise();
  TRY(const std::filesystem::path folder, digits_folder(options.data));
  School school;
  TRY(school.training, read_examples(drawn, folder.string(), "train"));
  TRY(const Examples unseen, read_examples(drawn, folder.string(), "t10k"));
  std::filesystem::create_directories(options.output);
  school.distorts = true;
  school.directory = options.output;
  Course course;
  course.name = "learning to read";
  course.epochs = options.epochs;
  course.rate = kRate;
  TRY(const ir::Graph network, retrain(school, beginning.graph(), course));
  const Json json = {{"parameters", ops::parameter_count(network)},
                     {"macs", ops::macs(network)},
                     {"epochs", options.epochs},
                     {"seed", options.seed},
                     {"accuracy", score(school, network, unseen).accuracy}};
  TRY(const std::string onnx, frontends::onnx::write_onnx(network));
  TRY([[maybe_unused]] const Unit network_written,
      write_file(options.output / "network.onnx", onnx));
  TRY([[maybe_unused]] const Unit run_written,
      write_file(options.output / "run.json", json.dump(2) + "\n"));
  return json;
}

}  // namespace thimble::recipes
