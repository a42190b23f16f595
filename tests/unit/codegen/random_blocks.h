// Random small classifiers, built of the blocks that trained ones are built of.
#pragma once

#include "networks.h"

namespace thimble::codegen {

// A convolution, then two to four blocks in the text form: residual ones, some with a stride and a
// 1x1 convolution beside it; depthwise-separable ones; pooling. In the end a mean of rows, of
// columns, or of both, or none of them, and mostly a Linear: what is folded in row by row.
Network random_blocks(unsigned seed);

// The first telling one (host_program.h) from `seed` on.
ir::Graph next_telling_blocks(unsigned &seed, const Variant &variant);

}  // namespace thimble::codegen
