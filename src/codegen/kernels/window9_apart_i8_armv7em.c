#ifndef THIMBLE_WINDOW9_APART_I8_ARMV7EM_C
#define THIMBLE_WINDOW9_APART_I8_ARMV7EM_C
#include "thimble_kernel.h"

// As window9_apart_i8, in the instructions of ARMv7E-M: of a row the weights 0 and 1, and 1 and 2,
// are a register each. All are taken: where it ends is in memory.
THIMBLE_KERNEL THIMBLE_NOINLINE void window9_apart_i8(const int16_t *plane, int pitch,
                                                      const int8_t *weight, int pairs,
                                                      int32_t *sums) {
  const int32_t *const end = sums + 8 * pairs;
  const int16_t *row_0 = plane, *row_1 = plane + pitch, *row_2 = plane + 2 * pitch;
  int32_t left_0, left_1, left_2, right_0, right_1, right_2;
  int32_t sum_0 = (int32_t)weight, sum_1, two, next;
  __asm__ volatile(
      ".syntax unified\n"
      ".macro thimble_row row left right\n"
      "ldrd %[two], %[next], [\\row], #8\n"
      "smlad %[sum_0], %[two], \\left, %[sum_0]\n"
      "smlabt %[sum_0], %[next], \\right, %[sum_0]\n"
      "ldr %[two], [\\row]\n"
      "smlad %[sum_1], %[next], \\left, %[sum_1]\n"
      "smlabt %[sum_1], %[two], \\right, %[sum_1]\n"
      ".endm\n"
      "ldr %[next], [%[sum_0]]\n" /* of 0, 1, 2 */
      "sxtb16 %[two], %[next]\n"
      "sxtb16 %[next], %[next], ror #8\n"
      "pkhbt %[left_0], %[two], %[next], lsl #16\n"
      "pkhbt %[right_0], %[next], %[two]\n"
      "ldr %[next], [%[sum_0], #3]\n" /* of 3, 4, 5 */
      "sxtb16 %[two], %[next]\n"
      "sxtb16 %[next], %[next], ror #8\n"
      "pkhbt %[left_1], %[two], %[next], lsl #16\n"
      "pkhbt %[right_1], %[next], %[two]\n"
      "ldr %[next], [%[sum_0], #5]\n" /* of 5, 6, 7, 8: nothing behind the last is read */
      "sxtb16 %[two], %[next], ror #8\n"
      "sxtb16 %[next], %[next]\n"
      "pkhbt %[left_2], %[two], %[next]\n"
      "pkhtb %[right_2], %[two], %[next], asr #16\n"
      "1:\n"
      "ldrd %[two], %[next], [%[row_0]], #8\n"
      "smuad %[sum_0], %[two], %[left_0]\n"
      "smlabt %[sum_0], %[next], %[right_0], %[sum_0]\n"
      "ldr %[two], [%[row_0]]\n"
      "smuad %[sum_1], %[next], %[left_0]\n"
      "smlabt %[sum_1], %[two], %[right_0], %[sum_1]\n"
      "thimble_row %[row_1] %[left_1] %[right_1]\n"
      "thimble_row %[row_2] %[left_2] %[right_2]\n"
      "ldr %[two], %[end]\n"
      "str %[sum_0], [%[sums]], #16\n"
      "str %[sum_1], [%[sums]], #16\n"
      "cmp %[sums], %[two]\n"
      "bne 1b\n"
      ".purgem thimble_row\n"
      : [row_0] "+r"(row_0), [row_1] "+r"(row_1), [row_2] "+r"(row_2), [sums] "+r"(sums),
        [sum_0] "+r"(sum_0), [sum_1] "=&r"(sum_1), [two] "=&r"(two), [next] "=&r"(next),
        [left_0] "=&r"(left_0), [left_1] "=&r"(left_1), [left_2] "=&r"(left_2),
        [right_0] "=&r"(right_0), [right_1] "=&r"(right_1), [right_2] "=&r"(right_2)
      : [end] "m"(end)
      : "cc", "memory");
}

#endif
