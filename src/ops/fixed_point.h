// The arithmetic of int8 recurrent layers, as their kernels do it: gates in 16 bits, their
// activations between entries of one table, no product beyond 32 bits.
//
//   gate   what an activation is taken of, times 2^10, cut to +-16383 (+-16)
//   unit   a sigmoid (0 to 1), a tanh (-1 to 1), or a state between them, times 2^14
//   cell   an LSTM's cell, times 2^11, cut to 16 bits (+-16)
//
// The table has sigmoid(i / 8), i = 0..64; between entries it is a straight line, from 8 on the
// last one; tanh(x) is 2 sigmoid(2x) - 1. The error of a sigmoid is at most 3.7e-4 (where it is
// cut: 1 - sigmoid(8) = 3.4e-4), of a tanh at most 7.4e-4: a fifth of one level of int8.
#pragma once

#include <cstdint>
#include <vector>

#include "ops/requant.h"

namespace thimble::ops {

inline constexpr int kGateOne = 1 << 10, kUnitOne = 1 << 14, kCellOne = 1 << 11;
inline constexpr int kGateMax = 16383;

// Times 2^14, 65 entries.
const std::vector<std::int64_t> &sigmoid_table();
// Of x / 2^10. x: 16 bits.
std::int32_t sigmoid_unit(std::int32_t x);
// Of x / 2^11: a cell's, or of a gate doubled. x: 16 bits.
std::int32_t tanh_unit(std::int32_t x);
// share * a + (1 - share) * b; share is a unit.
std::int32_t mix_units(std::int32_t share, std::int32_t a, std::int32_t b);
// value / 2^14, halves rounded up.
std::int32_t from_unit(std::int32_t value);

// For values of 16 bits: factor and shift of scaled(), the nearest to `real` >= 0.
Multiplier scale_of(double real);
// value * real, halves rounded up, cut to 16 bits; and to int8 around a zero point.
std::int32_t scaled(std::int32_t value, Multiplier scale);
std::int8_t scaled_to_int8(std::int32_t value, Multiplier scale, int zero);

}  // namespace thimble::ops
