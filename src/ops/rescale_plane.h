// Sums and differences of two int8 in two multiplications: for q31 and m16 the int8 of
// elementwise_int8.h takes three rescalings, but where a plane runs through all its steps,
//
//     (a * factor_a + b * factor_b + offset) >> 21, cut to the limits
//
// is the same for every pair a, b: all 65,536 are tried. Needs no more than 32 bits.
#pragma once

#include <optional>

#include "ops/elementwise_int8.h"

namespace thimble::ops {

struct RescalePlane {
  std::int32_t factor[2] = {};
  std::int32_t offset = 0;

  int operator()(int a, int b) const;  // as the C computes it, in [-128, 127]
};

// Nothing where the function is no sum, or no plane of 21 bits runs through it.
std::optional<RescalePlane> plane_through(const ElementFunction &function, const IntegerCall &call,
                                          targets::Requant requant);

// The kernel of a node of two int8 operands computed so; nothing where it cannot be.
std::optional<Kernel> on_a_plane(const ir::Graph &graph, const ir::Node &node,
                                 const Numbers &numbers, const Kernel &kernel);

}  // namespace thimble::ops
