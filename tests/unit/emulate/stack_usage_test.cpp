// The bound of the stack is one: what an emulator measures where the run goes the deepest way, no
// less where it does not, and absent where calls go in circles. Where the linked program alone does
// not tell (stack_depth.h), the compiler's figures do (stack_usage.h).
#include "emulate/stack_usage.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "emulate/run.h"
#include "fake_network.h"

namespace thimble::emulate {
namespace {

using ::testing::HasSubstr;

constexpr const char *kTargets[] = {"atmega328p", "attiny85",  "ch32v003",  "rv32imc",
                                    "cortex-m0",  "cortex-m4", "cortex-m7", "cortex-m55"};

Result<Bill> bill_on(const std::string &target_name, const Fake &fake) {
  TRY(const targets::Target target, targets::find_target(target_name));
  TRY(const RunResult result, build_and_run(fake_network(fake), target, fake_samples(1)));
  return result.bill;
}

// Two functions deep, each with an array that it fills.
Fake two_deep() {
  return {.tables = R"(
#define APART static __attribute__((noinline))
APART uint8_t inner(uint8_t n) {
  volatile uint8_t space[40];
  for (uint8_t i = 0; i < 40; ++i) space[i] = n;
  return space[n & 31];
}
APART uint8_t outer(uint8_t n) {
  volatile uint8_t space[24];
  for (uint8_t i = 0; i < 24; ++i) space[i] = inner(n);
  return space[n & 15];
})",
          .work = "  fake_arena[0] = outer(fake_arena[0]);"};
}

// On every target the bound, of `least` bytes or more, is what is measured.
void expect_reached(const Fake &fake, std::int64_t least) {
  for (const char *name : kTargets) {
    const auto bill = bill_on(name, fake);
    SKIP_WITHOUT(bill);
    ASSERT_OK(bill);
    EXPECT_GE(bill->ram_stack, least) << name;
    EXPECT_EQ(bill->ram_stack_bound.value_or(0), bill->ram_stack) << name;
  }
}

TEST(StackUsage, TheBoundIsReachedByARunThatGoesTheDeepestWay) {
  for (const char *name : kTargets) {
    const auto bill = bill_on(name, two_deep());
    SKIP_WITHOUT(bill);
    ASSERT_OK(bill);
    EXPECT_GE(bill->ram_stack, 64) << name;
    EXPECT_EQ(bill->ram_stack_bound.value_or(0), bill->ram_stack) << name;
    EXPECT_TRUE(check_stack(*bill).ok()) << name;
  }
}

TEST(StackUsage, WhatIsNeverWrittenOfAFrameCounts) {
  const Fake fake{.tables = R"(
static __attribute__((noinline)) void leaf(void) {
  volatile uint8_t space[200];
  space[8] = 1;
})",
                  .work = "  leaf();"};
  expect_reached(fake, 200);
}

// The first frame's last byte lies between the second one's last and what is written of it.
TEST(StackUsage, WhatEveryRunTakesCountsThoughAnotherDepthIsNearer) {
  const Fake fake{.tables = R"(
static __attribute__((noinline)) void all(void) {
  volatile uint8_t space[160];
  for (uint8_t i = 0; i < 160; ++i) space[i] = 1;
}
static __attribute__((noinline)) void some(void) {
  volatile uint8_t space[200];
  space[120] = 1;
})",
                  .work = "  all();\n  some();"};
  expect_reached(fake, 200);
}

// And where it depends on the input, what is written alone.
TEST(StackUsage, WhatNotEveryRunTakesDoesNotCount) {
  const Fake fake{.tables = R"(
static __attribute__((noinline)) void some(void) {
  volatile uint8_t space[200];
  space[199] = 1;
})",
                  .work = "  if (fake_arena[0] == 99) some();"};
  for (const char *name : kTargets) {
    const auto bill = bill_on(name, fake);
    SKIP_WITHOUT(bill);
    ASSERT_OK(bill);
    EXPECT_LT(bill->ram_stack, 100) << name;
    EXPECT_GE(bill->ram_stack_bound.value_or(0), 200) << name;
  }
}

