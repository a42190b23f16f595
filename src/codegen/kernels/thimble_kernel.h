// What a kernel file needs to compile alone on the host, as the tests do: codegen prints its own
// version of these lines for the target (codegen/prelude.cpp).
#ifndef THIMBLE_KERNEL_H
#define THIMBLE_KERNEL_H

#include <stdint.h>

#define THIMBLE_KERNEL static __attribute__((unused))

// For helpers with an inner loop: inlined into a deep nest, their registers would be spilled.
#define THIMBLE_NOINLINE __attribute__((noinline))

// For helpers in assembly, which gain nothing by copies for constant arguments.
#define THIMBLE_ONCE __attribute__((noinline, noclone))

// For helpers of many arguments: the caller's own body.
#define THIMBLE_INLINE inline __attribute__((always_inline))

// Tables lie in flash; where flash is a separate memory these are special instructions.
#define THIMBLE_READ_I8(p) (*(p))
#define THIMBLE_READ_U8(p) (*(p))
#define THIMBLE_READ_U16(p) (*(p))
#define THIMBLE_READ_I16(p) (*(p))
#define THIMBLE_READ_I32(p) (*(p))
#define THIMBLE_READ_F32(p) (*(p))

// ++(p) that the compiler keeps: on AVR it would merge two into an offset, which loads from flash
// and by the register X do not have.
#define THIMBLE_STEP(p) ++(p)

// Kernels that only move elements, or pick among them, are printed for each type of element.
#if defined(THIMBLE_ELEMENT_F32)
typedef float thimble_element;
#define THIMBLE_READ_ELEMENT(p) THIMBLE_READ_F32(p)
#else
typedef int8_t thimble_element;
#define THIMBLE_READ_ELEMENT(p) THIMBLE_READ_I8(p)
#endif

// Kernels of a whole family leave their function open; alone they are its simplest member.
#define THIMBLE_FIRST(first, ...) (first)
#define THIMBLE_FUNCTION(...) THIMBLE_FIRST(__VA_ARGS__, 0)

// Kernels of packed weights are printed for each code; alone they are those of 4 bits.
#define THIMBLE_LANES 2
#define THIMBLE_OUTPUTS 2
#define THIMBLE_BITS 4

// Requantization is the plan's choice: m16 unless told otherwise.
#if defined(THIMBLE_REQUANT_Q31)
typedef int32_t thimble_multiplier;
#define THIMBLE_READ_MULTIPLIER(p) THIMBLE_READ_I32(p)
#include "requant_q31.c"
#elif defined(THIMBLE_REQUANT_POW2)
typedef int16_t thimble_multiplier;
#define THIMBLE_READ_MULTIPLIER(p) THIMBLE_READ_I16(p)
#include "requant_pow2.c"
#else
typedef int16_t thimble_multiplier;
#define THIMBLE_READ_MULTIPLIER(p) THIMBLE_READ_I16(p)
#include "requant_m16.c"
#endif

#endif
