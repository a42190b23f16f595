// `thimble shrink`: a network that is too big becomes one that fits, and learns to do what it did.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "api/build.h"
#include "support/json.h"

namespace thimble::recipes {

struct ShrinkOptions {
  std::string model, data, test, output;
  std::string teacher;  // a model of the same inputs and outputs; empty: the model itself
  std::vector<std::string> dims;
  // "8", "4", ... of all weights; empty: searched for where there is a budget of flash, else
  // weights stay floats.
  std::string bits;
  double sparsity = 0;               // share of zeros, over all weights
  std::string scales = "auto";       // "any"; "pow2": sums become int8 by shifts alone
  std::optional<std::int64_t> macs;  // budget, beside those of the plan (flash, RAM)
  bool pool_to_stride = false;
  bool distort = false;
  std::optional<int> epochs;
  int batch = 64;
  double rate = 1e-3;
  std::uint64_t seed = 1;
  api::PlanOptions plan;
};

// Writes the network (QDQ ONNX), and beside it the result (SMALL.steps.json). The result: a line a step, with what it cost and what it brought;
// with a target that has an emulator, and its tools, the whole program's flash, RAM and time, too.
// Errors: as loading and training have; kBudget, the network written all the same, where it needs
// more than it was to need.
Result<Json> shrink(ShrinkOptions options);
std::string to_text(const Json &result);

}  // namespace thimble::recipes
