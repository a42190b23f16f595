// Eight bits in the loop: what a network will lose by quantization it sees while it still learns.
#pragma once

#include "train/module.h"

namespace thimble::train {

// A lens that rounds values and weights to the levels that post-training quantization
// (passes/quantize.h) gives them, as far as one batch tells: weights symmetric per output channel,
// values affine over the batch's range with zero (its extremes cut off where that loses less), or
// the levels that their operators ask for. Gradients
// pass straight through the rounding (Bengio et al., Estimating or Propagating Gradients Through
// Stochastic Neurons, 2013), but not where a value is cut off. The graph must outlive the lens.
Lens eight_bits(const ir::Graph &graph);

// Before that: gives the channels of each value equal ranges where that changes nothing but the
// parameters (passes/equalize_channels.h), by what the module makes of `inputs`.
void equalize_channels(Module &module, const std::vector<torch::Tensor> &inputs);

}  // namespace thimble::train
