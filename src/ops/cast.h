// Importers of casts. Values are floats throughout; what a file casts to integers or truth values
// stays a float that is one of those.
#pragma once

#include "ops/import.h"

namespace thimble::ops {

void import_cast(Builder &builder, const ForeignNode &node);       // ONNX Cast, ATen's `to`
void import_cast_like(Builder &builder, const ForeignNode &node);  // to the type of input 1

}  // namespace thimble::ops
