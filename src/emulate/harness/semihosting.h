/* What the ports of machines with semihosting share: samples.bin, outputs.bin, marks.bin and
 * steps.bin in the working directory of the emulator, and marks that measure the stack. */
#ifndef THIMBLE_SEMIHOSTING_H
#define THIMBLE_SEMIHOSTING_H

#include "harness.h"

/* --- what a port gives --- */

/* Traps to the host; where what `arguments` points to is an array of words, as operations need. */
int semihost(int operation, const void *arguments);

/* A moment by the machine's counter; the coarse part tells how often the fine one has wrapped. */
struct moment {
  uint32_t fine, coarse;
};
struct moment count_now(void);
/* Counts from one moment to another; COUNTER_RAN_OUT if they do not fit. */
uint32_t count_between(struct moment from, struct moment to);
#define COUNTER_RAN_OUT 0xffffffffu

/* port_start (port_stop) calls mark_begin (mark_end) on the harness's own stack, and leaves the
 * words below its caller's frame, which `stack_pointer` points above, as they are. */

/* --- what it gets --- */

/* Outside the chip's RAM, where there is a section for it: a stack that runs into the data does not
 * reach it. */
#define HARNESS __attribute__((section(".harness")))

enum { MARK_STACK_WORDS = 128 };
extern uint32_t mark_stack[MARK_STACK_WORDS];

void mark_begin(uint32_t *stack_pointer);
void mark_end(void);

void start_program(void); /* clears .bss, runs main, does not return */
void leave(uint32_t code);
enum { FAULT = 4, STACK_FAILED = 5 }; /* exit codes; the rest are in semihosting.c */

#endif
