// Two wires moved by hand, as a bit-banging firmware moves them, at 16 MHz.
#include "die/wires.h"

#include <gtest/gtest.h>

#include <initializer_list>

namespace thimble::die {
namespace {

struct Master {
  Panel panel;
  Wires wires{&panel, 16'000'000};
  std::uint64_t cycle = 1000;
  bool scl = true, sda = true;
  int low = 27, high = 13;  // cycles of the clock

  void set(bool clock, bool data, int then) {
    scl = clock;
    sda = data;
    wires.chip(cycle, scl, sda);
    cycle += then;
  }
  void start() {
    set(true, false, 12);
    set(false, false, 0);
  }
  bool write(int byte) {  // acknowledged
    bool answer = false;
    for (int bit = 8; bit >= 0; --bit) {
      set(false, bit == 0 || (byte >> (bit - 1) & 1), low);
      set(true, sda, high);
      answer = !wires.sda();
      set(false, sda, 0);
    }
    return answer;
  }
  void stop() {
    set(false, false, 30);
    set(true, false, 12);
    set(true, true, 30);
  }
  bool send(std::initializer_list<int> bytes) {
    bool all = true;
    start();
    for (const int byte : bytes) all = write(byte) && all;
    stop();
    return all;
  }
};

TEST(Wires, BytesReachThePanelAndAreAcknowledged) {
  Master master;
  EXPECT_TRUE(master.send({0x78, 0x00, 0x8D, 0x14, 0x20, 0x02, 0xA1, 0xC8, 0xA6, 0xAF}));
  EXPECT_TRUE(master.send({0x78, 0x00, 0xB0, 0x03, 0x10}));
  EXPECT_TRUE(master.send({0x78, 0x40, 0x81}));
  EXPECT_EQ(master.wires.problem(), "");
  EXPECT_TRUE(master.panel.problems().empty());
  EXPECT_TRUE(master.panel.picture().lit(3, 0));
  EXPECT_FALSE(master.panel.picture().lit(3, 1));
  EXPECT_TRUE(master.panel.picture().lit(3, 7));
  EXPECT_EQ(master.panel.picture().pixels.count(), 2u);
}

TEST(Wires, AnotherAddressIsNotAnswered) {
  Master master;
  master.start();
  EXPECT_FALSE(master.write(0x42));
  master.stop();
}

TEST(Wires, AByteEndsWhenTheClockFallsBehindItsAnswer) {
  Master master;
  master.start();
  master.write(0x78);
  EXPECT_EQ(master.wires.last_byte_cycle(), master.cycle);
}

TEST(Wires, AClockThatIsTooFastIsAProblem) {
  Master master;
  master.low = 22;
  master.send({0x78, 0x00, 0xAE});
  EXPECT_EQ(master.wires.problem(), "I2C: a bit lasts 2.19 us, the panel needs 2.50 us");
}

TEST(Wires, AClockThatIsLowTooShortlyIsAProblem) {
  Master master;
  master.low = 15;
  master.high = 30;
  master.send({0x78, 0x00, 0xAE});
  EXPECT_EQ(master.wires.problem(), "I2C: a low clock lasts 0.94 us, the panel needs 1.30 us");
}

}  // namespace
}  // namespace thimble::die
