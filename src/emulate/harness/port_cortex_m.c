/* Cortex-M on QEMU's MPS boards: start-up code, the trap of semihosting, the counter.
 *
 * The counter is the board's FPGAIO block (where it is stands in emulate/qemu.cpp), which runs at
 * 20 or 25 MHz of virtual time. QEMU runs with `-icount shift=7`: each instruction takes 128 ns,
 * that is 2.5 or 3.2 ticks, so a difference of two readings, off by less than a tick, rounds to the
 * exact number of instructions. It runs out after 1.3e9 of them. */
#include "semihosting.h"

extern uint32_t __stack_top[];

/* Of the FPGAIO block: seconds, and ticks that wrap after 171 seconds. */
extern volatile uint32_t __fpgaio_clk1hz, __fpgaio_counter;
#define WRAP_SECONDS 171u
#define CPACR (*(volatile uint32_t *)0xe000ed88u) /* coprocessor access: the FPU */

int semihost(int operation, const void *arguments) {
  register int r0 __asm__("r0") = operation;
  register const void *r1 __asm__("r1") = arguments;
  __asm__ volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
  return r0;
}

struct moment count_now(void) {
  struct moment now;
  now.fine = __fpgaio_counter;
  now.coarse = __fpgaio_clk1hz;
  return now;
}

uint32_t count_between(struct moment from, struct moment to) {
  return to.coarse - from.coarse < WRAP_SECONDS ? to.fine - from.fine : COUNTER_RAN_OUT;
}

#define ON_MARK_STACK(function)     \
  __asm__ volatile(                 \
      "mov r0, sp\n"                \
      "mov r2, lr\n"                \
      "ldr r1, =mark_stack + %c0\n" \
      "mov sp, r1\n"                \
      "push {r0, r2}\n"             \
      "bl " #function               \
      "\n"                          \
      "pop {r0, r1}\n"              \
      "mov sp, r0\n"                \
      "bx r1\n"                     \
      ".ltorg" ::"i"(sizeof mark_stack))

__attribute__((naked, noinline)) void port_start(void) { ON_MARK_STACK(mark_begin); }
__attribute__((naked, noinline)) void port_stop(void) { ON_MARK_STACK(mark_end); }

void port_fault(void) { leave(FAULT); }

void port_reset(void) {
  CPACR |= 0xfu << 20;
  start_program();
}

/* Initial stack pointer, then reset and the faults. */
__attribute__((section(".vectors"), used)) static const uintptr_t vectors[16] = {
    (uintptr_t)__stack_top, (uintptr_t)port_reset, (uintptr_t)port_fault, (uintptr_t)port_fault,
    (uintptr_t)port_fault,  (uintptr_t)port_fault, (uintptr_t)port_fault,
};
