// QEMU with the plugin counts the model cycles of tiny programs as a hand does.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "emulate/run.h"
#include "fake_network.h"
#include "support/files.h"

namespace thimble::emulate {
namespace {

// A network whose run is `body` and `bx lr`, in assembly.
codegen::Emitted network_of(const std::string &body) {
  codegen::Emitted emitted = fake_network({});
  emitted.files[1].text =
      "#include \"fake.h\"\nFAKE_ARENA_TYPE fake_arena[FAKE_ARENA_LENGTH];\n"
      "__attribute__((naked)) void fake_run(void) { __asm__ volatile(\"" +
      body + " bx lr\"); }\n";
  return emitted;
}

constexpr int kSamples = 2;

Result<RunResult> run_on_m4(const codegen::Emitted &emitted) {
  TRY(const targets::Target target, targets::find_target("cortex-m4"));
  return build_and_run(emitted, target, fake_samples(kSamples));
}

Result<RunResult> run_body(const std::string &body) { return run_on_m4(network_of(body)); }

struct Program {
  const char *body;
  int instructions, model_cycles;  // without call and return
};

TEST(ModelCycles, OfTinyProgramsAreWhatAHandCounts) {
  constexpr int kCallAndReturn = 3 + 3;
  const Program programs[] = {
      {"", 0, 0},
      {"nop\\n nop\\n", 2, 2},
      {"mov r0, sp\\n ldr r1, [r0]\\n", 2, 3},
      {"mov r0, sp\\n ldr r1, [r0]\\n ldr.w r2, [r0]\\n ldrb r3, [r0]\\n", 4, 5},
      {"ldr r0, [sp, #-4]\\n str r0, [sp, #-4]\\n ldr r0, [sp, #-4]\\n", 3, 4},
      {"ldrd r0, r1, [sp, #-8]\\n strd r0, r1, [sp, #-8]\\n", 2, 6},
      {"push {r0-r3, lr}\\n pop {r0-r3, lr}\\n", 2, 12},
      {"push {r4, lr}\\n bl 1f\\n pop {r4, lr}\\n bx lr\\n nop\\n 1: push {r4, lr}\\n "
       "pop {r4, pc}\\n",
       5, 3 + 3 + 3 + (3 + 2) + 3},
      {"movs r3, #100\\n 1: subs r3, #1\\n bne 1b\\n", 201, 1 + 100 + 99 * 3 + 1},
      {"movs r3, #1\\n cbz r3, 1f\\n nop\\n 1: movs r3, #0\\n cbz r3, 1f\\n nop\\n nop\\n 1: "
       "nop\\n",
       6, 1 + 1 + 1 + 1 + 3 + 1},
      {"movs r3, #1\\n tbb [pc, r3]\\n 1: .byte 1, 2\\n nop\\n nop\\n nop\\n", 4, 1 + 3 + 2},
      {"movs r3, #1\\n it ne\\n bne 1f\\n nop\\n 1: nop\\n", 4, 1 + 1 + 3 + 1},
      {"movs r0, #0\\n smlad r0, r0, r0, r0\\n it eq\\n moveq r0, r0\\n", 4, 4},
      // A page ends between the loads, and with it a block.
      {"mov r0, sp\\n b 1f\\n .balign 1024\\n .skip 1022\\n 1: ldr r1, [r0]\\n ldr r1, [r0]\\n", 4,
       1 + 3 + 2 + 1},
  };
  for (const Program &program : programs) {
    const auto result = run_body(program.body);
    SKIP_WITHOUT(result);
    ASSERT_OK(result);
    EXPECT_EQ(result->count_per_run, 2 + program.instructions) << program.body;
    EXPECT_EQ(result->model_cycles, kCallAndReturn + program.model_cycles) << program.body;
  }
}

// The plugin's own count of instructions is compared with the timer's at every mark: there are
// model cycles only if they agree.
TEST(ModelCycles, LongRunsAreCountedToTheInstruction) {
  const auto result = run_body("ldr r3, =10000000\\n 1: subs r3, #1\\n bne 1b\\n");
  SKIP_WITHOUT(result);
  ASSERT_OK(result);
  EXPECT_EQ(result->model_cycles, 3 + 2 + 10'000'000 * 4 - 2 + 3);
}

TEST(ModelCycles, RowsHandedOutAndInAreCountedToo) {
  const auto result = run_on_m4(fake_network({.stream_in = true, .stream_out = true}));
  SKIP_WITHOUT(result);
  ASSERT_OK(result);
  ASSERT_TRUE(result->model_cycles.has_value());
  EXPECT_GT(*result->model_cycles, result->count_per_run);
}

TEST(ModelCycles, AnnouncedStepsGetTheirOwn) {
  codegen::Emitted emitted = network_of(
      "push {r4, lr}\\n movs r0, #0\\n bl fake_step\\n .rept 40\\n nop\\n .endr\\n"
      "movs r0, #1\\n bl fake_step\\n .rept 40\\n ldrd r2, r3, [sp]\\n .endr\\n"
      "mov r0, #-1\\n bl fake_step\\n pop {r4, lr}\\n");
  emitted.announces_steps = true;
  const auto result = run_on_m4(emitted);
  SKIP_WITHOUT(result);
  ASSERT_OK(result);
  ASSERT_EQ(result->group_counts.size(), 2u);
  ASSERT_EQ(result->group_model_cycles.size(), 2u);
  const std::int64_t over = result->group_model_cycles[0] - result->group_counts[0];
  EXPECT_LE(over, kSamples * 2) << "fake_step jumps to port_step";
  EXPECT_EQ(result->group_model_cycles[1] - result->group_counts[1],
            over + kSamples * 40 * (3 - 1));
}

// A qemu-system-arm that knows no plugins, first on PATH for the time of one test.
class OldQemu {
 public:
  OldQemu() {
    const auto program = folder_.path() / "qemu-system-arm";
    EXPECT_TRUE(
        write_file(program, std::string_view("#!/bin/sh\ncase \"$*\" in *-plugin*) exit 1;; "
                                             "esac\nPATH=${PATH#*:} exec "
                                             "qemu-system-arm \"$@\"\n"))
            .ok());
    std::filesystem::permissions(program, std::filesystem::perms::owner_all);
    setenv("PATH", (folder_.path().string() + ":" + path_).c_str(), 1);
  }
  ~OldQemu() { setenv("PATH", path_.c_str(), 1); }

 private:
  TemporaryDirectory folder_;
  const std::string path_ = getenv("PATH");
};

TEST(ModelCycles, AreLeftOutWhereQemuTakesNoPlugin) {
  const auto with = run_body("nop\\n");
  SKIP_WITHOUT(with);
  ASSERT_OK(with);
  const OldQemu old;
  const auto without = run_body("nop\\n");
  ASSERT_OK(without);
  EXPECT_EQ(without->outputs, with->outputs);
  EXPECT_EQ(without->count_per_run, with->count_per_run);
  EXPECT_TRUE(with->model_cycles.has_value());
  EXPECT_FALSE(without->model_cycles.has_value());
}

TEST(ModelCycles, AreOfTargetsWithAModel) {
  targets::Target target = *targets::find_target("cortex-m4");
  target.cycle_model.reset();
  const auto result = build_and_run(fake_network({}), target, fake_samples(1));
  SKIP_WITHOUT(result);
  ASSERT_OK(result);
  EXPECT_FALSE(result->model_cycles.has_value());
}

}  // namespace
}  // namespace thimble::emulate
