// Post-training quantization: a float graph and samples in, an int8 graph out.
//
//     f32 conv -> f32 relu          i8 conv(act=relu), weights i8 per output channel, bias i32
//
// Activations are affine per tensor with the range observed on the samples, weights symmetric per
// output channel, accumulators int32. Network inputs and outputs become int8 with their own scale.
#pragma once

#include <vector>

#include "ir/graph.h"
#include "ops/operator.h"
#include "support/diagnostic.h"

namespace thimble::passes {

// One sample: one tensor a network input, stored order, f32.
using Samples = std::vector<std::vector<ops::Tensor>>;

Result<ir::Graph> quantize(const ir::Graph &graph, const Samples &samples);

}  // namespace thimble::passes
