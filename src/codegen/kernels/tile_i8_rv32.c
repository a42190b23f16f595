#ifndef THIMBLE_TILE_I8_RV32_C
#define THIMBLE_TILE_I8_RV32_C
#include "block_i8.c"
#include "thimble_kernel.h"

// As tile_i8; four pixels of three or four outputs keep all sums in registers, and each weight and
// value is loaded once for all of them: in the instructions of RV32IM, since GCC would spill.
THIMBLE_KERNEL THIMBLE_ONCE void tile_i8(const int8_t *values, int pitch, int step, int pixels,
                                         const int8_t *weight, int next_run, int next_output,
                                         int outputs, int count, int runs, int32_t *sums) {
  if (pixels < 4 || outputs < 3) {
    do {
      block_i8(values, pitch, weight, next_run, next_output, outputs, count, runs, sums);
      values += step;
      sums += 4;
    } while (--pixels > 0);
    return;
  }
  next_run -= count;
  pitch -= count;
  __asm__(
      /* weights: t0 t1 t2 ra, a value: a0, a product: a1, addresses: a2 a3 a4 */
      ".macro thimble_product weight sum\n"
      "mul a1, a0, \\weight\n"
      "add \\sum, \\sum, a1\n"
      ".endm\n"
      ".macro thimble_pixel sum_0 sum_1 sum_2 sum_3 four\n"
      "thimble_product t0 \\sum_0\n"
      "thimble_product t1 \\sum_1\n"
      "thimble_product t2 \\sum_2\n"
      ".if \\four\n"
      "thimble_product ra \\sum_3\n"
      ".endif\n"
      ".endm\n"
      ".macro thimble_tile four\n"
      "1:\n"
      "lw a7, %[count]\n"
      "add a7, a7, a4\n"
      "2:\n"
      "lb t0, 0(a4)\n"
      "add a1, a4, a5\n"
      "lb t1, 0(a1)\n"
      "add a1, a1, a5\n"
      "lb t2, 0(a1)\n"
      ".if \\four\n"
      "add a1, a1, a5\n"
      "lb ra, 0(a1)\n"
      ".endif\n"
      "addi a4, a4, 1\n"
      "lb a0, 0(a3)\n"
      "add a2, a3, a6\n"
      "addi a3, a3, 1\n"
      "thimble_pixel s0 s1 s2 s3 \\four\n"
      "lb a0, 0(a2)\n"
      "add a2, a2, a6\n"
      "thimble_pixel s4 s5 s6 s7 \\four\n"
      "lb a0, 0(a2)\n"
      "add a2, a2, a6\n"
      "thimble_pixel s8 s9 s10 s11 \\four\n"
      "lb a0, 0(a2)\n"
      "thimble_pixel t3 t4 t5 t6 \\four\n"
      "bne a4, a7, 2b\n"
      "lw a0, %[pitch]\n"
      "add a3, a3, a0\n"
      "lw a0, %[next_run]\n"
      "add a4, a4, a0\n"
      "lw a0, %[runs]\n"
      "addi a0, a0, -1\n"
      "sw a0, %[runs]\n"
      "bgtz a0, 1b\n"
      ".endm\n"
      ".macro thimble_sums do\n"
      "lw a1, %[sums]\n"
      "\\do s0, 0(a1)\n"
      "\\do s1, 4(a1)\n"
      "\\do s2, 8(a1)\n"
      "\\do s3, 12(a1)\n"
      "\\do s4, 16(a1)\n"
      "\\do s5, 20(a1)\n"
      "\\do s6, 24(a1)\n"
      "\\do s7, 28(a1)\n"
      "\\do s8, 32(a1)\n"
      "\\do s9, 36(a1)\n"
      "\\do s10, 40(a1)\n"
      "\\do s11, 44(a1)\n"
      "\\do t3, 48(a1)\n"
      "\\do t4, 52(a1)\n"
      "\\do t5, 56(a1)\n"
      "\\do t6, 60(a1)\n"
      ".endm\n"
      "thimble_sums lw\n"
      "lw a3, %[values]\n"
      "lw a4, %[weight]\n"
      "lw a5, %[next_output]\n"
      "lw a6, %[step]\n"
      "lw a0, %[outputs]\n"
      "addi a0, a0, -3\n"
      "beqz a0, 3f\n"
      "thimble_tile 1\n"
      "j 4f\n"
      "3:\n"
      "thimble_tile 0\n"
      "4:\n"
      "thimble_sums sw\n"
      ".purgem thimble_sums\n"
      ".purgem thimble_tile\n"
      ".purgem thimble_pixel\n"
      ".purgem thimble_product\n"
      : [runs] "+m"(runs)
      : [values] "m"(values), [weight] "m"(weight), [next_output] "m"(next_output),
        [step] "m"(step), [outputs] "m"(outputs), [count] "m"(count), [pitch] "m"(pitch),
        [next_run] "m"(next_run), [sums] "m"(sums)
      : "ra", "t0", "t1", "t2", "t3", "t4", "t5", "t6", "a0", "a1", "a2", "a3", "a4", "a5", "a6",
        "a7", "s0", "s1", "s2", "s3", "s4", "s5", "s6", "s7", "s8", "s9", "s10", "s11", "memory");
}

#endif
