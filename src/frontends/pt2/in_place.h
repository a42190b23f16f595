// In-place operators of a program that was exported without functionalization.
//
//   before: y = relu_(x); z = add(y, x)      (x was overwritten: both operands are the same)
//   after:  y = relu(x);  z = add(y, y)
#pragma once

#include "ops/foreign.h"
#include "support/diagnostic.h"

namespace thimble::frontends::pt2 {

// The graph is sorted. Errors: a value is read after memory that it shares with
// another value, as a view does, was overwritten through that one.
Diagnostics remove_in_place(ops::ForeignGraph &graph);

}  // namespace thimble::frontends::pt2
