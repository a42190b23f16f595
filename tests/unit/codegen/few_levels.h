// Int8 networks whose weights take few values or are mostly zero, as training for that would leave
// them.
#pragma once

#include "ir/graph.h"

namespace thimble::codegen {

enum class Weights {
  kInt8,  // as they are
  kFourBits,
  kTwoBits,
  kTernary,
  kOneBit,
  kHalfZero,
  kThin,  // a sixteenth are left
  kHalfZeroFourBits,
  kThinFourBits
};
inline constexpr int kWeightsCount = 9;

// Changes the weights of all convolutions and linear layers, their scales and biases with them.
ir::Graph with_weights(ir::Graph graph, Weights weights);

}  // namespace thimble::codegen
