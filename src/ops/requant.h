// Requantization: an int32 accumulator times a real multiplier M, rounded to an integer. M is
// normally in (0, 1); larger ones work too, since the result is cut to int8 afterwards.
//
//   q31   TensorFlow Lite's: M = multiplier * 2^(shift - 31), multiplier in [2^30, 2^31), shift
//   from -31
//         to 30: acc * 2^max(shift, 0), saturated to int32; gemmlowp's doubling high multiply,
//         which is floor((acc * multiplier + 2^30) / 2^31); then a shift right by max(-shift, 0),
//         halves rounded away from zero.
//   m16   M = multiplier * 2^-shift, multiplier in [2^14, 2^15), shift from 1 to 47:
//             floor((acc * multiplier + 2^(shift-1)) / 2^shift)
//         No 64-bit arithmetic. With acc = 2^16 * hi + lo (hi int16, lo uint16), for shift >= 17
//         exactly
//             (hi * multiplier + (lo * multiplier >> 16) + 2^(shift-17)) >> (shift - 16)
//         where each term and the sum fit int32: |hi * multiplier| < 2^30, 2^(shift-17) <= 2^30.
//         For shift <= 16, so M >= 1/4, acc is first saturated to int16 and one product is enough:
//         it and the rounding term are below 2^30 and 2^15. What saturates is beyond +-8191 and is
//         cut to int8 in any case, so this is the same int8 as the exact formula for every acc. A
//         multiplier of 0 (with shift 17) stands for M < 2^-33: the result is 0.
//   pow2  M = 2^-shift, shift from 0 to 31: acc for shift 0, else ((acc >> (shift-1)) + 1) >> 1,
//   which is
//         floor((acc + 2^(shift-1)) / 2^shift) without overflow (shift 1 wants acc < 2^31 - 1). M >
//         1 becomes 1.
//
// Thimble quantizes its own models with m16 on every target, so all of them give the same bits;
// `.tflite` models keep q31 (ir::Graph::requant) and give TensorFlow Lite's: with q31 every
// operator that its reference kernels have is computed as they do, softmax and activations included
// (q31_functions.h, elementwise_int8.h, reduce.cpp).
#pragma once

#include <cstdint>

#include "targets/target.h"

namespace thimble::ops {

// Whether 32 bits hold it.
constexpr bool is_int32(std::int64_t x) { return x == static_cast<std::int32_t>(x); }

struct Multiplier {
  std::int32_t multiplier = 0;  // fits int16 for m16; 1 for pow2
  int shift = 0;
  bool operator==(const Multiplier &) const = default;
};

// Nearest representable to `real` >= 0.
Multiplier quantize_multiplier(double real, targets::Requant requant);
// What it stands for.
double real_of(Multiplier multiplier, targets::Requant requant);
std::int32_t requantize(std::int32_t accumulator, Multiplier multiplier, targets::Requant requant);

}  // namespace thimble::ops
