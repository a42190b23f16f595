#ifndef THIMBLE_PAIRS_I8_ARMV7EM_SMALL_C
#define THIMBLE_PAIRS_I8_ARMV7EM_SMALL_C
#include "line_i8.c"
#include "thimble_kernel.h"

// As pairs_i8, in the instructions of ARMv7E-M; all registers are taken, so what ends loops is in
// memory. Four inputs a round: a third of the code of pairs_i8_armv7em.c. Sums that become int8 are
// written to `sums` first.
THIMBLE_KERNEL THIMBLE_NOINLINE void pairs_i8(const int16_t *values, const int32_t *weight,
                                              int fours, int outputs, int32_t *sums,
                                              const int32_t *ends, int8_t *out, int8_t *second_out,
                                              int32_t zero) {
  const int32_t *made = sums;
  const int16_t *const first_value = values, *const end = values + 8 * fours;
  const int32_t *const sums_end = sums + outputs;
  const int second_pixel = 4 * outputs;
  int32_t both_0, both_1, both_2, both_3, low_0, low_1, low_2, low_3, first, second, w_0, w_1;
  __asm__ volatile(
      ".syntax unified\n"
      ".macro thimble_pair weight both_0 low_0 both_1 low_1\n"
      "smlad \\both_0, \\weight, %[first], \\both_0\n"
      "smlad \\both_1, \\weight, %[second], \\both_1\n"
      "sxtb16 \\weight, \\weight\n"
      "smlad \\low_0, \\weight, %[first], \\low_0\n"
      "smlad \\low_1, \\weight, %[second], \\low_1\n"
      ".endm\n"
      ".macro thimble_high both low\n"
      "sub \\both, \\both, \\low\n"
      "asr \\both, \\both, #8\n"
      ".endm\n"
      "1:\n"
      "ldr %[values], %[first_value]\n"
      "movs %[both_0], #0\n"
      "movs %[both_1], #0\n"
      "movs %[both_2], #0\n"
      "movs %[both_3], #0\n"
      "movs %[low_0], #0\n"
      "movs %[low_1], #0\n"
      "movs %[low_2], #0\n"
      "movs %[low_3], #0\n"
      "2:\n"
      ".rept 2\n"
      "ldrd %[first], %[second], [%[values]], #8\n"
      "ldrd %[w_0], %[w_1], [%[weight]], #8\n"
      "thimble_pair %[w_0] %[both_0] %[low_0] %[both_2] %[low_2]\n"
      "thimble_pair %[w_1] %[both_1] %[low_1] %[both_3] %[low_3]\n"
      ".endr\n"
      "ldr %[w_0], %[end]\n"
      "cmp %[values], %[w_0]\n"
      "bne 2b\n"
      "ldr %[first], %[sums]\n"
      "ldr %[second], %[second_pixel]\n"
      "thimble_high %[both_0] %[low_0]\n"
      "thimble_high %[both_1] %[low_1]\n"
      "thimble_high %[both_2] %[low_2]\n"
      "thimble_high %[both_3] %[low_3]\n"
      "add %[second], %[second], %[first]\n"
      "strd %[low_0], %[both_0], [%[first]], #8\n"
      "strd %[low_1], %[both_1], [%[first]], #8\n"
      "strd %[low_2], %[both_2], [%[second]]\n"
      "strd %[low_3], %[both_3], [%[second], #8]\n"
      "ldr %[second], %[sums_end]\n"
      "str %[first], %[sums]\n"
      "cmp %[first], %[second]\n"
      "bne 1b\n"
      ".purgem thimble_pair\n"
      ".purgem thimble_high\n"
      : [values] "+&r"(values), [weight] "+&r"(weight), [sums] "+m"(sums), [both_0] "=&r"(both_0),
        [both_1] "=&r"(both_1), [both_2] "=&r"(both_2), [both_3] "=&r"(both_3),
        [low_0] "=&r"(low_0), [low_1] "=&r"(low_1), [low_2] "=&r"(low_2), [low_3] "=&r"(low_3),
        [first] "=&r"(first), [second] "=&r"(second), [w_0] "=&r"(w_0), [w_1] "=&r"(w_1)
      : [first_value] "m"(first_value), [end] "m"(end), [sums_end] "m"(sums_end),
        [second_pixel] "m"(second_pixel)
      : "cc", "memory");
  if (!ends) return;
  for (int pixel = 0; pixel < 2; ++pixel) {
    for (int o = 0; o < outputs; ++o) out[o] = line_i8(*made++, ends + 2 * o, zero);
    out = second_out;
  }
}

#endif
