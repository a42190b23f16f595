// The simulated CH32V003: programs in C on the die's start-up code and register names, each a few
// lines, which say what they saw in the debugger's register.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "emulate/ch32v003/chip.h"
#include "emulate/image.h"
#include "fake_network.h"
#include "support/files.h"
#include "support/process.h"

namespace thimble::emulate::ch32v003 {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr Ticks kMillisecond = kTicksPerSecond / 1000;
const char *const kCompiler = "riscv64-unknown-elf-gcc";

// What all programs begin with: the PLL, and a word to the debugger.
constexpr const char *kPrologue = R"(
#include "ch32v003.h"
__asm__(".option arch, +zicsr");
#define INTERRUPT __attribute__((interrupt, used)) void
static inline void say(uint32_t word) { DEBUG_DATA0 = word; }
static inline void fast(void) {
  FLASH_ACTLR = FLASH_LATENCY_1;
  RCC_CFGR0 = 0;
  RCC_CTLR |= RCC_PLLON;
  while (!(RCC_CTLR & RCC_PLLRDY)) {
  }
  RCC_CFGR0 = RCC_SW_PLL;
}
static inline void let_in(uint32_t number) {
  PFIC_IENR(number) = PFIC_BIT(number);
  __asm__ volatile("csrsi mstatus, 8");
}
static inline void wires(void) {
  RCC_APB2PCENR |= RCC_IOPCEN;
  RCC_APB1PCENR |= RCC_I2C1EN;
  GPIOC_CFGLR = GPIO_CFG(1, GPIO_OPEN_DRAIN) | GPIO_CFG(2, GPIO_OPEN_DRAIN);
  I2C1_CTLR2 = 48;
  I2C1_CKCFGR = I2C_FAST | 40;
  I2C1_CTLR1 = I2C_PE;
}
)";

Bytes compiled(const std::string &program) {
  const TemporaryDirectory directory;
  const std::filesystem::path source = directory.path() / "program.c";
  const std::filesystem::path image = directory.path() / "program.elf";
  const std::filesystem::path firmware =
      std::filesystem::path(THIMBLE_SOURCE_DIR) / "src/die/firmware";
  EXPECT_TRUE(write_file(source, kPrologue + program));
  const auto built = run_process(
      {kCompiler, "-march=rv32ec", "-mabi=ilp32e", "-Os", "-ffreestanding", "-nostdlib",
       "-I" + firmware.string(), "-T" + (firmware / "ch32v003.ld").string(),
       (firmware / "start_ch32v003.c").string(), source.string(), "-o", image.string()});
  EXPECT_TRUE(built && built->exit_code == 0) << (built ? built->stderr_text : "not run");
  const auto flash = flash_contents(image);
  EXPECT_TRUE(flash.ok());
  return flash ? *flash : Bytes{};
}

class Ch32v003 : public testing::Test {
 protected:
  void SetUp() override {
    if (!find_program(kCompiler, "gcc-riscv64-unknown-elf"))
      GTEST_SKIP() << kCompiler << " is not installed";
  }

  struct Said {
    std::uint32_t word;
    Ticks when;
  };
  // Powers it up and runs it for so long.
  void run(const std::string &program, Ticks ticks) {
    auto made = Chip::power_up(compiled(program),
                               {[this] { wire.push_back(-1); },
                                [this](std::uint8_t byte) {
                                  wire.push_back(byte);
                                  return device_answers;
                                },
                                [this] { wire.push_back(-2); }},
                               [this](std::uint32_t word) {
                                 said.push_back({word, chip->now()});
                               });
    ASSERT_OK(made);
    chip = *std::move(made);
    chip->run_until(ticks);
  }
  std::vector<std::uint32_t> words() const {
    std::vector<std::uint32_t> result;
    for (const Said &each : said) result.push_back(each.word);
    return result;
  }

  std::unique_ptr<Chip> chip;
  std::vector<Said> said;
  std::vector<int> wire;  // bytes; -1: a start, -2: a stop
  bool device_answers = true;
};

TEST_F(Ch32v003, StartUpCopiesDataAndClearsTheRest) {
  run("volatile uint32_t given = 0x1234, zero; int main(void) { say(given); say(zero); for (;;); }",
      kMillisecond);
  EXPECT_EQ(chip->problem(), "");
  EXPECT_THAT(words(), ElementsAre(0x1234, 0));
}

TEST_F(Ch32v003, AnInstructionTakesOneAndAHalfCyclesOfTheClockThatIsSetUp) {
  const char *const loop = R"(
    for (int round = 0; round < 2; ++round) {
      say(round);
      __asm__ volatile("li a0, 1000\n1: addi a0, a0, -1\nbnez a0, 1b" ::: "a0");
      say(round);
      if (round == 0) fast();
    })";
  run(std::string("int main(void) {") + loop + "for (;;); }", 10 * kMillisecond);
  EXPECT_EQ(chip->problem(), "");
  ASSERT_EQ(said.size(), 4u);
  const double slow = static_cast<double>(said[1].when - said[0].when) / kTicksPerSecond;
  const double quick = static_cast<double>(said[3].when - said[2].when) / kTicksPerSecond;
  EXPECT_NEAR(slow, 2000 * 1.5 / 8e6, 20 * 1.5 / 8e6);  // after reset: 24 MHz, divided by 3
  EXPECT_NEAR(quick, 2000 * 1.5 / 48e6, 20 * 1.5 / 48e6);
}

