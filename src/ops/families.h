// Every operator by name, each defined in its family's file; table.cpp puts them in order. Only
// these two places and the family's file know that an operator exists.
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
//   Concat           axis: 0 rows, 2 channels
//   ResizeNearest    scale {2}: integers
// act: "relu", or real limits act_min and act_max (fused.h).
#pragma once

#include "ops/operator.h"

namespace thimble::ops {

extern const Operator kConv2d;
extern const Operator kConvTranspose2d;
extern const Operator kLinear;
extern const Operator kMaxPool2d;
extern const Operator kBatchNorm;
extern const Operator kRelu;
extern const Operator kSigmoid;
extern const Operator kSoftmax;
extern const Operator kLogSoftmax;
extern const Operator kReshape;
extern const Operator kPermute;
extern const Operator kConcat;
extern const Operator kCopy;
extern const Operator kResizeNearest;
extern const Operator kAdd;

}  // namespace thimble::ops
