/* port.h on a CH32V003 at 48 MHz, from its internal oscillator. The button connects PC4 to ground;
 * the display is on SDA = PC1 and SCL = PC2: pins that even the part with eight legs has. The
 * system timer counts the CPU clock freely and ticks every millisecond; an external interrupt reads
 * it at every edge of the contact. */
#include "ch32v003.h"
#include "die_app.h"
#include "port.h"
#include "random.h"

__asm__(".option arch, +zicsr"); /* the core has it; -march does not say so */

#define CLOCK_HZ 48000000u
#define BUS_HZ 400000u
#define BUTTON 4
#define SDA 1
#define SCL 2
#define CYCLES_A_TICK (CLOCK_HZ / 1000)

#define INTERRUPT __attribute__((interrupt, used)) void

static volatile uint16_t edges;
static volatile uint8_t ticked, woken;
static const uint8_t *volatile unsent; /* of what goes on while the processor does something else */
static volatile uint8_t unsent_count, sending;
static uint8_t deaf; /* nobody has answered to the address: bytes are lost until the next start */

INTERRUPT exti_interrupt(void) {
  edges = random_fold(edges, (uint16_t)STK_CNTL);
  EXTI_INTFR = 1u << BUTTON;
  woken = 1;
}

INTERRUPT systick_interrupt(void) {
  STK_CMPLR += CYCLES_A_TICK;
  STK_SR = 0;
  ticked = 1;
}

static void end_of_sending(void) {
  I2C1_CTLR2 = CLOCK_HZ / 1000000; /* no more interrupts */
  I2C1_CTLR1 |= I2C_STOP;
  sending = 0;
}

/* A byte can be taken, all have been sent, or one was not acknowledged. */
INTERRUPT i2c1_interrupt(void) {
  const uint16_t state = I2C1_STAR1;
  if (state & I2C_AF) {
    I2C1_STAR1 = (uint16_t)~I2C_AF;
    end_of_sending();
  } else if (unsent_count > 0) {
    --unsent_count;
    const uint8_t *byte = unsent;
    unsent = byte + 1;
    I2C1_DATAR = *byte;
    if (unsent_count == 0) I2C1_CTLR2 = CLOCK_HZ / 1000000 | I2C_ITEVTEN | I2C_ITERREN;
  } else if (state & I2C_BTF) {
    end_of_sending();
  }
}

static void init_clock(void) {
  FLASH_ACTLR = FLASH_LATENCY_1;
  RCC_CFGR0 = 0; /* the PLL doubles the internal oscillator; AHB undivided */
  RCC_CTLR |= RCC_PLLON;
  while (!(RCC_CTLR & RCC_PLLRDY)) {
  }
  RCC_CFGR0 = RCC_SW_PLL;
  while ((RCC_CFGR0 & RCC_SWS) != RCC_SWS_PLL) {
  }
}

/* A tick from now, and on. */
static void start_ticks(void) {
  STK_CMPLR = STK_CNTL + CYCLES_A_TICK;
  STK_SR = 0;
  STK_CTLR = STK_STE | STK_STIE | STK_STCLK;
}

static void init(void) {
  init_clock();
  RCC_APB2PCENR |= RCC_AFIOEN | RCC_IOPCEN;
  RCC_APB1PCENR |= RCC_I2C1EN | RCC_PWREN;
  GPIOC_OUTDR = 1u << BUTTON; /* pull-up */
  GPIOC_CFGLR = (GPIOC_CFGLR & ~(GPIO_CFG(BUTTON, 15) | GPIO_CFG(SDA, 15) | GPIO_CFG(SCL, 15))) |
                GPIO_CFG(BUTTON, GPIO_PULLED) | GPIO_CFG(SDA, GPIO_OPEN_DRAIN) |
                GPIO_CFG(SCL, GPIO_OPEN_DRAIN);
  AFIO_EXTICR = AFIO_EXTI_PC(BUTTON);
  EXTI_RTENR = EXTI_FTENR = EXTI_EVENR = EXTI_INTENR = 1u << BUTTON;

  I2C1_CTLR2 = CLOCK_HZ / 1000000;
  I2C1_CKCFGR = I2C_FAST | CLOCK_HZ / BUS_HZ / 3;
  I2C1_CTLR1 = I2C_PE;

  start_ticks();
  PWR_CTLR = PWR_PDDS;
  PFIC_SCTLR = PFIC_WFITOWFE | PFIC_SEVONPEND;
  PFIC_IENR(SYSTICK_INTERRUPT) = PFIC_BIT(SYSTICK_INTERRUPT) | PFIC_BIT(EXTI_INTERRUPT) |
                                 PFIC_BIT(I2C1_EVENT_INTERRUPT) | PFIC_BIT(I2C1_ERROR_INTERRUPT);
  __asm__ volatile("csrsi mstatus, 8"); /* MIE */
}

