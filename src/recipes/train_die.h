// A network of the die from its pictures to files: trained, judged, drawn.
#pragma once

#include <cstdint>
#include <filesystem>

#include "recipes/config.h"
#include "recipes/judge.h"
#include "support/diagnostic.h"
#include "support/json.h"

namespace thimble::recipes {

struct TrainOptions {
  DieConfig config;
  std::uint64_t seed = 1;
  std::filesystem::path directory = "die_trained";
  bool resume = false;
};

// Leaves in the directory: decoder.onnx (float), samples.png (a row a face) and, last, run.json:
// the config, the verdict, parameters, seconds of processor time. Checkpoints are removed. Returns
// what run.json holds. Errors: as train::fit and judge; files that cannot be written.
Result<Json> train_die(const TrainOptions &options);

// The evaluation network of the die (die::evaluator_graph), from distorted pictures: evaluator.onnx
// and evaluator.json (shares of clean and distorted test pictures that it reads). `epochs` 0:
// enough.
Result<Json> train_evaluator(const TrainOptions &options);

}  // namespace thimble::recipes
