#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>

#include "support/files.h"
#include "targets/target.h"

namespace thimble::targets {
namespace {

// The user's file for the time of one test.
class UserFile {
 public:
  explicit UserFile(std::string_view text) {
    const auto path = folder_.path() / "more.toml";
    EXPECT_TRUE(write_file(path, text).ok());
    setenv("THIMBLE_TARGETS", path.c_str(), 1);
  }
  ~UserFile() { unsetenv("THIMBLE_TARGETS"); }

 private:
  TemporaryDirectory folder_;
};

constexpr const char *kChip = R"([tiny]
toolchain = "avr"
compiler = "avr-gcc"
emulator = "simavr"
ram_bytes = 128
)";

TEST(Targets, HasTheBuiltInChipsInTheirOrder) {
  const auto targets = all_targets();
  ASSERT_TRUE(targets.ok());
  std::string names;
  for (const Target &target : *targets) names += target.name + " ";
  EXPECT_EQ(names,
            "host atmega328p attiny85 ch32v003 rv32imc cortex-m0 cortex-m4 cortex-m7 cortex-m55 ");
}

TEST(Targets, KnowsTheUno) {
  const auto uno = find_target("atmega328p");
  ASSERT_TRUE(uno.ok());
  EXPECT_EQ(uno->flash_bytes, 32768);
  EXPECT_EQ(uno->ram_bytes, 2048);
  EXPECT_EQ(uno->clock_hz, 16000000);
  EXPECT_EQ(uno->index_bits, 16);
  EXPECT_TRUE(uno->flash_separate);
  EXPECT_EQ(uno->c_standard, "gnu99");
}

TEST(Targets, AnUnknownNameListsTheKnownOnes) {
  const auto none = find_target("z80");
  ASSERT_FALSE(none.ok());
  EXPECT_EQ(none.diagnostics()[0].error_class, ErrorClass::kUsage);
  EXPECT_EQ(
      none.diagnostics()[0].why,
      "known: host, atmega328p, attiny85, ch32v003, rv32imc, cortex-m0, cortex-m4, cortex-m7, "
      "cortex-m55");
}

TEST(Targets, AUsersFileAddsAChip) {
  const UserFile file(kChip);
  const auto tiny = find_target("tiny");
  ASSERT_TRUE(tiny.ok());
  EXPECT_EQ(tiny->ram_bytes, 128);
  EXPECT_EQ(tiny->requant, Requant::kM16);
}

TEST(Targets, KnowsTheChipsOfTwoKilobytesAndLess) {
  EXPECT_EQ(find_target("attiny85")->ram_bytes, 512);
  EXPECT_EQ(find_target("attiny85")->flash_bytes, 8192);
  EXPECT_EQ(find_target("ch32v003")->ram_bytes, 2048);
  EXPECT_EQ(find_target("ch32v003")->flash_bytes, 16384);
}

TEST(Targets, AUsersFileReplacesAChipByName) {
  const std::size_t built_in = all_targets()->size();
  const UserFile file(
      "[host]\ntoolchain = 'host'\ncompiler = 'clang'\nemulator = 'native'\nrequant = 'q31'\n");
  EXPECT_EQ(find_target("host")->compiler, "clang");
  EXPECT_EQ(find_target("host")->requant, Requant::kQ31);
  EXPECT_EQ(all_targets()->size(), built_in);
}

TEST(Targets, ReportsEveryWrongKey) {
  const UserFile file(
      "[bad]\ntoolchain = 'pdp11'\ncompiler = 3\nemulator = 'native'\nflags = '-O2'\n"
      "index_bits = 7\nrequant = 'm8'\nsurprise = 1\n");
  const auto none = all_targets();
  ASSERT_FALSE(none.ok());
  EXPECT_EQ(none.diagnostics().size(), 6u);
}

TEST(Targets, ACycleModelIsDataOfAChip) {
  const auto model = find_target("cortex-m4")->cycle_model;
  ASSERT_TRUE(model.has_value());
  EXPECT_EQ(model->load, 2);
  EXPECT_EQ(model->taken_branch, 3);
  EXPECT_FALSE(find_target("cortex-m7")->cycle_model.has_value());

  constexpr const char *kArm = "[mine]\ntoolchain = 'arm'\ncompiler = 'arm-none-eabi-gcc'\n";
  const UserFile file(std::string(kArm) + "emulator = 'qemu-arm'\ncycle_model = {load = 3}\n");
  EXPECT_EQ(find_target("mine")->cycle_model->load, 3);
  EXPECT_EQ(find_target("mine")->cycle_model->store, 1);
}

TEST(Targets, ReportsEveryWrongKeyOfACycleModel) {
  const UserFile file(std::string(kChip) + "cycle_model = {load = -1, jump = 2}\n");
  const auto none = all_targets();
  ASSERT_FALSE(none.ok());
  EXPECT_EQ(none.diagnostics().size(), 3u);  // and the emulator counts by none
}

TEST(Targets, ReportsAFileThatIsNotToml) {
  const UserFile file("[bad\n");
  ASSERT_FALSE(all_targets().ok());
  EXPECT_EQ(all_targets().diagnostics()[0].error_class, ErrorClass::kUsage);
}

bool has_cost(const Target &target, const std::string &code) {
  return std::any_of(target.code_costs.begin(), target.code_costs.end(),
                     [&](const CodeCost &cost) { return cost.code == code && cost.time > 0; });
}

TEST(Targets, CostsAreThoseOfTheKindOfChip) {
  EXPECT_TRUE(has_cost(*find_target("ch32v003"), "p4"));
  EXPECT_TRUE(has_cost(*find_target("cortex-m7"), "w4"));
  EXPECT_TRUE(find_target("host")->code_costs.empty());
  const UserFile file(
      "[mine]\ntoolchain = 'riscv'\ncompiler = 'cc'\nemulator = 'qemu-riscv'\n"
      "costs = 'ch32v003'\n");
  EXPECT_TRUE(has_cost(*find_target("mine"), "p4"));
}

TEST(Targets, CodesThatTakeMoreThanAnEighthOfTheRamAreLeftOut) {
  EXPECT_TRUE(has_cost(*find_target("attiny85"), "w4"));
  EXPECT_FALSE(has_cost(*find_target("attiny85"), "p4"));
}

TEST(Levels, EachIsWhatItAsksForOverTheChip) {
  const Target chip = *find_target("cortex-m4");
  ASSERT_EQ(chip.levels.size(), 4u);
  EXPECT_EQ(at_level(chip, "balanced")->inner_loops, "armv7em pairs threes blocks larger high_mul");
  EXPECT_EQ(at_level(chip, "balanced")->flags, chip.flags);
  EXPECT_EQ(at_level(chip, "ram")->level.residency, "lines");
  EXPECT_EQ(at_level(chip, "speed")->level.residency, "rows");
  EXPECT_EQ(at_level(chip, "speed")->flags[4], "-O3");
  EXPECT_EQ(at_level(chip, "flash")->inner_loops, "armv7em_small armv7em fours pairs high_mul");
  EXPECT_EQ(at_level(chip, "flash")->flags.back(), "-Os");
  EXPECT_TRUE(at_level(chip, "flash")->level.share_kernels);
  EXPECT_TRUE(at_level(chip, "ram")->level.tell_in_flash);
  EXPECT_FALSE(at_level(*find_target("atmega328p"), "flash")->level.tell_in_flash);
  const Target vectors = *find_target("cortex-m55");
  EXPECT_TRUE(has_word(at_level(vectors, "flash")->inner_loops, kWindows));
  EXPECT_FALSE(has_word(at_level(vectors, "ram")->inner_loops, kWindows));
  EXPECT_EQ(at_level(*find_target("ch32v003"), "speed")->flags.back(), "-O2");
}

TEST(Levels, AnUnknownNameListsTheKnownOnes) {
  const auto none = at_level(*find_target("host"), "size");
  ASSERT_FALSE(none.ok());
  EXPECT_EQ(none.diagnostics()[0].why, "known: ram, balanced, speed, flash");
}

TEST(Levels, OfAUsersChipAreTheCommonOnesWithItsOwnKeys) {
  const UserFile file(std::string(kChip) + "optimize.speed.flags = ['-O1']\n");
  const Target chip = *find_target("tiny");
  EXPECT_EQ(at_level(chip, "speed")->flags, (std::vector<std::string>{"-O1"}));
  EXPECT_EQ(at_level(chip, "speed")->level.residency, "rows");
  EXPECT_EQ(at_level(chip, "ram")->level.residency, "lines");
}

TEST(Levels, ReportsEveryWrongKey) {
  const UserFile file(
      std::string(kChip) +
      "optimize.size.flags = []\noptimize.ram = { residency = 'columns', loops = 1 }\n");
  ASSERT_FALSE(all_targets().ok());
  EXPECT_EQ(all_targets().diagnostics().size(), 3u);
}

TEST(Requant, RoundTrips) {
  for (Requant requant : {Requant::kQ31, Requant::kM16, Requant::kPow2}) {
    EXPECT_EQ(*parse_requant(to_string(requant)), requant);
  }
  EXPECT_FALSE(parse_requant("m17").ok());
}

}  // namespace
}  // namespace thimble::targets