/* Edges of the button wake the processor too: it goes on sleeping. An interrupt between the look at
 * `ticked` and `wfi` is an event, with which that returns at once. */
void port_wait_tick(void) {
  ticked = 0;
  while (!ticked) __asm__ volatile("wfi");
}

/* A page of 71 bytes and its stop take some 77,000 cycles. */
static void wait_for_bus(void) {
  for (uint16_t patience = 20000; patience > 0 && (sending || (I2C1_STAR2 & I2C_BUSY));
       --patience) {
  }
  sending = 0;
}

/* Standby: both oscillators stop, RAM and registers stay. An event from before ends the first `wfi`
 * at once. What wakes up runs at 24 MHz, without the PLL. */
void port_sleep(void) {
  wait_for_bus();
  woken = 0;
  if (port_button_closed()) return;
  STK_CTLR = STK_STE | STK_STCLK;
  PFIC_SCTLR = PFIC_WFITOWFE | PFIC_SEVONPEND | PFIC_SLEEPDEEP;
  while (!woken) __asm__ volatile("wfi");
  PFIC_SCTLR = PFIC_WFITOWFE | PFIC_SEVONPEND;
  init_clock();
  start_ticks();
}

uint8_t port_button_closed(void) { return !(GPIOC_INDR & 1u << BUTTON); }

uint16_t port_take_edges(void) { return edges; }

/* Waits until one of `flags` is set, at most some 1,500 cycles: a byte takes 1,080. 0: none is. */
static uint16_t wait_for(uint16_t flags) {
  for (uint16_t patience = 500; patience > 0; --patience) {
    const uint16_t set = (uint16_t)(I2C1_STAR1 & flags);
    if (set) return set;
  }
  return 0;
}

void port_bus_start(uint8_t address) {
  wait_for_bus();
  I2C1_CTLR1 |= I2C_START;
  deaf = !wait_for(I2C_SB);
  I2C1_DATAR = (uint8_t)(address << 1);
  if (!(wait_for(I2C_ADDR | I2C_AF) & I2C_ADDR)) deaf = 1;
  I2C1_STAR1 = (uint16_t)~I2C_AF;
  (void)I2C1_STAR2;
}

void port_bus_write(uint8_t byte) {
  if (!deaf && wait_for(I2C_TXE)) I2C1_DATAR = byte;
}

void port_bus_stop(void) {
  if (!deaf) wait_for(I2C_BTF);
  I2C1_CTLR1 |= I2C_STOP;
}

void port_bus_send(const uint8_t *bytes, uint8_t count) {
  if (deaf) {
    port_bus_stop();
    return;
  }
  unsent = bytes;
  unsent_count = count;
  sending = 1;
  I2C1_CTLR2 = CLOCK_HZ / 1000000 | I2C_ITEVTEN | I2C_ITBUFEN | I2C_ITERREN;
}

/* Bit 7 stays clear, so that a terminal on the debugger's wire takes it for none of its text. */
void port_frame_starts(void) { DEBUG_DATA0 = 2; }

void port_face_starts(uint8_t face, int8_t latent) {
  DEBUG_DATA0 = (uint32_t)(uint8_t)latent << 16 | (uint32_t)face << 8 | 1;
}

void port_face_ends(void) {
  wait_for_bus();
  DEBUG_DATA0 = 0;
}

int main(void) {
  init();
  die_start();
  for (;;) die_roll();
}
