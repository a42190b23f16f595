// Functions of int8 tensors as TensorFlow Lite's reference kernels compute them for
// microcontrollers, to the bit: 32-bit fixed point in gemmlowp's style, where a number of `i`
// integer bits is raw / 2^(31 - i). Used where the requantization is q31 (requant.h).
//
// One int8 in, one out: these make the tables of lookup_i8. Each gives nothing for scales that
// TensorFlow Lite's operator does not have.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "ir/graph.h"

namespace thimble::ops {

std::optional<int> logistic_q31(int q, const ir::Quant &in, const ir::Quant &out, const float *);
std::optional<int> tanh_q31(int q, const ir::Quant &in, const ir::Quant &out, const float *);
std::optional<int> hard_swish_q31(int q, const ir::Quant &in, const ir::Quant &out, const float *);
// parameters[0]: the slope below zero.
std::optional<int> leaky_relu_q31(int q, const ir::Quant &in, const ir::Quant &out,
                                  const float *parameters);
// parameters[0], [1]: the limits.
std::optional<int> clip_q31(int q, const ir::Quant &in, const ir::Quant &out,
                            const float *parameters);
// To another scale.
int rescale_q31(int q, const ir::Quant &in, const ir::Quant &out);

// Softmax of a pixel: exp(-d * in_scale) * 2^31, d = 0..255 below the largest element; what counts
// as nothing is 0.
std::vector<std::int64_t> softmax_exponentials_q31(double in_scale);
// The output of one element, from its exponential and the sum of all of the pixel's, each first
// shifted right by 12 bits with halves away from zero (softmax_q31_i8.c).
int softmax_output_q31(std::int32_t exponential, std::int32_t sum);
std::int32_t softmax_addend_q31(std::int32_t exponential);

}  // namespace thimble::ops
