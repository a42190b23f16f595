// Requantization in one multiplication and one shift, for processors that multiply 32 x 32 bits to
// the high half in an instruction or two. The int8 that a channel's sums stand for (requant.h, then
// zero point and limits) is a staircase of at most 255 steps. Where a line runs through it,
//
//     ((((256 * sum + bias) * multiplier) >> 32) + offset) >> shift, cut to [-128, 127]
//
// is the same int8 for every sum that weights and inputs can make: shown, not assumed, by both
// sides of each step. Shift and offset hold for all channels of a layer. Lines run through what
// rounds once (m16, pow2), and through q31, which rounds twice and halves away from zero, where an
// activation cuts off what lies below zero.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "ops/requant.h"

namespace thimble::ops {

// What one channel's sums stand for.
struct Staircase {
  Multiplier multiplier;
  targets::Requant requant = targets::Requant::kQ31;
  int out_zero = 0;
  std::int32_t bias = 0;
  std::int32_t lo = 0, hi = 0;  // no sum is outside; with the bias they fit 32 bits

  int operator()(std::int32_t sum) const;  // in [-128, 127]
};

struct RescaleLine {
  std::vector<std::int32_t> multipliers, biases;  // one a channel
  std::int32_t offset = 0;
  int shift = 0;

  int operator()(int channel, std::int32_t sum) const;  // as the C computes it
};

// Of this shift where it will do, so that kernels may know it.
inline constexpr int kUsualShift = 10;

// Nothing where some channel has no line of 256ths of a sum and 31 bits. Without an offset the
// biases alone hold the zero point.
std::optional<RescaleLine> line_through(const std::vector<Staircase> &channels,
                                        bool has_offset = true);

}  // namespace thimble::ops
