#include "reduce_run_i8.c"
#include "thimble_kernel.h"

// As reduce_narrow_fold_i8; sums of whole fours of channels in the instructions of ARMv7E-M.
// specialise: kind
THIMBLE_KERNEL void reduce_narrow_fold_i8(int16_t *state, const int8_t *row0, int in0_pixel, int x0,
                                          int x1, int kind, int run_w, int run_c, int out_c,
                                          int in_zero) {
  const int is_sum = kind != 1 && kind != 2 && run_c == 1 && in_zero == 0 && out_c % 4 == 0;
  for (int x = x0; x < x1;) {
    int16_t *sum = state + x / run_w * out_c;
    const int rest = x1 - x < run_w - x % run_w ? x1 - x : run_w - x % run_w;
    const int pixels = is_sum ? rest : 1;
    if (is_sum) {
      const int8_t *pixel = row0;
      const int16_t *const end = sum + out_c;
      int left;
      int32_t even, odd, value;
      const int8_t *from;
      __asm__ volatile(
          ".syntax unified\n"
          "1:\n"
          "ldr %[value], [%[sum]]\n"
          "ldr %[odd], [%[sum], #4]\n"
          "mov %[from], %[pixel]\n"
          "mov %[left], %[pixels]\n"
          "pkhbt %[even], %[value], %[odd], lsl #16\n"
          "pkhtb %[odd], %[odd], %[value], asr #16\n"
          "2:\n"
          "ldr %[value], [%[from]]\n"
          "add %[from], %[from], %[step]\n"
          "sxtab16 %[even], %[even], %[value]\n"
          "sxtab16 %[odd], %[odd], %[value], ror #8\n"
          "subs %[left], %[left], #1\n"
          "bne 2b\n"
          "pkhbt %[value], %[even], %[odd], lsl #16\n"
          "pkhtb %[odd], %[odd], %[even], asr #16\n"
          "str %[value], [%[sum]], #4\n"
          "str %[odd], [%[sum]], #4\n"
          "add %[pixel], %[pixel], #4\n"
          "cmp %[sum], %[end]\n"
          "bne 1b\n"
          : [sum] "+&r"(sum), [pixel] "+&r"(pixel), [from] "=&r"(from), [left] "=&r"(left),
            [even] "=&r"(even), [odd] "=&r"(odd), [value] "=&r"(value)
          : [end] "r"(end), [pixels] "r"(pixels), [step] "r"(in0_pixel)
          : "cc", "memory");
    } else {
      for (int c = 0; c < out_c; ++c) {
        sum[c] = (int16_t)reduce_run_i8(sum[c], row0 + c, in0_pixel, kind, 1, run_c, in_zero);
      }
    }
    row0 += pixels * in0_pixel;
    x += pixels;
  }
}
