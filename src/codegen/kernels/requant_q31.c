#ifndef THIMBLE_REQUANT_C
#define THIMBLE_REQUANT_C
#include "thimble_kernel.h"

// TensorFlow Lite's: sum * multiplier * 2^(shift - 31) by gemmlowp's two roundings, each half away
// from zero: a doubling multiplication that keeps the high half, then a right shift.
THIMBLE_KERNEL int32_t thimble_requant(int32_t sum, int32_t multiplier, int8_t shift) {
  const int64_t left = shift > 0 ? (int64_t)sum * ((int64_t)1 << shift) : sum;
  const int64_t cut = left < INT32_MIN ? INT32_MIN : left > INT32_MAX ? INT32_MAX : left;
  const int64_t product = cut * multiplier;
  const int64_t nudge = product >= 0 ? (int64_t)1 << 30 : 1 - ((int64_t)1 << 30);
  const int32_t high = (int32_t)((product + nudge) / ((int64_t)1 << 31));
  const int right = shift > 0 ? 0 : -shift;
  const int32_t mask = (int32_t)(((int64_t)1 << right) - 1);
  const int32_t threshold = (mask >> 1) + (high < 0 ? 1 : 0);
  return (high >> right) + ((high & mask) > threshold ? 1 : 0);
}

#endif
