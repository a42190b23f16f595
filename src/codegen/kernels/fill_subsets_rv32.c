#ifndef THIMBLE_FILL_SUBSETS_RV32_C
#define THIMBLE_FILL_SUBSETS_RV32_C
#include "thimble_kernel.h"

// As fill_subsets, in RISC-V's instructions: GCC would cut each sum to 16 bits.
THIMBLE_KERNEL int fill_subsets(int a, int b, int c, int d, int16_t *table) {
  int sum, all;
  __asm__ volatile(
      "sh zero, 0(%[table])\n"
      "sh %[a], 2(%[table])\n"
      "add %[sum], %[a], %[b]\n"
      "sh %[sum], 6(%[table])\n"
      "sh %[b], 4(%[table])\n"
      "add %[sum], %[b], %[c]\n"
      "sh %[sum], 12(%[table])\n"
      "add %[sum], %[sum], %[a]\n"
      "sh %[sum], 14(%[table])\n"
      "add %[all], %[sum], %[d]\n"
      "sh %[all], 30(%[table])\n"
      "sub %[sum], %[sum], %[b]\n"
      "sh %[sum], 10(%[table])\n"
      "sh %[c], 8(%[table])\n"
      "sh %[d], 16(%[table])\n"
      "add %[sum], %[a], %[d]\n"
      "sh %[sum], 18(%[table])\n"
      "add %[sum], %[sum], %[b]\n"
      "sh %[sum], 22(%[table])\n"
      "sub %[sum], %[sum], %[a]\n"
      "sh %[sum], 20(%[table])\n"
      "add %[sum], %[sum], %[c]\n"
      "sh %[sum], 28(%[table])\n"
      "sub %[sum], %[sum], %[b]\n"
      "sh %[sum], 24(%[table])\n"
      "add %[sum], %[sum], %[a]\n"
      "sh %[sum], 26(%[table])\n"
      : [sum] "=&r"(sum), [all] "=&r"(all)
      : [a] "r"(a), [b] "r"(b), [c] "r"(c), [d] "r"(d), [table] "r"(table)
      : "memory");
  return all;
}

#endif
