// What a training run left behind: its run.json.
#pragma once

#include <cstdint>
#include <filesystem>

#include "support/diagnostic.h"
#include "sweep/config.h"

namespace thimble::sweep {

struct TrainedRun {
  Run run;
  std::filesystem::path directory;  // with decoder.onnx
  std::int64_t parameters = 0, parameters_cnn = 0, parameters_fc = 0;
  double loss = 0;                                     // MSE on the test pictures
  double variance = 0;                                 // of the test pictures
  double recognised = 0, recognised_by_evaluator = 0;  // 0 to 1; of float pictures, even latents
  double seconds = 0;                                  // of training
};

// Errors: no run.json, or one without these figures (each is named).
Result<TrainedRun> read_result(const Run &run, const std::filesystem::path &directory);

// All runs of one config, the least loss first.
struct Size {
  Config config;
  std::vector<TrainedRun> runs;  // at least one
  const TrainedRun &best() const { return runs.front(); }
};

// The fewest parameters first.
std::vector<Size> by_size(const std::vector<TrainedRun> &runs);

}  // namespace thimble::sweep
