// Is it the same network? The readings of one network over one set of samples, and how they
// compare.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "api/build.h"
#include "api/compare.h"
#include "api/layer_errors.h"

namespace thimble::cli {

struct VerifyOptions {
  api::ModelOptions model;
  api::PlanOptions plan;
  std::string data;  // X.npz
  bool per_layer = false, as_json = false;
  std::optional<double> tolerance;  // largest mean error, as a share of the range
};

struct Verification {
  std::string numbers;  // "int8" or "f32"
  bool ok = true;
  std::size_t samples = 0;
  api::Errors errors;             // of the outputs that the C gives, against float
  std::string first_difference;   // node; empty: none
  std::string differing_reading;  // "host", or the target
  std::optional<double> accuracy_float, accuracy_numbers;
  std::optional<api::Errors> reference;  // float against the file's y
  std::vector<api::LayerError> layers;
};

// Runs every reading. A difference is a finding, not an error; errors are of models, arrays and
// tools.
Result<Verification> verify_network(VerifyOptions options);

}  // namespace thimble::cli
