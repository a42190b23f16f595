/* RISC-V (RV32E or RV32I) on QEMU's virt machine: start-up code, the trap of semihosting, the
 * counter: minstret, which is exact under `-icount`. */
#include "semihosting.h"

__asm__(".option arch, +zicsr"); /* only this file may read counters: -march stays the chip's */

/* Aligned so that QEMU finds the three words on one page. */
__attribute__((naked, noinline, aligned(16))) int semihost(int operation, const void *arguments) {
  __asm__ volatile(
      ".option push\n.option norvc\n"
      "slli x0, x0, 0x1f\nebreak\nsrai x0, x0, 7\n"
      "ret\n.option pop");
}

struct moment count_now(void) {
  struct moment now;
  __asm__ volatile("csrr %0, minstret" : "=r"(now.fine));
  __asm__ volatile("csrr %0, minstreth" : "=r"(now.coarse));
  return now;
}

uint32_t count_between(struct moment from, struct moment to) {
  const uint32_t borrow = to.fine < from.fine;
  return to.coarse - from.coarse == borrow ? to.fine - from.fine : COUNTER_RAN_OUT;
}

/* No register above x15: RV32E. */
#define ON_MARK_STACK(function)       \
  __asm__ volatile(                   \
      "mv a0, sp\n"                   \
      "la sp, mark_stack + %0 - 16\n" \
      "sw a0, 0(sp)\n"                \
      "sw ra, 4(sp)\n"                \
      "call " #function               \
      "\n"                            \
      "lw ra, 4(sp)\n"                \
      "lw sp, 0(sp)\n"                \
      "ret" ::"i"(sizeof mark_stack))

__attribute__((naked, noinline)) void port_start(void) { ON_MARK_STACK(mark_begin); }
__attribute__((naked, noinline)) void port_stop(void) { ON_MARK_STACK(mark_end); }

__attribute__((used, aligned(4))) static void fault(void) { leave(FAULT); }

__attribute__((naked, section(".reset"), used)) void port_reset(void) {
  __asm__ volatile(
      "la sp, __stack_top\n"
      "la t0, fault\n"
      "csrw mtvec, t0\n"
      "li t0, 0x2000\n" /* mstatus.FS: the FPU, if there is one */
      "csrs mstatus, t0\n"
      "j start_program");
}
