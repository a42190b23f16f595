/* AVR on libsimavr. A call of the host is the instruction `mov rN, rN`: it does nothing on any AVR,
 * no compiler emits it, and the simulator (emulate/simavr.cpp) looks for it before each
 * instruction. The host finds the arguments in the registers of the calling convention: offset
 * r22..r25, pointer r20..r21, bytes r16..r19; an answer goes to r24..r25. */
#include "harness.h"

#define HOST_CALL(number) __asm__ volatile("mov r" #number ", r" #number "\n\tret")

__attribute__((naked, noinline)) void port_start(void) { HOST_CALL(0); }
__attribute__((naked, noinline)) void port_stop(void) { HOST_CALL(1); }
__attribute__((naked, noinline)) int port_next(void) { HOST_CALL(2); }
__attribute__((naked, noinline)) void port_read(uint32_t offset, void *to, uint32_t bytes) {
  HOST_CALL(3);
}
__attribute__((naked, noinline)) void port_write(uint32_t offset, const void *from,
                                                 uint32_t bytes) {
  HOST_CALL(4);
}
__attribute__((naked, noinline)) void port_close(void) { HOST_CALL(5); }
__attribute__((naked, noinline)) void port_step(int group) { HOST_CALL(6); }
void port_open(void) {}
