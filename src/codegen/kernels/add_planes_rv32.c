#ifndef THIMBLE_ADD_PLANES_RV32_C
#define THIMBLE_ADD_PLANES_RV32_C
#include "thimble_kernel.h"

// As add_planes, in RISC-V's instructions, of RV32E's registers: five of them a table's entry.
THIMBLE_KERNEL THIMBLE_NOINLINE void add_planes(const int16_t *table, const int16_t *codes,
                                                int outputs, int32_t *sums) {
  const int32_t *const end = sums + outputs;
  int32_t sum, code, entry;
  __asm__ volatile(
      "1:\n"
      ".set thimble_at, 0\n"
      ".rept %[bits]\n"
      "lh %[code], thimble_at(%[codes])\n"
      "slli %[entry], %[code], 1\n"
      "andi %[entry], %[entry], 30\n"
      "add %[entry], %[entry], %[table]\n"
      ".if thimble_at\n"
      "slli %[sum], %[sum], 1\n"
      "lh %[entry], 0(%[entry])\n"
      "add %[sum], %[sum], %[entry]\n"
      ".else\n"
      "lh %[sum], 0(%[entry])\n"
      ".endif\n"
      ".set thimble_from, 0\n"
      ".rept 3\n"
      ".set thimble_from, thimble_from + 4\n"
      "srli %[entry], %[code], thimble_from - 1\n"
      "andi %[entry], %[entry], 30\n"
      "add %[entry], %[entry], %[table]\n"
      "lh %[entry], thimble_from * 8(%[entry])\n"
      "add %[sum], %[sum], %[entry]\n"
      ".endr\n"
      ".set thimble_at, thimble_at + 2\n"
      ".endr\n"
      "lw %[entry], 0(%[sums])\n"
      "addi %[codes], %[codes], thimble_at\n"
      "add %[entry], %[entry], %[sum]\n"
      "sw %[entry], 0(%[sums])\n"
      "addi %[sums], %[sums], 4\n"
      "bne %[sums], %[end], 1b\n"
      : [codes] "+&r"(codes), [sums] "+&r"(sums), [sum] "=&r"(sum), [code] "=&r"(code),
        [entry] "=&r"(entry)
      : [table] "r"(table), [end] "r"(end), [bits] "i"(THIMBLE_BITS)
      : "memory");
}

#endif
