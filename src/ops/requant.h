// Requantization: an int32 accumulator times a real multiplier M in (0, 1), rounded to an integer.
//
//   q31   TensorFlow Lite's: M = multiplier * 2^(shift - 31), 31-bit multiplier; gemmlowp's saturating
//         rounding doubling high multiply, then a rounding shift (half away from zero each).
//   m16   M = multiplier * 2^-shift, multiplier in [2^14, 2^15): floor((acc * multiplier + 2^(shift-1)) /
//         2^shift). Two 16x16->32 multiplications; no 64-bit arithmetic.
//   pow2  M = 2^-shift: a rounding shift.
//
// Thimble quantizes its own models with m16 on every target, so all of them give the same bits; models
// that arrive quantized keep q31 and give TensorFlow Lite's.
#pragma once

#include <cstdint>

#include "targets/target.h"

namespace thimble::ops {

struct Multiplier {
  std::int32_t multiplier = 0;
  int shift = 0;
};

// Nearest representable to `real`, for accumulators of at most `accumulator_bound` in magnitude.
Multiplier quantize_multiplier(double real, targets::Requant requant);
std::int32_t requantize(std::int32_t accumulator, Multiplier multiplier, targets::Requant requant);

}  // namespace thimble::ops
