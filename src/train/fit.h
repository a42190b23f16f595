// The loop that trains: shuffled batches, Adam, a schedule, checkpoints. What is learned and from
// what is its caller's: a player has parameters and a loss, and several play in turn (the two of a
// GAN).
#pragma once

#include <torch/torch.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "support/diagnostic.h"
#include "train/schedule.h"

namespace thimble::train {

struct Player {
  std::vector<torch::Tensor> parameters;
  double rate = 1e-3;  // of Adam, at the schedule's peak
  // What is to become small, a scalar: of the examples `rows` (int64 indices), at `progress` from 0
  // to 1 of the training. Random numbers come from torch's own generator, which checkpoints hold.
  std::function<torch::Tensor(const torch::Tensor &rows, double progress)> loss;
};

struct Fit {
  std::string label = "training";  // of the progress bar
  std::int64_t examples = 0;
  int epochs = 1, batch = 64;
  Schedule schedule = Schedule::kOneCycle;
  // Written after each epoch, and the losses so far beside it (.csv); removed at the end by the
  // caller; empty: none.
  std::filesystem::path checkpoint;
  // What is being trained, in words: a checkpoint of something else is not continued.
  std::string identity;
  bool resume = false;  // from the checkpoint, where there is one
};

// Trains the parameters in place. Returns each epoch's mean loss, a player a column. A training
// that was killed and resumed gives the same bits as one that was not. Errors: a checkpoint that
// cannot be read or belongs to another training (kUsage), one that cannot be written; a loss that
// is no number (kVerify).
Result<std::vector<std::vector<double>>> fit(const std::vector<Player> &players,
                                             const Fit &options);

// One thread, and the seed of every random number that follows. Several trainings at a time are
// several processes: threads that share processors with them lose more than they gain.
void start(std::uint64_t seed);

}  // namespace thimble::train
