// Conversion between element types of constants.
#pragma once

#include <cstdint>

#include "frontends/fold/rules.h"

namespace thimble::frontends::fold {

// Towards zero; the nearest end of the range outside it, 0 for NaN.
std::int64_t saturated_integer(double value);

// Integers wrap to narrower types. Errors: half-precision targets (their rounding is not modelled).
Result<ForeignTensor> cast(const Call &call, const ForeignTensor &in, ForeignType type);

}  // namespace thimble::frontends::fold
