// Lists of integers that a foreign operator has as an attribute or as a constant input, by its age.
#pragma once

#include <optional>

#include "ops/import.h"

namespace thimble::ops {

// The attribute `key`, or the constant behind input `index`; empty when there is neither. Nothing,
// after a report, for an input that is not a constant of integers.
std::optional<Dims> integer_list(Builder &builder, const ForeignNode &node, const char *key,
                                 std::size_t index);

}  // namespace thimble::ops
