// Random networks with branches, for every room behind the passes.
#pragma once

#include "networks.h"

namespace thimble::codegen {

// Three to seven pieces in the text form: convolutions with strides, dilation and groups, depthwise
// ones, transposed ones, maximum and average pooling, elementwise layers, padding, resizing; two or
// three branches of unequal length that are joined side by side or added, of equal or halved size;
// sums with any value of the same shape made before, however long ago. Perhaps the mean of all rows
// and columns in the end.
Network random_graph(unsigned seed);

}  // namespace thimble::codegen
