#ifndef THIMBLE_OUTPUTS_I8_DOUBLED_MVE_C
#define THIMBLE_OUTPUTS_I8_DOUBLED_MVE_C
#include "thimble_kernel.h"

// As outputs_i8_doubled.c, four at a time: of the 32 x 32 bit products the high halves, rounded.
THIMBLE_KERNEL THIMBLE_NOINLINE void outputs_i8_doubled(int8_t *out, const int32_t *sums, int count,
                                                        const int32_t *full_bias,
                                                        const thimble_multiplier *multiplier,
                                                        const int8_t *shift, int out_zero,
                                                        int act_min, int act_max) {
  const int32_t zero = 2 * out_zero + 1;
  __asm__ volatile(
      "vdup.32 q2, %[least]\n"
      "vdup.32 q3, %[most]\n"
      "dlstp.32 lr, %[count]\n"
      "1:\n"
      "vldrw.32 q1, [%[sums]], #16\n"
      "vldrw.32 q0, [%[bias]], #16\n"
      "vmla.s32 q0, q1, %[two]\n"
      "vldrw.32 q1, [%[factor]], #16\n"
      "vrmulh.s32 q0, q0, q1\n"
      "vshr.s32 q1, q0, #31\n"
      "vadd.i32 q0, q0, q1\n"
      "vldrb.s32 q1, [%[shift]], #4\n"
      "vneg.s32 q1, q1\n"
      "vshl.s32 q0, q0, q1\n"
      "vadd.i32 q0, q0, %[zero]\n"
      "vshr.s32 q0, q0, #1\n"
      "vmax.s32 q0, q0, q2\n"
      "vmin.s32 q0, q0, q3\n"
      "vstrb.32 q0, [%[out]], #4\n"
      "letp lr, 1b\n"
      : [out] "+&l"(out), [sums] "+&r"(sums), [bias] "+&r"(full_bias), [factor] "+&r"(multiplier),
        [shift] "+&l"(shift)
      :
      [count] "r"(count), [two] "r"(2), [zero] "r"(zero), [least] "r"(act_min), [most] "r"(act_max)
      : "q0", "q1", "q2", "q3", "lr", "cc", "memory");
}

#endif
