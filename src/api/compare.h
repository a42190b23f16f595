// How far two sets of outputs are apart.
#pragma once

#include <optional>
#include <vector>

#include "api/samples.h"

namespace thimble::api {

// Absolute errors as shares of the range (largest minus least) of the reference.
struct Errors {
  double max = 0, mean = 0;
  double range = 0;  // of the reference; 0: constant, so that agreement proves nothing
};

// Over all outputs of all samples, as real numbers.
Errors errors_of(const std::vector<Sample> &reference, const std::vector<Sample> &other);

bool equal_bits(const ops::Tensor &a, const ops::Tensor &b);
// The first sample in which any output differs.
std::optional<std::size_t> first_unequal_sample(const std::vector<Sample> &a,
                                                const std::vector<Sample> &b);

// Share of the samples whose largest output is the label's. `labels`: one a sample.
double accuracy(const std::vector<Sample> &outputs, const std::vector<std::int64_t> &labels);

}  // namespace thimble::api
