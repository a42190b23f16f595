// What every way to train a decoder is given and gives.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "ir/graph.h"
#include "recipes/config.h"
#include "recipes/dice.h"
#include "support/diagnostic.h"
#include "train/fit.h"
#include "train/module.h"

namespace thimble::recipes {

struct Lesson {
  const DieConfig &config;
  std::uint64_t seed;
  const Dice &dice;                 // to learn from
  std::filesystem::path directory;  // of checkpoints
  bool resume = false;
};

// A stage of a lesson: its share of the epochs, with a checkpoint of its own.
train::Fit stage(const Lesson &lesson, const std::string &name, double share);

// A decoder of the lesson's shape with new weights, and those of its parameters that may change:
// the fully connected layer has no bias.
struct Pupil {
  train::Module module;
  std::vector<torch::Tensor> parameters;
};
Result<Pupil> new_decoder(const Lesson &lesson);

// [n, side, side, 1] of latents and one-hot codes, [n, 1, 1, 1] and [n, 1, 1, 6].
torch::Tensor decode(const train::Module &decoder, const torch::Tensor &latents,
                     const torch::Tensor &one_hot, const train::Lens &lens = {});

// Three ways to a decoder, a file each.
Result<ir::Graph> train_cvae(const Lesson &lesson);
Result<ir::Graph> train_by_angle(const Lesson &lesson);
Result<ir::Graph> train_gan(const Lesson &lesson);

// Trains a decoder with a latent for each picture of the lesson ([n, 1, 1, 1]), with 8 bits in the
// loop from `quantized_from` (0 to 1) of the stage on. The last epoch's mean squared error.
Result<double> learn_to_draw(const Lesson &lesson, const Pupil &decoder,
                             const torch::Tensor &latents, const train::Fit &stage,
                             double quantized_from);

// Small networks depend on where they begin: of several beginnings, each trained for a short stage,
// the one with the least loss. `make` gives a new learner, `learn` its last loss.
inline constexpr double kBeginning = 0.05;  // share of the epochs, each
template <class Learner>
Result<Learner> best_beginning(
    const Lesson &lesson, const std::function<Result<Learner>()> &make,
    const std::function<Result<double>(const Learner &, const train::Fit &)> &learn) {
  std::optional<Learner> best;
  double least = 0;
  for (int i = 1; i <= lesson.config.restarts; ++i) {
    TRY(Learner learner, make());
    TRY(const double loss,
        learn(learner, stage(lesson, "beginning-" + std::to_string(i), kBeginning)));
    if (best && loss >= least) continue;
    best = std::move(learner);
    least = loss;
  }
  return *std::move(best);
}

}  // namespace thimble::recipes
