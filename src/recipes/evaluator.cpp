// The network that reads faces. It sees no drawing of a decoder while it learns, only distorted
// pictures, so its word about decoders is worth something.
#include "die/decoder.h"
#include "die/distort.h"
#include "die/networks.h"
#include "frontends/onnx/write_onnx.h"
#include "recipes/dice.h"
#include "recipes/train_die.h"
#include "support/files.h"
#include "train/fit.h"
#include "train/module.h"

namespace thimble::recipes {
namespace {

constexpr int kSide = 32;
constexpr int kCopies = 4;  // of the training pictures, each distorted in its own way

Dice distorted(die::DiePictures pictures, std::uint64_t seed) {
  die::distort_all(pictures, seed);
  return to_tensors(pictures);
}

struct Lines {
  torch::Tensor pixels, faces;
};

Lines many_distorted() {
  std::vector<torch::Tensor> pixels, faces;
  const die::DiePictures clean = training_pictures(kSide);
  for (int copy = 1; copy <= kCopies; ++copy) {
    const Dice dice = distorted(clean, copy);
    pixels.push_back(dice.pixels);
    faces.push_back(dice.faces);
  }
  return {torch::cat(pixels), torch::cat(faces)};
}

// [n, 6].
torch::Tensor read(const train::Module &network, const torch::Tensor &pixels) {
  return network.forward({pixels})[0].flatten(1);
}

double share_read(const train::Module &network, const Dice &dice) {
  const torch::NoGradGuard no_grad;
  const std::int64_t count = dice.faces.size(0), at_once = 256;
  std::int64_t right = 0;
  for (std::int64_t i = 0; i < count; i += at_once)
    right += (read(network, dice.pixels.slice(0, i, i + at_once)).argmax(1) ==
              dice.faces.slice(0, i, i + at_once))
                 .sum()
                 .item<std::int64_t>();
  return static_cast<double>(right) / static_cast<double>(count);
}

train::Fit fit_of(const TrainOptions &options, std::int64_t examples) {
  train::Fit fit;
  fit.label = "learning to read";
  fit.examples = examples;
  fit.epochs = options.config.epochs;
  fit.batch = options.config.batch;
  fit.checkpoint = options.directory / "evaluator.pt";
  fit.identity = "evaluator from seed " + std::to_string(options.seed);
  fit.resume = options.resume;
  return fit;
}

}  // namespace

Result<Json> train_evaluator(const TrainOptions &options) {
  std::filesystem::create_directories(options.directory);
  train::start(options.seed);
  TRY(train::Module network, train::Module::make(die::evaluator_graph(kSide)));
  network.initialise();
  const Lines lines = many_distorted();
  train::Player player{network.parameters(), options.config.rate, {}};
  player.loss = [&](const torch::Tensor &rows, double) {
    return torch::nll_loss(read(network, lines.pixels.index_select(0, rows)),
                           lines.faces.index_select(0, rows));
  };
  const train::Fit fit = fit_of(options, lines.faces.size(0));
  TRY([[maybe_unused]] const auto history, train::fit({player}, fit));
  const die::DiePictures tests = test_pictures(kSide);
  const Json json = {{"clean", share_read(network, to_tensors(tests))},
                     {"distorted", share_read(network, distorted(tests, kCopies + 1))}};
  TRY(const std::string onnx, frontends::onnx::write_onnx(network.graph()));
  TRY([[maybe_unused]] const Unit network_written,
      write_file(options.directory / "evaluator.onnx", onnx));
  TRY([[maybe_unused]] const Unit json_written,
      write_file(options.directory / "evaluator.json", json.dump(2) + "\n"));
  std::filesystem::remove(fit.checkpoint);
  return json;
}

}  // namespace thimble::recipes