// Thumb-1's branches reach 2 KB: GCC takes calls for longer ones.
TEST(StackUsage, AFarJumpIsNoCall) {
  std::string loop = "  uint32_t n = fake_arena[0] + 1u;\n  do {\n";
  for (int i = 0; i < 1200; ++i) loop += "    __asm__ volatile(\"nop\");\n";
  const auto bill = bill_on("cortex-m0", {.work = loop + "  } while (--n);"});
  SKIP_WITHOUT(bill);
  ASSERT_OK(bill);
  EXPECT_EQ(bill->ram_stack_bound.value_or(0), bill->ram_stack);
  EXPECT_LT(bill->ram_stack, 100);
}

TEST(StackUsage, AssemblyIsWalkedThrough) {
  for (const auto &[name, assembly] :
       {std::pair("atmega328p", ".rept 40\\n push r24\\n .endr\\n .rept 40\\n pop r24\\n .endr"),
        std::pair("ch32v003", "addi sp, sp, -256\\n sw zero, 0(sp)\\n addi sp, sp, 256"),
        std::pair("cortex-m0", "sub sp, #256\\n str r0, [sp]\\n add sp, #256"),
        std::pair("cortex-m4",
                  "push {r0-r9}\\n sub.w sp, sp, #1000\\n str r0, [sp]\\n"
                  "addw sp, sp, #1000\\n pop {r0-r9}")}) {
    const auto bill = bill_on(name, {.tables = R"(
static __attribute__((noinline)) void leaf(void) {
  __asm__ volatile(")" + std::string(assembly) +
                                               R"(" ::: "memory");
})",
                                     .work = "  leaf();"});
    SKIP_WITHOUT(bill);
    ASSERT_OK(bill);
    EXPECT_GE(bill->ram_stack, 40) << name;
    EXPECT_EQ(bill->ram_stack_bound.value_or(0), bill->ram_stack) << name;
  }
}

// The stack pointer becomes what the code does not tell: what it was.
constexpr const char *kLost = "in r18, 0x3d\\n out 0x3d, r18\\n";

TEST(StackUsage, WhatAssemblyPushesItsLabelSays) {
  const auto pushing = [](const std::string &label) {
    return Fake{
        .tables = R"(
static __attribute__((noinline)) void leaf(void) {
  __asm__ volatile(")" +
                  label + kLost +
                  R"(.rept 40\n push r24\n .endr\n .rept 40\n pop r24\n .endr\n" ::: "r18", "r24");
})",
        .work = "  leaf();"};
  };
  const auto said = bill_on("atmega328p", pushing("thimble_pushes_40_%=:\\n"));
  SKIP_WITHOUT(said);
  ASSERT_OK(said);
  EXPECT_GE(said->ram_stack, 40);
  EXPECT_GE(said->ram_stack_bound.value_or(0), said->ram_stack);
  const auto silent = bill_on("atmega328p", pushing(""));
  ASSERT_OK(silent);
  EXPECT_LT(silent->ram_stack_bound.value_or(0), silent->ram_stack);
}

// Assembly that calls by itself what is no callback, beside a call of one: the sum of the deepest
// of both is not taken.
TEST(StackUsage, WhatAssemblyCallsItsLabelSays) {
  const std::string work = R"(  __asm__ volatile(
      "thimble_pushes_12_%=:\n .rept 10\n push r24\n .endr\n"
      "ldi r30, pm_lo8(1f)\n ldi r31, pm_hi8(1f)\n icall\n rjmp 2f\n 1: ret\n 2:\n"
      ".rept 10\n pop r24\n .endr\n thimble_pushed_%=:\n" ::: "r24", "r30", "r31", "memory");
  if (emit) emit(user, 0, 0, fake_arena);)";
  const auto bill = bill_on("atmega328p", {.stream_out = true, .work = work});
  SKIP_WITHOUT(bill);
  ASSERT_OK(bill);
  EXPECT_EQ(bill->ram_stack_bound.value_or(0), bill->ram_stack);
}

