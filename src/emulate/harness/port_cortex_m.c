/* Cortex-M on QEMU's MPS boards: start-up code, semihosting files in the working directory, marks.
 *
 * samples.bin holds the inputs; outputs.bin and marks.bin are written. A mark reads the board's
 * FPGAIO counter (where it is stands in emulate/qemu.cpp), which runs at 20 or 25 MHz of virtual
 * time. QEMU runs with `-icount shift=7`: each instruction takes 128 ns, that is 2.5 or 3.2 ticks,
 * so a difference of two readings, off by less than a tick, rounds to the exact number of
 * instructions. One mark is two words: ticks since start (all ones: the counter ran out,
 * after 1.3e9 instructions), and the stack's depth in bytes below the caller of port_start (all
 * ones: it reached its limit). */
#include "harness.h"

extern uint32_t __stack_limit[], __stack_top[], __bss_start[], __bss_end[];
extern int main(void);

/* Of the FPGAIO block: seconds, and ticks that wrap after 171 seconds. */
extern volatile uint32_t __fpgaio_clk1hz, __fpgaio_counter;
#define CPACR (*(volatile uint32_t *)0xe000ed88u) /* coprocessor access: the FPU */

enum { SYS_OPEN = 1, SYS_CLOSE = 2, SYS_WRITE = 5, SYS_READ = 6, SYS_SEEK = 10, SYS_FLEN = 12 };
enum { SYS_EXIT_EXTENDED = 0x20 };
enum { MODE_READ = 1, MODE_WRITE = 5 };

static int semihost(int operation, const void *arguments) {
  register int r0 __asm__("r0") = operation;
  register const void *r1 __asm__("r1") = arguments;
  __asm__ volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
  return r0;
}

static void leave(uint32_t code) {
  const uint32_t arguments[2] = {0x20026u /* the application exits */, code};
  for (;;) semihost(SYS_EXIT_EXTENDED, arguments);
}

static uint32_t open_file(const char *name, uint32_t length, uint32_t mode) {
  const uint32_t arguments[3] = {(uint32_t)(uintptr_t)name, mode, length};
  const int handle = semihost(SYS_OPEN, arguments);
  if (handle < 0) leave(2);
  return (uint32_t)handle;
}

static void transfer(int operation, uint32_t handle, const void *bytes, uint32_t count) {
  const uint32_t arguments[3] = {handle, (uint32_t)(uintptr_t)bytes, count};
  if (semihost(operation, arguments) != 0) leave(3); /* the answer is what was not transferred */
}

static void seek(uint32_t handle, uint32_t position) {
  const uint32_t arguments[2] = {handle, position};
  semihost(SYS_SEEK, arguments);
}

static uint32_t samples_file, outputs_file, marks_file;
static uint32_t sample_count, next_sample;

void port_open(void) {
  samples_file = open_file("samples.bin", 11, MODE_READ);
  outputs_file = open_file("outputs.bin", 11, MODE_WRITE);
  marks_file = open_file("marks.bin", 9, MODE_WRITE);
  sample_count = (uint32_t)semihost(SYS_FLEN, &samples_file) / network_input_bytes;
}

int port_next(void) { return next_sample++ < sample_count; }

void port_read(uint32_t offset, void *to, uint32_t bytes) {
  seek(samples_file, (next_sample - 1) * network_input_bytes + offset);
  transfer(SYS_READ, samples_file, to, bytes);
}

void port_write(uint32_t offset, const void *from, uint32_t bytes) {
  seek(outputs_file, (next_sample - 1) * network_output_bytes + offset);
  transfer(SYS_WRITE, outputs_file, from, bytes);
}

static uint32_t count_now(void) { return __fpgaio_counter; }

/* A record of steps.bin: the group that begins, and the counter when the last record's group ended
 * and when it began, between which nothing of the recording lies. */
static uint32_t steps_file, step_begun;

void port_step(int group) {
  uint32_t record[3];
  record[2] = count_now();
  record[1] = step_begun;
  record[0] = (uint32_t)group;
  if (steps_file == 0) steps_file = open_file("steps.bin", 9, MODE_WRITE);
  transfer(SYS_WRITE, steps_file, record, sizeof record);
  step_begun = count_now();
}

void port_close(void) {
  semihost(SYS_CLOSE, &outputs_file);
  semihost(SYS_CLOSE, &marks_file);
  leave(0);
}

/* The marks are written in assembly because they need to leave the stack below their caller alone:
 * the first paints it, the second looks for the lowest word that is no longer paint. The caller's
 * own frame, which holds its return address, ends the search. */
uint32_t mark_second, mark_ticks, mark_sp;
#define WRAP_SECONDS 171u
#define PAINT "0xc5c5c5c5"

__attribute__((naked, noinline)) void port_start(void) {
  __asm__ volatile(
      "ldr r1, =__stack_limit\n"
      "ldr r2, =" PAINT
      "\n"
      "1: cmp r1, sp\n"
      "bhs 2f\n"
      "str r2, [r1]\n"
      "adds r1, #4\n"
      "b 1b\n"
      "2: mov r1, sp\n"
      "ldr r2, =mark_sp\n"
      "str r1, [r2]\n"
      "ldr r2, =__fpgaio_clk1hz\n"
      "ldr r1, [r2]\n"
      "ldr r2, =mark_second\n"
      "str r1, [r2]\n"
      "ldr r2, =__fpgaio_counter\n"
      "ldr r1, [r2]\n"
      "ldr r2, =mark_ticks\n"
      "str r1, [r2]\n"
      "bx lr\n"
      ".ltorg\n");
}

__attribute__((naked, noinline)) void port_stop(void) {
  __asm__ volatile(
      "ldr r2, =__fpgaio_counter\n"
      "ldr r0, [r2]\n"
      "ldr r1, =__stack_limit\n"
      "ldr r2, =" PAINT
      "\n"
      "1: ldr r3, [r1]\n"
      "cmp r3, r2\n"
      "bne 2f\n"
      "adds r1, #4\n"
      "b 1b\n"
      "2: ldr r3, =port_mark\n"
      "bx r3\n"
      ".ltorg\n");
}

__attribute__((used)) void port_mark(uint32_t ticks, const uint32_t *lowest) {
  uint32_t mark[2];
  mark[0] = __fpgaio_clk1hz - mark_second < WRAP_SECONDS ? ticks - mark_ticks : 0xffffffffu;
  mark[1] = (uint32_t)(uintptr_t)lowest >= mark_sp ? 0 : mark_sp - (uint32_t)(uintptr_t)lowest;
  if (lowest == __stack_limit) mark[1] = 0xffffffffu;
  transfer(SYS_WRITE, marks_file, mark, sizeof mark);
}

void port_fault(void) { leave(4); }

void port_reset(void) {
  CPACR |= 0xfu << 20;
  for (uint32_t *word = __bss_start; word < __bss_end; ++word) *word = 0;
  main();
  leave(0);
}

/* Initial stack pointer, then reset and the faults. */
__attribute__((section(".vectors"), used)) static const uintptr_t vectors[16] = {
    (uintptr_t)__stack_top, (uintptr_t)port_reset, (uintptr_t)port_fault, (uintptr_t)port_fault,
    (uintptr_t)port_fault,  (uintptr_t)port_fault, (uintptr_t)port_fault,
};
