#ifndef THIMBLE_VECTOR_I8_ARMV7EM_C
#define THIMBLE_VECTOR_I8_ARMV7EM_C
#include "thimble_kernel.h"

// As vector_i8, in the instructions of ARMv7E-M: four outputs of 32 inputs a round, all registers
// taken; the first round begins where it leaves as many as are over.
THIMBLE_KERNEL THIMBLE_NOINLINE void vector_i8(const int16_t *values, const int32_t *weight,
                                               int eights, int outputs, int32_t *sums,
                                               const int32_t *ends, int8_t *out, int32_t zero) {
  const int16_t *const first_value = values, *const end = values + 8 * eights;
  const int32_t *const weight_end = weight + (outputs + 3) / 4 * 8 * eights;
  const int skipped = (-eights & 3) * 108; /* bytes of an eight */
  int32_t both_0, both_1, low_0, low_1;
  __asm__ volatile(
      ".syntax unified\n"
      ".macro thimble_pair weight both low two\n"
      "smlad \\both, \\weight, \\two, \\both\n"
      "sxtb16 \\weight, \\weight\n"
      "smlad \\low, \\weight, \\two, \\low\n"
      ".endm\n"
      ".macro thimble_four even odd\n"
      "ldmia %[weight]!, {r4, r5, r6, r8}\n"
      "thimble_pair r4 %[both_0] %[low_0] \\even\n"
      "thimble_pair r5 %[both_1] %[low_1] \\even\n"
      "thimble_pair r6 %[both_0] %[low_0] \\odd\n"
      "thimble_pair r8 %[both_1] %[low_1] \\odd\n"
      ".endm\n"
      ".macro thimble_ends low high\n"
      "ldmia r9!, {r4, r5, r6, r8}\n"
      "add \\low, r4, \\low, lsl #8\n"
      "add \\high, r6, \\high\n"
      "smmla \\low, \\low, r5, r10\n"
      "smmla \\high, \\high, r8, r10\n"
      "ssat \\low, #8, \\low, asr #10\n"
      "ssat \\high, #8, \\high, asr #10\n"
      "strb \\low, [r12], #1\n"
      "strb \\high, [r12], #1\n"
      ".endm\n"
      "1:\n"
      "ldr %[values], %[first_value]\n"
      "mov %[both_0], #0\n"
      "mov %[both_1], #0\n"
      "mov %[low_0], #0\n"
      "mov %[low_1], #0\n"
      "ldr r9, %[skipped]\n"
      "add pc, pc, r9\n"
      "nop\n"
      "2:\n"
      ".rept 4\n"
      "ldmia %[values]!, {r9, r10, r12, lr}\n"
      "thimble_four r9 r10\n"
      "thimble_four r12 lr\n"
      ".endr\n"
      ".if . - 2b != 4 * 108\n"
      ".error \"an eight has another size\"\n"
      ".endif\n"
      "ldr r9, %[end]\n"
      "cmp %[values], r9\n"
      "bne 2b\n"
      "ldr r9, %[ends]\n"
      "sub %[both_0], %[both_0], %[low_0]\n"
      "sub %[both_1], %[both_1], %[low_1]\n"
      "cmp r9, #0\n"
      "beq 3f\n"
      "ldr r10, %[zero]\n"
      "ldr r12, %[out]\n"
      "thimble_ends %[low_0] %[both_0]\n"
      "thimble_ends %[low_1] %[both_1]\n"
      "str r9, %[ends]\n"
      "str r12, %[out]\n"
      "b 4f\n"
      "3:\n"
      "ldr r9, %[sums]\n"
      "asr %[both_0], %[both_0], #8\n"
      "asr %[both_1], %[both_1], #8\n"
      "strd %[low_0], %[both_0], [r9], #8\n"
      "strd %[low_1], %[both_1], [r9], #8\n"
      "str r9, %[sums]\n"
      "4:\n"
      "ldr r9, %[weight_end]\n"
      "cmp %[weight], r9\n"
      "bne 1b\n"
      ".purgem thimble_pair\n"
      ".purgem thimble_four\n"
      ".purgem thimble_ends\n"
      : [values] "+&r"(values), [weight] "+&r"(weight), [sums] "+m"(sums), [ends] "+m"(ends),
        [out] "+m"(out), [both_0] "=&r"(both_0), [both_1] "=&r"(both_1), [low_0] "=&r"(low_0),
        [low_1] "=&r"(low_1)
      : [first_value] "m"(first_value), [end] "m"(end), [weight_end] "m"(weight_end),
        [zero] "m"(zero), [skipped] "m"(skipped)
      : "r4", "r5", "r6", "r8", "r9", "r10", "r12", "lr", "cc", "memory");
}

#endif
