// What operators share whose output pixel (y, x) comes from pixel (y, x) of each input: shapes,
// access and import.
#pragma once

#include <vector>

#include "ops/operator.h"

namespace thimble::ops {

// One input, one output of its shape and dtype.
Result<std::vector<ir::Type>> infer_pointwise(const ir::Graph &graph, const ir::Node &node);

// Row y and column x of every input feed row y and column x of the output.
Mode pointwise_mode(const ir::Graph &graph, const ir::Node &node, WriteOrder order);
// The one mode of an operator that ends with an element before it reads the next (kElement).
std::vector<Mode> elementwise_modes(const ir::Graph &graph, const ir::Node &node);

// `file` with size in_c: the channels of a pixel.
Kernel pointwise_kernel(const std::string &file, const ir::Graph &graph, const ir::Node &node);

// One node of `op` from foreign input 0, dimensions unchanged.
void import_pointwise(Builder &builder, const ForeignNode &node, std::string op,
                      ir::Attributes attributes = {});

}  // namespace thimble::ops
