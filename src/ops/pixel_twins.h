// Two pixels a word, 65536 * second + first, for processors without instructions that multiply two
// halfwords at a time (kernels *_twins_i8): one multiplication by a weight makes the products of
// both, and the sum of two such words comes apart again: any two products of int8, other than two
// of -128 and -128, sum up to less than half of 65536. Of weights in a code of few levels
// (weight_code.h) 16 products and more do. A node with the attribute `twins` (the pass pixel-twins)
// writes the windows of two pixels so before it reads them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "ir/graph.h"

namespace thimble::ops {

// The word of a target's `inner_loops` that asks for it.
constexpr std::string_view kTwins = "twins";

// Whether a Conv2d, or a ConvTranspose2d without strides, can read its windows so, and gains: all
// channels and taps together, several columns and outputs, and weights that are neither in pairs
// nor nearly all zero nor -128.
bool can_twin(const ir::Graph &graph, const ir::Node &node);
bool is_twin(const ir::Node &node);

// The kernel that reads such windows: "conv2d_twins_w4" for "conv2d_w4".
std::string twin_kernel(const std::string &file);

}  // namespace thimble::ops
