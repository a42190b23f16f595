// Eight bits in the loop: what a network will lose by quantization it sees while it still learns.
#pragma once

#include "train/module.h"

namespace thimble::train {

// A lens that rounds values and weights to the levels that post-training quantization
// (passes/quantize.h) gives them, as far as one batch tells: weights symmetric per output channel,
// values affine over the batch's range with zero, or the levels their operators ask for. Gradients
// pass straight through the rounding (Bengio et al., Estimating or Propagating Gradients Through
// Stochastic Neurons, 2013), but not where a value is cut off. The graph must outlive the lens.
Lens eight_bits(const ir::Graph &graph);

}  // namespace thimble::train
