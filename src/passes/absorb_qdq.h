// A network that its file quantizes, as float operators between FakeQuantizes, becomes int8 with
// exactly those scales and zero points: no samples are needed.
//
//     before  x -> FakeQuantize{s, z} -> Conv2d(weights f32, scales) -> FakeQuantize{t, u} -> y
//     after   x: i8(s, z) -> Conv2d(weights i8, scales; bias i32) -> y: i8(t, u)
//
// Weights are the whole multiples of their scales that the file holds; biases are rounded to
// multiples of input scale * weight scale, which those of a quantized file are. Where a value is
// quantized a second time, to another scale, a FakeQuantize stays. A graph without FakeQuantize
// stays as it is, and its weights forget their scales.
// Errors, by node: an operator whose output or weight is not quantized; an output quantized twice.
#pragma once

#include "ir/graph.h"
#include "support/diagnostic.h"

namespace thimble::passes {
Result<ir::Graph> absorb_qdq(ir::Graph graph);
}
