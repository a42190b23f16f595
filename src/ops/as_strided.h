// What AsStrided and Permute share: values, rows and kernel of an output whose elements are strides
// over the input's.
#pragma once

#include <vector>

#include "ops/operator.h"
#include "ops/strided.h"

namespace thimble::ops {

void move_strided(const Strided &strided, const Tensor &input, Tensor &output);
std::vector<Mode> strided_modes(const ir::Graph &graph, const ir::Node &node,
                                const Strided &strided);
Kernels strided_kernels(const ir::Graph &graph, const ir::Node &node, const Strided &strided);

}  // namespace thimble::ops
