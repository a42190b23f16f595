// A training that is under way, as a file: parameters, what Adam remembers, the state of the random
// numbers, the losses so far.
#pragma once

#include <torch/torch.h>

#include <filesystem>
#include <string>
#include <vector>

#include "support/diagnostic.h"
#include "train/fit.h"

namespace thimble::train {

struct Checkpoint {
  std::string identity;                      // see Fit
  std::vector<std::vector<double>> history;  // a finished epoch each
  const std::vector<Player> &players;
  std::vector<torch::optim::Adam> &optimizers;  // one a player
};

// To a temporary name, then renamed. Errors: the file cannot be written.
Status write_checkpoint(const std::filesystem::path &path, const Checkpoint &checkpoint);

// Into the players' parameters, the optimizers, torch's generator and the history. Errors (kUsage):
// the file is no checkpoint, or that of another training.
Status read_checkpoint(const std::filesystem::path &path, Checkpoint &checkpoint);

}  // namespace thimble::train