TEST(StackUsage, CallbacksOfTheCallerCount) {
  for (const char *name : kTargets) {
    const auto bill = bill_on(name, {.stream_in = true, .stream_out = true});
    SKIP_WITHOUT(bill);
    ASSERT_OK(bill);
    EXPECT_GE(bill->ram_stack_bound.value_or(0), bill->ram_stack) << name;
  }
}

// What has no .su file: division, long multiplication, soft floats, <string.h>, <math.h>.
TEST(StackUsage, LibraryFunctionsNeedNoMoreThanTheirAllowance) {
  const Fake arithmetic{
      .tables =
          "#include <string.h>\nvolatile uint32_t word = 77; volatile int64_t wide = -99;\n"
          "volatile float real = 1.5f; volatile unsigned size = 9;",
      .work =
          "  word = 1000u / word + (uint32_t)((int32_t)word % 7) * word;\n"
          "  wide = wide * (wide + 5) >> (word & 7);\n"
          "  real = real * 3.0f / (real - 0.25f) + (float)word; word = (uint32_t)real;\n"
          "  memset(fake_arena, 1, size); memcpy(fake_arena, fake_arena + 12, size);"};
  const Fake math{.tables = "#include <math.h>\nvolatile float real = 1.5f;",
                  .work =
                      "  real = expf(real); real = logf(real); real = expf(-80.0f * real);\n"
                      "  real = roundf(100.0f * real);"};
  for (const char *name : kTargets) {
    for (const Fake &fake : {arithmetic, math}) {
      const auto bill = bill_on(name, fake);
      SKIP_WITHOUT(bill);
      ASSERT_OK(bill);
      EXPECT_TRUE(check_stack(*bill).ok())
          << name << ": " << bill->ram_stack << " > " << bill->ram_stack_bound.value_or(0);
    }
  }
}

TEST(StackUsage, CallsThatGoInCirclesHaveNoBound) {
  const Fake fake{.tables = R"(
static __attribute__((noinline)) uint8_t pong(uint8_t n);
static __attribute__((noinline)) uint8_t ping(uint8_t n) {
  volatile uint8_t space[4] = {n};
  return n ? (uint8_t)(pong((uint8_t)(n - 1)) + space[n & 3]) : 0;
}
static __attribute__((noinline)) uint8_t pong(uint8_t n) {
  volatile uint8_t space[4] = {n};
  return n ? (uint8_t)(ping((uint8_t)(n - 1)) + space[n & 3]) : 1;
})",
                  .work = "  fake_arena[0] = ping(3);"};
  for (const char *name : {"atmega328p", "ch32v003", "cortex-m0"}) {
    const auto bill = bill_on(name, fake);
    SKIP_WITHOUT(bill);
    ASSERT_OK(bill);
    EXPECT_FALSE(bill->ram_stack_bound.has_value()) << name;
    EXPECT_FALSE(check_stack(*bill).ok()) << name;
  }
}

// Assembly moves the stack pointer behind the compiler's back, and so that the code does not tell
// where to.
TEST(StackUsage, AStackBeyondItsBoundIsAnError) {
  for (const auto &[name, work] :
       {std::pair("ch32v003", "li t0, -256\\n add sp, sp, t0\\n sw zero, 0(sp)\\n sub sp, sp, t0"),
        std::pair("cortex-m0",
                  "mov r3, sp\\n subs r3, #200\\n mov r2, sp\\n mov sp, r3\\n"
                  "str r3, [r3]\\n mov sp, r2")}) {
    const auto bill = bill_on(
        name, {.work = "  __asm__ volatile(\"" + std::string(work) + "\" ::: \"memory\", \"" +
                       (std::string(name) == "ch32v003" ? "t0" : "r3") + "\");"});
    SKIP_WITHOUT(bill);
    ASSERT_OK(bill);
    const Status checked = check_stack(*bill);
    ASSERT_FALSE(checked.ok()) << name;
    EXPECT_EQ(checked.diagnostics()[0].error_class, ErrorClass::kVerify);
    EXPECT_THAT(checked.diagnostics()[0].what, HasSubstr("its bound is")) << name;
  }
}

}  // namespace
}  // namespace thimble::emulate
