// Every operator by name, each defined in its family's file. Only this list and the family's file
// know that an operator exists.
//
// Attributes, by operator (lists of two are rows, columns; "pad" is top, left, bottom, right):
//   Conv2d           stride {2}, pad {4}; act
//   ConvTranspose2d  stride {2}, pad {4}, output_padding {2}; act
//   Linear           out_shape {rows, cols, channels}; act
//   MaxPool2d        kernel {2}, stride {2}, pad {4}
//   BatchNorm        act
//   Add              act
//   Reshape          out_shape {rows, cols, channels}
//   Permute          perm {3}: output axis i is input axis perm[i], over (rows, cols, channels)
//   AsStrided        size {n}, stride {n}, offset; out_shape {rows, cols, channels}
//   Gather           count, inner, indices {n}; out_shape {rows, cols, channels}
//   Pad              before {3}, after {3} (rows, cols, channels); mode, value
//   Concat           axis: 0 rows, 2 channels
//   ResizeNearest    scale {2}: integers
//   Lstm             hidden; clip; cell_rows: 1 where the cells follow in an output row
//   Gru              hidden; clip; reset_after: 0 or 1
//   Rnn              hidden; clip; activation: "tanh" or "relu"
// act: "relu", or real limits act_min and act_max (fused.h).
#pragma once

#include "ops/operator.h"

namespace thimble::ops {

// THE list, in the order of the documentation. A new operator is its family's file and a line here.
#define THIMBLE_OPERATORS(X) \
  X(Conv2d)                  \
  X(ConvTranspose2d)         \
  X(Linear)                  \
  X(MaxPool2d)               \
  X(BatchNorm)               \
  X(Relu)                    \
  X(Sigmoid)                 \
  X(HardSwish)               \
  X(Softmax)                 \
  X(LogSoftmax)              \
  X(Add)                     \
  X(Reshape)                 \
  X(Permute)                 \
  X(AsStrided)               \
  X(Gather)                  \
  X(Pad)                     \
  X(Constant)                \
  X(Concat)                  \
  X(Copy)                    \
  X(ResizeNearest)           \
  X(Lstm)                    \
  X(Gru)                     \
  X(Rnn)

#define THIMBLE_DECLARE(name) extern const Operator k##name;
THIMBLE_OPERATORS(THIMBLE_DECLARE)
#undef THIMBLE_DECLARE

}  // namespace thimble::ops
