#ifndef THIMBLE_DOT_W4_ARMV6M_C
#define THIMBLE_DOT_W4_ARMV6M_C
#include "thimble_kernel.h"

// As dot_packed, of two bytes' lanes at once, in ARMv6-M's instructions: for each value the sums
// of value * code, and one of value * (low nibbles), 16 bits apart, from which the others follow.
// Of 16 values such a sum fits its 16 bits.
THIMBLE_KERNEL THIMBLE_NOINLINE void dot_w4(const int8_t *values, const uint8_t *weight, int pitch,
                                            int count, int32_t *sums) {
  const uint8_t *next = weight + pitch;
  int32_t first = 0, second = 0, low_first = 0, low_second = 0;
  for (; count % 8 != 0; --count) {
    const int code = THIMBLE_READ_U8(weight), next_code = THIMBLE_READ_U8(next);
    first += *values * code;
    second += *values * next_code;
    low_first += *values * (code & 15);
    low_second += *values * (next_code & 15);
    ++values;
    ++weight;
    ++next;
  }
  while (count > 0) {
    const int8_t *const end = values + (count < 16 ? count : 16);
    uint32_t low = 0, value, code, next_code, both;
    __asm__(
        ".syntax unified\n"
        "1:\n"
        ".set thimble_at, 0\n"
        ".rept 8\n"
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
        "adds %[values], #8\n"
        "adds %[weight], #8\n"
        "adds %[next], #8\n"
        "cmp %[values], %[end]\n"
        "bne 1b\n"
        : [values] "+l"(values), [weight] "+l"(weight), [next] "+l"(next), [first] "+h"(first),
          [second] "+h"(second), [low] "+h"(low), [value] "=&l"(value), [code] "=&l"(code),
          [next_code] "=&l"(next_code), [both] "=&l"(both)
        : [mask] "l"(0x000F000F), [end] "h"(end)
        : "cc", "memory");
    const int32_t of_first = (int16_t)low;
    low_first += of_first;
    low_second += (int32_t)(low - (uint32_t)of_first) >> 16;
    count -= 16;
  }
  sums[0] += low_first;
  sums[1] += (first - low_first) >> 4;
  sums[2] += low_second;
  sums[3] += (second - low_second) >> 4;
}

#endif
