// Every operator by name, each defined in its family's file. Only this list and the family's file
// know that an operator exists.
//
// Attributes, by operator (lists of two are rows, columns; "pad" is top, left, bottom, right):
//   Conv2d           stride {2}, dilation {2}, pad {4}, groups; act
//   ConvTranspose2d  stride {2}, dilation {2}, pad {4}, output_padding {2}, groups; act
//   Linear           out_shape {rows, cols, channels}; act
//   MaxPool2d        kernel {2}, stride {2}, dilation {2}, pad {4}
//   AveragePool2d    as MaxPool2d; counted {4}, divisor
//   LpPool2d         as MaxPool2d; p
//   BatchNorm        act
//   Reduce           kind, axes: of rows 0, columns 1, channels 2
//   ArgMax           least, last: 0 or 1
//   MatMul           transposed: 0 or 1
//   Lrn              size; alpha, beta, bias
//   Tanh, Add, ...   u, v, w: operands that are numbers; alpha, beta, gamma; act (elementwise.h)
//   Reshape          out_shape {rows, cols, channels}
//   Permute          perm {3}: output axis i is input axis perm[i], over (rows, cols, channels)
//   AsStrided        size {n}, stride {n}, offset; out_shape {rows, cols, channels}
//   Gather           count, inner, indices {n}; out_shape {rows, cols, channels}
//   Pad              before {3}, after {3} (rows, cols, channels); mode, value
//   Concat           axis: 0 rows, 1 columns, 2 channels
//   Columns          begin, end
//   ResizeNearest    scale {2}: integers
//   Resample         out {2}; scale_h, scale_w; mode, transformation, ... (resampling.h)
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
  X(AveragePool2d)           \
  X(LpPool2d)                \
  X(BatchNorm)               \
  X(Relu)                    \
  X(Sigmoid)                 \
  X(Tanh)                    \
  X(HardSigmoid)             \
  X(HardSwish)               \
  X(Swish)                   \
  X(Mish)                    \
  X(Elu)                     \
  X(Celu)                    \
  X(Gelu)                    \
  X(GeluTanh)                \
  X(LeakyRelu)               \
  X(ThresholdedRelu)         \
  X(Softplus)                \
  X(Softsign)                \
  X(Shrink)                  \
  X(Clip)                    \
  X(FakeQuantize)            \
  X(Softmax)                 \
  X(LogSoftmax)              \
  X(Hardmax)                 \
  X(Reduce)                  \
  X(ArgMax)                  \
  X(MatMul)                  \
  X(Lrn)                     \
  X(Abs)                     \
  X(Neg)                     \
  X(Sign)                    \
  X(Floor)                   \
  X(Ceil)                    \
  X(Round)                   \
  X(Trunc)                   \
  X(Reciprocal)              \
  X(Sqrt)                    \
  X(Rsqrt)                   \
  X(Exp)                     \
  X(Exp2)                    \
  X(Log)                     \
  X(Log2)                    \
  X(Log10)                   \
  X(Erf)                     \
  X(Sin)                     \
  X(Cos)                     \
  X(Tan)                     \
  X(Asin)                    \
  X(Acos)                    \
  X(Atan)                    \
  X(Sinh)                    \
  X(Cosh)                    \
  X(Asinh)                   \
  X(Acosh)                   \
  X(Atanh)                   \
  X(IsNaN)                   \
  X(IsInf)                   \
  X(Not)                     \
  X(Bool)                    \
  X(Add)                     \
  X(Sub)                     \
  X(Mul)                     \
  X(Div)                     \
  X(Min)                     \
  X(Max)                     \
  X(PRelu)                   \
  X(Pow)                     \
  X(Fmod)                    \
  X(Mod)                     \
  X(Atan2)                   \
  X(And)                     \
  X(Or)                      \
  X(Xor)                     \
  X(Equal)                   \
  X(NotEqual)                \
  X(Less)                    \
  X(LessOrEqual)             \
  X(Where)                   \
  X(Reshape)                 \
  X(Permute)                 \
  X(AsStrided)               \
  X(Gather)                  \
  X(Pad)                     \
  X(Constant)                \
  X(Concat)                  \
  X(Columns)                 \
  X(Copy)                    \
  X(ResizeNearest)           \
  X(Resample)                \
  X(Lstm)                    \
  X(Gru)                     \
  X(Rnn)

#define THIMBLE_DECLARE(name) extern const Operator k##name;
THIMBLE_OPERATORS(THIMBLE_DECLARE)
#undef THIMBLE_DECLARE

}  // namespace thimble::ops
