#ifndef THIMBLE_DOT_W4_ARMV6M_C
#define THIMBLE_DOT_W4_ARMV6M_C
#include "thimble_kernel.h"

// As dot_packed, of two bytes' lanes at once, in ARMv6-M's instructions: for each value the sums of
// value * code, and that of value * (low nibbles), 16 bits apart, from which the others follow. Of
// 16 values such a sum fits its 16 bits, so 16 of them are one round; the first one begins in its
// middle. GCC takes each line for at most four bytes.
THIMBLE_KERNEL THIMBLE_NOINLINE void dot_w4(const int8_t *values, const uint8_t *weight, int pitch,
                                            int count, int32_t *sums) {
  const uint8_t *next = weight + pitch;
  const int8_t *const end = values + count;
  int32_t first = 0, second = 0, low_first = 0, low_second = 0;
  uint32_t value = (uint32_t)-count & 15u; /* left out of the first round */
  uint32_t low, code, next_code, both;
  __asm__(
      ".syntax unified\n"
      "subs %[values], %[value]\n"
      "subs %[weight], %[value]\n"
      "subs %[next], %[value]\n"
      "movs %[both], #26\n" /* bytes of code for a value */
      "muls %[both], %[value]\n"
      "adr %[code], 1f\n"
      "adds %[code], %[both]\n"
      "movs %[both], #0\n"
      "mov %[low], %[both]\n"
      "mov pc, %[code]\n"
      ".balign 4\n"
      "1:\n"
      ".set thimble_at, 0\n"
      ".rept 16\n"
      "ldrb %[value], [%[values], #thimble_at]\n"
      "ldrb %[code], [%[weight], #thimble_at]\n"
      "ldrb %[next_code], [%[next], #thimble_at]\n"
      "sxtb %[value], %[value]\n"
      "lsls %[both], %[next_code], #16\n"
      "orrs %[both], %[code]\n"
      "ands %[both], %[mask]\n"
      "muls %[code], %[value]\n"
      "muls %[next_code], %[value]\n"
      "muls %[both], %[value]\n"
      "add %[first], %[code]\n"
      "add %[second], %[next_code]\n"
      "add %[low], %[both]\n"
      ".set thimble_at, thimble_at + 1\n"
      ".endr\n"
      "mov %[both], %[low]\n"
      "sxth %[value], %[both]\n"
      "add %[low_first], %[value]\n"
      "subs %[both], %[value]\n"
      "asrs %[both], #16\n"
      "add %[low_second], %[both]\n"
      "adds %[values], #16\n"
      "adds %[weight], #16\n"
      "adds %[next], #16\n"
      "movs %[both], #0\n"
      "mov %[low], %[both]\n"
      "ldr %[both], %[end]\n"
      "cmp %[values], %[both]\n"
      "beq 2f\n"
      "b 1b\n"
      "2:\n"
      : [values] "+&l"(values), [weight] "+&l"(weight), [next] "+&l"(next), [first] "+&h"(first),
        [second] "+&h"(second), [low_first] "+&h"(low_first), [low_second] "+&h"(low_second),
        [low] "=&h"(low), [value] "+&l"(value), [code] "=&l"(code), [next_code] "=&l"(next_code),
        [both] "=&l"(both)
      : [mask] "l"(0x000F000F), [end] "m"(end)
      : "cc", "memory");
  sums[0] += low_first;
  sums[1] += (first - low_first) >> 4;
  sums[2] += low_second;
  sums[3] += (second - low_second) >> 4;
}

#endif
