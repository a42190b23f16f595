/* RISC-V (RV32E or RV32I) on QEMU's virt machine: start-up code, semihosting files in the working
 * directory, marks. Files and marks are those of port_cortex_m.c, but a mark's first word counts
 * instructions themselves: minstret is exact under `-icount`. */
#include "harness.h"

__asm__(".option arch, +zicsr"); /* only this file may read counters: -march stays the chip's */

extern uint32_t __stack_limit[], __stack_top[], __bss_start[], __bss_end[];
extern int main(void);

/* Outside the chip's RAM: a stack that runs into the data does not reach it. */
#define HARNESS __attribute__((section(".harness")))

enum { SYS_OPEN = 1, SYS_CLOSE = 2, SYS_WRITE = 5, SYS_READ = 6, SYS_SEEK = 10, SYS_FLEN = 12 };
enum { SYS_EXIT_EXTENDED = 0x20 };
enum { MODE_READ = 1, MODE_WRITE = 5 };

/* Aligned so that QEMU finds the three words on one page. */
__attribute__((naked, noinline, aligned(16))) static int semihost(int operation,
                                                                  const void *arguments) {
  __asm__ volatile(
      ".option push\n.option norvc\n"
      "slli x0, x0, 0x1f\nebreak\nsrai x0, x0, 7\n"
      "ret\n.option pop");
}

/* Marks paint the stack (below). Where its last word is no longer paint, the stack has run into the
 * data, whatever failed first because of that. */
#define PAINT 0xc5c5c5c5u
enum { STACK_FAILED = 5 };
HARNESS uint32_t mark_start[2];
HARNESS uint32_t mark_sp;

static void leave(uint32_t code) {
  if (code != 0 && mark_sp != 0 && __stack_limit[0] != PAINT) code = STACK_FAILED;
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

/* Added up rather than multiplied: __mulsi3 is part of the network's bill where there is no MUL. */
HARNESS static uint32_t sample_start, output_start, samples_bytes;
HARNESS static uint32_t samples_file, outputs_file, marks_file;

void port_open(void) {
  samples_file = open_file("samples.bin", 11, MODE_READ);
  outputs_file = open_file("outputs.bin", 11, MODE_WRITE);
  marks_file = open_file("marks.bin", 9, MODE_WRITE);
  samples_bytes = (uint32_t)semihost(SYS_FLEN, &samples_file);
  sample_start = 0u - network_input_bytes;
  output_start = 0u - network_output_bytes;
}

int port_next(void) {
  sample_start += network_input_bytes;
  output_start += network_output_bytes;
  return sample_start < samples_bytes;
}

void port_read(uint32_t offset, void *to, uint32_t bytes) {
  seek(samples_file, sample_start + offset);
  transfer(SYS_READ, samples_file, to, bytes);
}

void port_write(uint32_t offset, const void *from, uint32_t bytes) {
  seek(outputs_file, output_start + offset);
  transfer(SYS_WRITE, outputs_file, from, bytes);
}

static uint32_t count_now(void) {
  uint32_t count;
  __asm__ volatile("csrr %0, minstret" : "=r"(count));
  return count;
}

/* A record of steps.bin: the group that begins, and the counter when the last record's group ended
 * and when it began, between which nothing of the recording lies. */
HARNESS static uint32_t steps_file, step_begun;

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

/* In assembly because marks leave the stack below their caller alone: the first paints it, the
 * second looks for the lowest word that is no longer paint. No register above x15: RV32E. */
#define PAINT_TEXT "0xc5c5c5c5"

__attribute__((naked, noinline)) void port_start(void) {
  __asm__ volatile(
      "la t0, __stack_limit\n"
      "li t1, " PAINT_TEXT
      "\n"
      "1: bgeu t0, sp, 2f\n"
      "sw t1, 0(t0)\n"
      "addi t0, t0, 4\n"
      "j 1b\n"
      "2: la t0, mark_sp\n"
      "sw sp, 0(t0)\n"
      "la t0, mark_start\n"
      "csrr t1, minstreth\n"
      "sw t1, 4(t0)\n"
      "csrr t1, minstret\n"
      "sw t1, 0(t0)\n"
      "ret");
}

__attribute__((naked, noinline)) void port_stop(void) {
  __asm__ volatile(
      "csrr a0, minstret\n"
      "csrr a1, minstreth\n"
      "la a2, __stack_limit\n"
      "li t1, " PAINT_TEXT
      "\n"
      "1: bgeu a2, sp, 2f\n"
      "lw t0, 0(a2)\n"
      "bne t0, t1, 2f\n"
      "addi a2, a2, 4\n"
      "j 1b\n"
      "2: j port_mark");
}

__attribute__((used)) void port_mark(uint32_t low, uint32_t high, const uint32_t *lowest) {
  uint32_t mark[2];
  const uint32_t borrow = low < mark_start[0];
  mark[0] = high - mark_start[1] == borrow ? low - mark_start[0] : 0xffffffffu;
  mark[1] = mark_sp - (uint32_t)(uintptr_t)lowest;
  if (lowest == __stack_limit) mark[1] = 0xffffffffu;
  transfer(SYS_WRITE, marks_file, mark, sizeof mark);
}

__attribute__((used, aligned(4))) static void fault(void) { leave(4); }

__attribute__((used)) static void start(void) {
  for (uint32_t *word = __bss_start; word < __bss_end; ++word) *word = 0;
  main();
  leave(0);
}

__attribute__((naked, section(".reset"), used)) void port_reset(void) {
  __asm__ volatile(
      "la sp, __stack_top\n"
      "la t0, fault\n"
      "csrw mtvec, t0\n"
      "li t0, 0x2000\n" /* mstatus.FS: the FPU, if there is one */
      "csrs mstatus, t0\n"
      "j start");
}
