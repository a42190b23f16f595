// What every way to train a decoder is given and gives.
#pragma once

#include <filesystem>
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

// A decoder with new weights, and those of its parameters that may change: the fully connected
// layer has no bias.
struct Pupil {
  train::Module module;
  std::vector<torch::Tensor> parameters;
};
Result<Pupil> new_decoder(const die::DecoderShape &shape);

// [n, side, side, 1] of latents and one-hot codes, [n, 1, 1, 1] and [n, 1, 1, 6].
torch::Tensor decode(const train::Module &decoder, const torch::Tensor &latents,
                     const torch::Tensor &one_hot, const train::Lens &lens = {});

// Three ways to a decoder, a file each.
Result<ir::Graph> train_cvae(const Lesson &lesson);
Result<ir::Graph> train_by_angle(const Lesson &lesson);
Result<ir::Graph> train_gan(const Lesson &lesson);

// A decoder that draws each picture of the lesson for its latent ([n, 1, 1, 1]), the last of the
// epochs with 8 bits in the loop. Small networks depend on where they begin: of several beginnings,
// each trained for a short stage, the one with the least loss is gone on with.
Result<ir::Graph> draw_by_latents(const Lesson &lesson, const torch::Tensor &latents);

}  // namespace thimble::recipes
