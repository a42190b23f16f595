/* What a CH32V003 finds at address 0: the jump that its reset takes, which is also the first word
 * of the table of interrupts (by number, absolute addresses), and the start-up code. No libraries'
 * start-up files are used. Whatever interrupt the port does not answer ends in a loop. */
#include <stdint.h>

__asm__(".option arch, +zicsr"); /* the core has it; -march does not say so */

int main(void);

extern uint32_t data_in_flash[], data_start[], data_end[], bss_start[], bss_end[];

__attribute__((used)) static void unexpected(void) {
  for (;;) {
  }
}

void systick_interrupt(void) __attribute__((weak, alias("unexpected")));
void exti_interrupt(void) __attribute__((weak, alias("unexpected")));
void i2c1_interrupt(void) __attribute__((weak, alias("unexpected")));

__attribute__((naked, section(".vectors"), used)) void vectors(void) {
  __asm__ volatile(
      ".option push\n.option norvc\n"
      "j reset\n"
      ".option pop\n"
      ".rept 11\n.word unexpected\n.endr\n"
      ".word systick_interrupt\n" /* 12 */
      ".rept 7\n.word unexpected\n.endr\n"
      ".word exti_interrupt\n" /* 20 */
      ".rept 9\n.word unexpected\n.endr\n"
      ".word i2c1_interrupt\n" /* 30: events */
      ".word i2c1_interrupt\n" /* 31: errors */
      ".rept 7\n.word unexpected\n.endr\n");
}

__attribute__((used)) static void start(void) {
  const uint32_t *from = data_in_flash;
  for (uint32_t *to = data_start; to < data_end;) *to++ = *from++;
  for (uint32_t *to = bss_start; to < bss_end;) *to++ = 0;
  main();
  unexpected();
}

/* mtvec: the table at 0, entries by interrupt (bit 0), which are addresses (bit 1). */
__attribute__((naked, used)) void reset(void) {
  __asm__ volatile(
      ".option push\n.option norelax\n"
      "la gp, __global_pointer$\n"
      ".option pop\n"
      "la sp, stack_top\n"
      "li a0, 3\n"
      "csrw mtvec, a0\n"
      "j start\n");
}
