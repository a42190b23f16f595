// Random stacks of convolutions, for the planner and the C that comes of its plans.
#pragma once

#include "networks.h"

namespace thimble::codegen {

// Two to five layers in the text form: convolutions and transposed ones (kernels 1 to 5, strides 1
// to 3, padding up to kernel - 1 on each side by itself, output_padding), max-pooling, elementwise
// layers, sums over a skipped convolution. Every third or so narrows from many channels to one or
// two, where scattering is the smaller way to convolve.
Network random_stack(unsigned seed);

// The first telling one (host_program.h) from `seed` on.
ir::Graph next_telling_stack(unsigned &seed, const Variant &variant);

}  // namespace thimble::codegen