TEST_F(Ch32v003, TheTimerWakesItEveryMillisecondAndSleepIsSkipped) {
  run(R"(
    INTERRUPT systick_interrupt(void) { STK_CMPLR += 48000; STK_SR = 0; }
    int main(void) {
      fast();
      STK_CMPLR = 48000;
      STK_CTLR = STK_STE | STK_STIE | STK_STCLK;
      let_in(SYSTICK_INTERRUPT);
      for (uint32_t n = 0;; ++n) { __asm__ volatile("wfi"); say(n); }
    })",
      100 * kMillisecond + kMillisecond / 2);
  EXPECT_EQ(chip->problem(), "");
  ASSERT_EQ(said.size(), 100u);
  for (std::size_t i = 1; i < said.size(); ++i)
    EXPECT_NEAR(static_cast<double>(said[i].when - said[i - 1].when), kMillisecond, 100) << i;
  EXPECT_LT(chip->instructions(), 6000u);  // and not the 3.2 million of 100 ms awake
}

constexpr const char *kButton = R"(
  static volatile uint32_t edges;
  INTERRUPT exti_interrupt(void) { ++edges; EXTI_INTFR = 1u << 4; }
  static void button(void) {
    RCC_APB2PCENR |= RCC_AFIOEN | RCC_IOPCEN;
    GPIOC_OUTDR = 1u << 4;
    GPIOC_CFGLR = GPIO_CFG(4, GPIO_PULLED);
    AFIO_EXTICR = AFIO_EXTI_PC(4);
    EXTI_RTENR = EXTI_FTENR = EXTI_INTENR = 1u << 4;
    let_in(EXTI_INTERRUPT);
  }
)";

TEST_F(Ch32v003, EveryEdgeOfAPinIsAnInterrupt) {
  run(std::string(kButton) + R"(
    int main(void) {
      button();
      for (;;) { __asm__ volatile("wfi"); say(edges << 8 | (GPIOC_INDR & 1u << 4)); }
    })",
      kMillisecond);
  for (const bool closed : {true, false, true}) {
    chip->ground(kPortC, 4, closed);
    chip->run_until(chip->now() + kMillisecond);
  }
  chip->ground(kPortC, 4, true);  // no edge: it is grounded
  chip->run_until(chip->now() + kMillisecond);
  EXPECT_EQ(chip->problem(), "");
  EXPECT_THAT(words(), ElementsAre(0x100, 0x210, 0x300));
}

TEST_F(Ch32v003, StandbyStopsAllButTheButtonAndWakesWithoutThePll) {
  run(std::string(kButton) + R"(
    int main(void) {
      fast();
      button();
      RCC_APB1PCENR |= RCC_PWREN;
      PWR_CTLR = PWR_PDDS;
      STK_CTLR = STK_STE | STK_STCLK;
      PFIC_SCTLR = PFIC_SLEEPDEEP;
      const uint32_t before = STK_CNTL;
      __asm__ volatile("wfi");
      say(STK_CNTL - before < 1000);
      say(RCC_CTLR & RCC_PLLON);
      say(RCC_CFGR0 & RCC_SWS);
      for (;;);
    })",
      kMillisecond);
  EXPECT_TRUE(chip->is_in_standby());
  const std::uint64_t before = chip->instructions();
  chip->run_until(chip->now() + kTicksPerSecond);
  EXPECT_EQ(chip->instructions(), before);
  chip->ground(kPortC, 4, true);
  chip->run_until(chip->now() + kMillisecond);
  EXPECT_FALSE(chip->is_in_standby());
  EXPECT_EQ(chip->problem(), "");
  EXPECT_THAT(words(), ElementsAre(1, 0, 0));
}

TEST_F(Ch32v003, AnEventBeforeTheWaitEndsItAtOnce) {
  run(std::string(kButton) + R"(
    int main(void) {
      button();
      PFIC_SCTLR = PFIC_WFITOWFE | PFIC_SEVONPEND;
      say(1);
      while (edges == 0) {}
      __asm__ volatile("wfi");
      say(2);
      __asm__ volatile("wfi");
      say(3);
      for (;;);
    })",
      kMillisecond);
  chip->ground(kPortC, 4, true);
  chip->run_until(chip->now() + kMillisecond);
  EXPECT_THAT(words(), ElementsAre(1, 2));
}

TEST_F(Ch32v003, AnEdgeMayBeAnEventAndNoInterrupt) {
  run(std::string(kButton) + R"(
    int main(void) {
      button();
      EXTI_INTENR = 0;
      EXTI_EVENR = 1u << 4;
      PFIC_SCTLR = PFIC_WFITOWFE;
      __asm__ volatile("wfi");
      say(edges);
      for (;;);
    })",
      kMillisecond);
  EXPECT_THAT(words(), ElementsAre());
  chip->ground(kPortC, 4, true);
  chip->run_until(chip->now() + kMillisecond);
  EXPECT_THAT(words(), ElementsAre(0));
}

