// What the families' `infer` functions share: counting inputs and constants, and building output
// types that hostile files cannot make absurd.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ir/graph.h"
#include "support/diagnostic.h"

namespace thimble::ops {

// Most elements a tensor may have: far beyond any microcontroller, small enough to multiply in 64
// bits.
inline constexpr std::int64_t kMaxElements = std::int64_t{1} << 26;

// A model error about this node.
Diagnostic node_error(const ir::Node &node, std::string what, std::string why = {},
                      std::string fix = {});

// Empty: the node has this many inputs of one dtype (f32 or i8) and this many constants.
Diagnostics check_arity(const ir::Graph &graph, const ir::Node &node, std::size_t inputs,
                        std::size_t constants);

// Empty: constants 0 and 1 are a weight of `weight_dims` and a bias of [weight_dims[0]]: float
// beside a float input; beside an int8 one int8 with one scale or one a channel, and int32. Sums of
// the products stay within int32, whatever the input.
Diagnostics check_weights(const ir::Graph &graph, const ir::Node &node,
                          const std::vector<int> &weight_dims);

// Empty: the attribute is a list of `size` integers in [lo, hi], or absent and not `required`.
Diagnostics check_integers(const ir::Node &node, std::string_view key, std::size_t size,
                           std::int64_t lo, std::int64_t hi, bool required = false);

// Errors: a side below 1, more than kMaxElements.
Result<ir::Shape> checked_shape(const ir::Node &node, std::int64_t rows, std::int64_t cols,
                                std::int64_t channels);

// One output of this shape: dtype of input 0; the quantization an int8 output has now is kept
// (input 0's where there is no output yet).
std::vector<ir::Type> output_type(const ir::Graph &graph, const ir::Node &node,
                                  const ir::Shape &shape);

}  // namespace thimble::ops
