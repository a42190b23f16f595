/* The registers of a CH32V003 that the die uses, by the names of WCH's reference manual (chapter in
 * brackets). Bits are given where they are used. */
#ifndef DIE_CH32V003_H
#define DIE_CH32V003_H

#include <stdint.h>

#define CH32_REGISTER(type, address) (*(volatile type *)(address))

/* Reset and clock control [3] */
#define RCC_CTLR CH32_REGISTER(uint32_t, 0x40021000)
#define RCC_PLLON (1u << 24)
#define RCC_PLLRDY (1u << 25)
#define RCC_CFGR0 CH32_REGISTER(uint32_t, 0x40021004)
#define RCC_SW_PLL 2u /* system clock: the PLL, twice the internal 24 MHz; AHB undivided */
#define RCC_SWS 0xCu
#define RCC_SWS_PLL 0x8u
#define RCC_APB2PCENR CH32_REGISTER(uint32_t, 0x40021018)
#define RCC_AFIOEN (1u << 0)
#define RCC_IOPCEN (1u << 4)
#define RCC_APB1PCENR CH32_REGISTER(uint32_t, 0x4002101C)
#define RCC_I2C1EN (1u << 21)
#define RCC_PWREN (1u << 28)

/* Flash [16] */
#define FLASH_ACTLR CH32_REGISTER(uint32_t, 0x40022000)
#define FLASH_LATENCY_1 1u /* one wait state: above 24 MHz */

/* Power [2] */
#define PWR_CTLR CH32_REGISTER(uint32_t, 0x40007000)
#define PWR_PDDS (1u << 1) /* deep sleep is standby */

/* Pins and their interrupts [7] */
#define GPIOC_CFGLR CH32_REGISTER(uint32_t, 0x40011000)
#define GPIOC_INDR CH32_REGISTER(uint32_t, 0x40011008)
#define GPIOC_OUTDR CH32_REGISTER(uint32_t, 0x4001100C)
#define GPIO_CFG(pin, bits) ((uint32_t)(bits) << 4 * (pin)) /* four bits a pin, of these: */
#define GPIO_PULLED 0x8u                                    /* input, pulled to what OUTDR says */
#define GPIO_OPEN_DRAIN 0xDu /* of the pin's alternate function, 10 MHz */
#define AFIO_EXTICR CH32_REGISTER(uint32_t, 0x40010008)
#define AFIO_EXTI_PC(pin) (2u << 2 * (pin)) /* the line of that number is on port C */
#define EXTI_INTENR CH32_REGISTER(uint32_t, 0x40010400)
#define EXTI_EVENR CH32_REGISTER(uint32_t, 0x40010404) /* events, for `wfi` as an event's wait */
#define EXTI_RTENR CH32_REGISTER(uint32_t, 0x40010408)
#define EXTI_FTENR CH32_REGISTER(uint32_t, 0x4001040C)
#define EXTI_INTFR CH32_REGISTER(uint32_t, 0x40010414) /* written as 1: cleared */

/* I2C, a master that sends [12] */
#define I2C1_CTLR1 CH32_REGISTER(uint16_t, 0x40005400)
#define I2C_PE (1u << 0)
#define I2C_START (1u << 8)
#define I2C_STOP (1u << 9)
#define I2C1_CTLR2 CH32_REGISTER(uint16_t, 0x40005404) /* low six bits: MHz of the clock */
#define I2C_ITERREN (1u << 8)
#define I2C_ITEVTEN (1u << 9)
#define I2C_ITBUFEN (1u << 10)
#define I2C1_DATAR CH32_REGISTER(uint16_t, 0x40005410)
#define I2C1_STAR1 CH32_REGISTER(uint16_t, 0x40005414)
#define I2C_SB (1u << 0)   /* the start has been sent */
#define I2C_ADDR (1u << 1) /* the address has been acknowledged; cleared by reading STAR2 */
#define I2C_BTF (1u << 2)  /* everything has been sent */
#define I2C_TXE (1u << 7)  /* DATAR is free */
#define I2C_AF (1u << 10)  /* nobody has acknowledged */
#define I2C1_STAR2 CH32_REGISTER(uint16_t, 0x40005418)
#define I2C_BUSY (1u << 1)
#define I2C1_CKCFGR CH32_REGISTER(uint16_t, 0x4000541C) /* low twelve bits: thirds of a bit */
#define I2C_FAST (1u << 15)

/* Interrupts, the system timer and sleep: QingKe V2A [6 and the core's manual] */
#define PFIC_IENR(number) CH32_REGISTER(uint32_t, 0xE000E100 + 4 * ((number) / 32))
#define PFIC_IRER(number) CH32_REGISTER(uint32_t, 0xE000E180 + 4 * ((number) / 32))
#define PFIC_BIT(number) (1u << (number) % 32)
#define PFIC_SCTLR CH32_REGISTER(uint32_t, 0xE000ED10)
#define PFIC_SLEEPDEEP (1u << 2)
#define PFIC_WFITOWFE                                                                              \
  (1u << 3)                      /* `wfi` waits for an event, and returns at once if there was one \
                                  */
#define PFIC_SEVONPEND (1u << 4) /* an interrupt that becomes pending is such an event */
#define STK_CTLR CH32_REGISTER(uint32_t, 0xE000F000)
#define STK_STE (1u << 0)
#define STK_STIE (1u << 1)
#define STK_STCLK (1u << 2) /* counts the CPU clock itself */
#define STK_SR CH32_REGISTER(uint32_t, 0xE000F004)
#define STK_CNTL CH32_REGISTER(uint32_t, 0xE000F008)
#define STK_CMPLR CH32_REGISTER(uint32_t, 0xE000F010)

/* What the debugger's wire reads while the program runs */
#define DEBUG_DATA0 CH32_REGISTER(uint32_t, 0xE00000F4)

enum ch32_interrupt {
  SYSTICK_INTERRUPT = 12,
  EXTI_INTERRUPT = 20,
  I2C1_EVENT_INTERRUPT = 30,
  I2C1_ERROR_INTERRUPT = 31
};

#endif
