// The counting is right: loops of known length, stacks of known depth, tables of known size.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "emulate/run.h"
#include "fake_network.h"

namespace thimble::emulate {
namespace {

Result<RunResult> run_on(const std::string &target_name, const Fake &fake) {
  TRY(const targets::Target target, targets::find_target(target_name));
  return build_and_run(fake_network(fake), target, fake_samples(2));
}

// What `with` costs beyond an otherwise equal network.
std::int64_t extra_count(const RunResult &with, const RunResult &without) {
  return with.count_per_run - without.count_per_run;
}

TEST(Count, ALoopOfKnownLengthOnCortexM4IsExact) {
  const auto base = run_on("cortex-m4", {});
  SKIP_WITHOUT(base);
  ASSERT_OK(base);
  for (const int turns : {1, 7, 1000, 54321, 20'000'000}) {
    const Fake fake{.work = "  __asm__ volatile(\"ldr r3, =" + std::to_string(turns) +
                            "\\n1: subs r3, #1\\n bne 1b\" ::: \"r3\", \"cc\");"};
    const auto result = run_on("cortex-m4", fake);
    ASSERT_OK(result);
    EXPECT_EQ(extra_count(*result, *base), 1 + 2 * std::int64_t{turns});
  }
}

TEST(Count, ALoopOfKnownLengthOnEveryCortexMIsExact) {
  for (const char *name : {"cortex-m0", "cortex-m7", "cortex-m55"}) {
    const auto base = run_on(name, {});
    SKIP_WITHOUT(base);
    ASSERT_OK(base);
    for (const int turns : {1, 7, 54321, 20'000'000}) {
      const auto result =
          run_on(name, {.work = "  __asm__ volatile(\"ldr r3, =" + std::to_string(turns) +
                                "\\n1: subs r3, #1\\n bne 1b\" ::: \"r3\", \"cc\");"});
      ASSERT_OK(result);
      EXPECT_EQ(extra_count(*result, *base), 1 + 2 * std::int64_t{turns}) << name;
    }
  }
}

TEST(Count, ALoopOfKnownLengthOnRiscvIsExact) {
  for (const char *name : {"ch32v003", "rv32imc"}) {
    const auto base = run_on(name, {});
    SKIP_WITHOUT(base);
    ASSERT_OK(base);
    for (const int turns : {1, 7, 1000, 20'000'001}) {
      // addi is part of li where the constant is small: lui and addi are asked for both.
      const auto result =
          run_on(name, {.work = "  __asm__ volatile(\"lui t0, %%hi(" + std::to_string(turns) +
                                ")\\n addi t0, t0, %%lo(" + std::to_string(turns) +
                                ")\\n1: addi t0, t0, -1\\n bnez t0, 1b\" ::: \"t0\");"});
      ASSERT_OK(result);
      EXPECT_EQ(extra_count(*result, *base), 2 + 2 * std::int64_t{turns}) << name;
    }
  }
}

TEST(Count, ALoopOfKnownLengthOnAtmega328pIsExact) {
  const auto base = run_on("atmega328p", {});
  SKIP_WITHOUT(base);
  ASSERT_OK(base);
  for (const int turns : {1, 7, 1000, 54321}) {
    // ldi, ldi: 1 cycle each; sbiw: 2; brne: 2 taken, 1 not.
    const Fake fake{.work = "  __asm__ volatile(\"ldi r24, lo8(" + std::to_string(turns) +
                            ")\\n ldi r25, hi8(" + std::to_string(turns) +
                            ")\\n1: sbiw r24, 1\\n brne 1b\" ::: \"r24\", \"r25\", \"cc\");"};
    const auto result = run_on("atmega328p", fake);
    ASSERT_OK(result);
    EXPECT_EQ(extra_count(*result, *base), 2 + 4 * turns - 1);
  }
}

// A network whose NAME_run is `body` in assembly alone.
codegen::Emitted bare_network(const std::string &body) {
  codegen::Emitted emitted = fake_network({});
  emitted.files[1].text =
      "#include \"fake.h\"\nFAKE_ARENA_TYPE fake_arena[FAKE_ARENA_LENGTH];\n"
      "__attribute__((naked)) void fake_run(void) { __asm__ volatile(\"" +
      body + "\"); }\n";
  return emitted;
}

TEST(Count, CallAndReturnBelongToTheInference) {
  const auto arm = build_and_run(bare_network("nop\\n nop\\n bx lr"),
                                 *targets::find_target("cortex-m4"), fake_samples(1));
  SKIP_WITHOUT(arm);
  ASSERT_OK(arm);
  EXPECT_EQ(arm->count_per_run, 4);  // bl, nop, nop, bx
  const auto avr = build_and_run(bare_network("nop\\n nop\\n ret"),
                                 *targets::find_target("atmega328p"), fake_samples(1));
  SKIP_WITHOUT(avr);
  ASSERT_OK(avr);
  EXPECT_EQ(avr->count_per_run, 4 + 2 + 4);  // call, two nops, ret
}

TEST(Count, TheStackIsMeasuredFromTheCallOfRun) {
  const auto arm = build_and_run(bare_network("push {r0-r7}\\n pop {r0-r7}\\n bx lr"),
                                 *targets::find_target("cortex-m4"), fake_samples(1));
  SKIP_WITHOUT(arm);
  ASSERT_OK(arm);
  EXPECT_EQ(arm->bill.ram_stack, 32);
  const auto avr = build_and_run(bare_network("push r0\\n push r0\\n pop r0\\n pop r0\\n ret"),
                                 *targets::find_target("atmega328p"), fake_samples(1));
  SKIP_WITHOUT(avr);
  ASSERT_OK(avr);
  EXPECT_EQ(avr->bill.ram_stack, 4);  // two bytes pushed under the return address of two
}

TEST(Count, AnnouncedStepsGetTheirOwnCounts) {
  const auto nops = [](int count) {
    std::string text = "  __asm__ volatile(\"";
    for (int i = 0; i < count; ++i) text += "nop\\n";
    return text + "\");";
  };
  codegen::Emitted emitted =
      fake_network({.tables = "void fake_step(int group);",
                    .work = "  fake_step(0);" + nops(10) + "  fake_step(1);" + nops(40) +
                            "  fake_step(0);" + nops(30) + "  fake_step(-1);"});
  emitted.announces_steps = true;
  for (const char *name : {"atmega328p", "attiny85", "ch32v003", "cortex-m0", "cortex-m55"}) {
    const auto result = build_and_run(emitted, *targets::find_target(name), fake_samples(1));
    SKIP_WITHOUT(result);
    ASSERT_OK(result);
    ASSERT_EQ(result->group_counts.size(), 2u) << name;
    EXPECT_NEAR(static_cast<double>(result->group_counts[0]), 40, 8) << name;
    EXPECT_NEAR(static_cast<double>(result->group_counts[1]), 40, 4) << name;
  }
}

TEST(Bill, TablesStaticsAndCodeAddUp) {
  for (const char *name : {"cortex-m4", "atmega328p", "ch32v003", "rv32imc", "cortex-m55"}) {
    const auto base = run_on(name, {});
    SKIP_WITHOUT(base);
    ASSERT_OK(base);
    EXPECT_EQ(base->bill.ram_arena, 24);
    EXPECT_EQ(base->bill.ram_static, 0);
    EXPECT_GT(base->bill.flash_code, 20);
    EXPECT_LT(base->bill.flash_code, 120);

    const auto with = run_on(name, {.tables = "static uint32_t counter[10];",
                                    .work = "  for (int i = 0; i < 10; ++i) counter[i] += "
                                            "fake_arena[i]; fake_arena[0] = (uint8_t)counter[9];",
                                    .weight_bytes = 8});
    ASSERT_OK(with);
    EXPECT_EQ(with->bill.ram_static, 40) << name;
    EXPECT_EQ(with->bill.flash_total - with->bill.flash_code, 8);
    EXPECT_EQ(with->bill.ram_total, 24 + 40 + with->bill.ram_stack);
  }
}

TEST(Bill, ConstantsOfMegabytesRunOnCortexM4) {
  const Fake fake{.tables = "const uint8_t table[6000000] = {1, 2, 3}; volatile uint32_t at = 5;",
                  .work = "  fake_arena[0] = table[at];",
                  .weight_bytes = 6000000};
  const auto result = run_on("cortex-m4", fake);
  SKIP_WITHOUT(result);
  ASSERT_OK(result);
  EXPECT_EQ(result->bill.flash_weights, 6000000);
  EXPECT_LT(result->bill.flash_code, 200);
}

TEST(Bill, WithoutSamplesOnlyTheImagesAreCounted) {
  const auto result = build_and_run(fake_network({}), *targets::find_target("atmega328p"), {});
  SKIP_WITHOUT(result);
  ASSERT_OK(result);
  EXPECT_GT(result->bill.flash_total, 0);
  EXPECT_EQ(result->count_per_run, 0);
}

}  // namespace
}  // namespace thimble::emulate
