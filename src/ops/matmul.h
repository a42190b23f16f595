// Products of matrices that the network computes both of, for importers.
#pragma once

#include "ops/elementwise_import.h"

namespace thimble::ops {

// numpy's matmul: the last two axes are matrices, those before them broadcast; a vector is a matrix
// of one row (left) or column (right), whose axis goes away again. `transpose_right`: the right
// matrices have their axes exchanged.
std::optional<Operand> add_matmul(Builder &builder, const ForeignNode &node, const Operand &left,
                                  const Operand &right, bool transpose_right = false);

}  // namespace thimble::ops
