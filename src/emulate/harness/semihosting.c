/* Files by semihosting, and marks.
 *
 * A mark is two words: the count since port_start (all ones: the counter ran out), and the stack's
 * depth in bytes below the caller of port_start (all ones: it reached its limit). The stack is
 * painted at the start, and searched for the lowest word that is no longer paint at the end; all of
 * that on a stack of its own, so that every word below the caller is the network's.
 *
 * Loops over memory go by volatile words: a compiler would make calls of memset of them, which the
 * network's bill would then not show. */
#include "semihosting.h"

extern uint32_t __stack_limit[], __bss_start[], __bss_end[];
extern int main(void);

enum { SYS_OPEN = 1, SYS_CLOSE = 2, SYS_WRITE = 5, SYS_READ = 6, SYS_SEEK = 10, SYS_FLEN = 12 };
enum { SYS_EXIT_EXTENDED = 0x20 };
enum { MODE_READ = 1, MODE_WRITE = 5 };
enum { NO_FILE = 2, NO_TRANSFER = 3 }; /* exit codes */

#define PAINT 0xc5c5c5c5u
#define STACK_REACHED_ITS_LIMIT 0xffffffffu

HARNESS uint32_t mark_stack[MARK_STACK_WORDS] __attribute__((aligned(16)));
HARNESS static uint32_t *mark_sp;
HARNESS static struct moment mark_start;

/* A limit that is no longer paint says that the stack has run into the data, whatever failed first
 * because of that. */
void leave(uint32_t code) {
  if (code != 0 && mark_sp != 0 && __stack_limit[0] != PAINT) code = STACK_FAILED;
  const uint32_t arguments[2] = {0x20026u /* the application exits */, code};
  for (;;) semihost(SYS_EXIT_EXTENDED, arguments);
}

static uint32_t open_file(const char *name, uint32_t length, uint32_t mode) {
  const uint32_t arguments[3] = {(uint32_t)(uintptr_t)name, mode, length};
  const int handle = semihost(SYS_OPEN, arguments);
  if (handle < 0) leave(NO_FILE);
  return (uint32_t)handle;
}

static void transfer(int operation, uint32_t handle, const void *bytes, uint32_t count) {
  const uint32_t arguments[3] = {handle, (uint32_t)(uintptr_t)bytes, count};
  if (semihost(operation, arguments) != 0) leave(NO_TRANSFER); /* answers what is left */
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

void port_close(void) {
  semihost(SYS_CLOSE, &outputs_file);
  semihost(SYS_CLOSE, &marks_file);
  leave(0);
}

/* Where an emulator that counts by itself looks at its counts: right within what two readings of
 * the machine's counter enclose, so that both enclose the network and some, always the same, of
 * this. */
__attribute__((noipa)) static void mark_here(void) { __asm__ volatile(""); }
__attribute__((noipa)) static void step_here(void) { __asm__ volatile(""); }

/* A record of steps.bin: the group that begins, and the counter when the last record's group ended
 * and when it began, between which nothing of the recording lies. */
HARNESS static uint32_t steps_file, step_begun;

void port_step(int group) {
  uint32_t record[3];
  step_here();
  record[2] = count_now().fine;
  record[1] = step_begun;
  record[0] = (uint32_t)group;
  if (steps_file == 0) steps_file = open_file("steps.bin", 9, MODE_WRITE);
  transfer(SYS_WRITE, steps_file, record, sizeof record);
  step_begun = count_now().fine;
  step_here();
}

void mark_begin(uint32_t *stack_pointer) {
  for (volatile uint32_t *word = __stack_limit; word < stack_pointer; ++word) *word = PAINT;
  mark_sp = stack_pointer;
  mark_start = count_now();
  mark_here();
}

void mark_end(void) {
  mark_here();
  const struct moment now = count_now();
  uint32_t mark[2];
  const volatile uint32_t *lowest = __stack_limit;
  while (lowest < mark_sp && *lowest == PAINT) ++lowest;
  mark[0] = count_between(mark_start, now);
  mark[1] = lowest == __stack_limit ? STACK_REACHED_ITS_LIMIT
                                    : (uint32_t)((uintptr_t)mark_sp - (uintptr_t)lowest);
  transfer(SYS_WRITE, marks_file, mark, sizeof mark);
}

void start_program(void) {
  for (volatile uint32_t *word = __bss_start; word < __bss_end; ++word) *word = 0;
  main();
  leave(0);
}