constexpr const char *kSend = R"(
  static uint32_t wait(uint32_t flags) { uint32_t s; while (!((s = I2C1_STAR1) & flags)) {} return s; }
  static void begin(uint8_t address) {
    I2C1_CTLR1 |= I2C_START;
    wait(I2C_SB);
    I2C1_DATAR = address;
  }
)";

TEST_F(Ch32v003, I2cSendsBytesAtItsRate) {
  run(std::string(kSend) + R"(
    int main(void) {
      fast();
      wires();
      begin(0x78);
      wait(I2C_ADDR);
      (void)I2C1_STAR2;
      say(1);
      for (uint8_t i = 0; i < 10; ++i) { wait(I2C_TXE); I2C1_DATAR = i; }
      wait(I2C_BTF);
      say(2);
      I2C1_CTLR1 |= I2C_STOP;
      while (I2C1_STAR2 & I2C_BUSY) {}
      say(3);
      for (;;);
    })",
      2 * kMillisecond);
  EXPECT_EQ(chip->problem(), "");
  EXPECT_THAT(wire, ElementsAre(-1, 0x78, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, -2));
  ASSERT_THAT(words(), ElementsAre(1, 2, 3));
  const double seconds = static_cast<double>(said[1].when - said[0].when) / kTicksPerSecond;
  EXPECT_NEAR(seconds, 10 * 9 / 400e3, 2e-6);
}

TEST_F(Ch32v003, ADeviceThatDoesNotAnswerIsNoticed) {
  device_answers = false;
  run(std::string(kSend) + R"(
    int main(void) {
      fast();
      wires();
      begin(0x78);
      say(wait(I2C_ADDR | I2C_AF));
      for (;;);
    })",
      kMillisecond);
  EXPECT_EQ(chip->problem(), "");
  EXPECT_THAT(words(), ElementsAre(1u << 10));
}

// What a real chip would not take, each a program's only fault.
struct Fault {
  const char *name, *body, *problem;
};
void PrintTo(const Fault &fault, std::ostream *out) { *out << fault.name; }
class Faulty : public Ch32v003, public testing::WithParamInterface<Fault> {};

TEST_P(Faulty, IsReported) {
  run(std::string(kSend) + "int main(void) {" + GetParam().body + " for (;;); }", 5 * kMillisecond);
  EXPECT_THAT(chip->problem(), HasSubstr(GetParam().problem));
}

INSTANTIATE_TEST_SUITE_P(
    Ch32v003, Faulty,
    testing::Values(
        Fault{"AMultiplication", "__asm__ volatile(\".word 0x02b50533\");", "none of RV32EC's"},
        Fault{"ARegisterAboveX15", "__asm__ volatile(\".word 0x00158813\");", "none of RV32EC's"},
        Fault{"AnUnknownRegister", "(void)CH32_REGISTER(uint32_t, 0x40012C00);", "0x40012c00"},
        Fault{"AnUnknownBit", "PFIC_SCTLR = 1u << 31;", "0xe000ed10"},
        Fault{"AUnitWithoutItsClock", "GPIOC_OUTDR = 1;", "a unit whose clock is off"},
        Fault{"FlashThatIsTooSlow",
              "RCC_CTLR |= RCC_PLLON; while (!(RCC_CTLR & RCC_PLLRDY)) {} RCC_CFGR0 = 2;",
              "without a wait state"},
        Fault{"APllThatIsNotReady", "FLASH_ACTLR = 1; RCC_CTLR |= RCC_PLLON; RCC_CFGR0 = 2;",
              "not ready"},
        Fault{"WiresThatAreNotSetUp", "fast(); wires(); GPIOC_CFGLR = 0; begin(0x78);",
              "open-drain"},
        Fault{"ABusThatIsTooFast",
              "fast(); wires(); I2C1_CTLR1 = 0; I2C1_CKCFGR = I2C_FAST | 30; I2C1_CTLR1 = I2C_PE; "
              "begin(0x78);",
              "faster than 400 kHz"},
        Fault{"AByteThatI2cCannotTake", "fast(); wires(); I2C1_DATAR = 1;", "cannot take"},
        Fault{"AStoreIntoFlash", "*(volatile uint32_t *)64 = 1;", "rite"},
        Fault{"AStoreBehindRam", "*(volatile uint8_t *)0x20000800 = 1;", "behind the end of RAM"},
        Fault{"AnAddressWithNothing", "*(volatile uint32_t *)0x30000000 = 1;", "rite"},
        Fault{"AJumpIntoRam", "((void (*)(void))0x20000000)();", "left its code"}),
    [](const auto &info) { return std::string(info.param.name); });

TEST(Ch32v003Flash, HoldsSixteenKilobytes) {
  const auto chip = Chip::power_up(Bytes(kFlashBytes + 1), {}, {});
  ASSERT_FALSE(chip.ok());
  EXPECT_EQ(chip.diagnostics()[0].error_class, ErrorClass::kBudget);
}

}  // namespace
}  // namespace thimble::emulate::ch32v003
