// How far an int8 graph is from the float graph it was made of, value by value.
#pragma once

#include <cmath>
#include <vector>

#include "ir/graph.h"
#include "ops/operator.h"
#include "passes/quantize.h"

namespace thimble::passes {

// Sums over all elements of one value in all samples.
struct Deviation {
  double count = 0, sum = 0, square_sum = 0, error_square_sum = 0;
  int lo = 127, hi = -128;  // of the integers

  double variance() const;
  // Root mean square, in standard deviations of the float value; 0 where that is constant.
  double relative_error() const;
};

void add_reals(Deviation &deviation, const ops::Tensor &expected);
void add_errors(double &square_sum, const ops::Tensor &expected, const ops::Tensor &integers);

// Samples and what the float graph makes of them.
struct Reference {
  Samples samples;
  std::vector<std::vector<ops::Tensor>> values;  // by sample, by ValueId
};
Reference make_reference(const ir::Graph &graph, Samples samples);

// By ValueId, which are the same in both graphs.
std::vector<Deviation> compare(const Reference &reference, const ir::Graph &integer);

}  // namespace thimble::passes
