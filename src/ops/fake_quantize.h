// Where a quantized file's integers may go.
#pragma once

#include "ops/foreign.h"
#include "support/diagnostic.h"

namespace thimble::ops {

// Integers that a QuantizeLinear made are the numbers that they stand for here, so only a
// DequantizeLinear, or what reorders elements before one, may read them. Empty: all do.
Diagnostics misread_integers(const ForeignGraph &foreign);

}  // namespace thimble::ops
