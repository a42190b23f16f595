// The panel on hand-written traffic.
#include "die/panel.h"

#include <gtest/gtest.h>

#include <initializer_list>

namespace thimble::die {
namespace {

constexpr std::uint8_t kWrite = Panel::kAddress << 1;

// One transaction; true when every byte was acknowledged.
bool send(Panel &panel, std::initializer_list<std::uint8_t> bytes) {
  bool acknowledged = true;
  panel.start();
  for (const std::uint8_t byte : bytes) acknowledged = panel.write(byte) && acknowledged;
  panel.stop();
  return acknowledged;
}

Panel lit_panel() {
  Panel panel;
  EXPECT_TRUE(send(panel, {kWrite, 0x00, 0x8D, 0x14, 0xA1, 0xC8, 0xAF}));
  return panel;
}

TEST(Panel, AnswersToItsAddressOnly) {
  Panel panel;
  EXPECT_TRUE(send(panel, {kWrite, 0x00, 0xAF}));
  EXPECT_FALSE(send(panel, {0x3D << 1, 0x00, 0xAF}));
  EXPECT_FALSE(send(panel, {kWrite | 1}));  // reading
}

TEST(Panel, BytesOutsideATransactionAreNotHeard) {
  Panel panel = lit_panel();
  EXPECT_FALSE(panel.write(kWrite));
  EXPECT_TRUE(panel.picture().pixels.none());
}

TEST(Panel, IsDarkWithoutChargePumpOrSwitchedOff) {
  Panel panel;
  send(panel, {kWrite, 0x00, 0xAF, 0xA5});
  EXPECT_TRUE(panel.picture().pixels.none());
  send(panel, {kWrite, 0x00, 0x8D, 0x14});
  EXPECT_TRUE(panel.picture().pixels.all());
  send(panel, {kWrite, 0x00, 0xAE});
  EXPECT_TRUE(panel.picture().pixels.none());
}

TEST(Panel, PageAddressingWritesEightRowsAColumnAndWrapsInItsPage) {
  Panel panel = lit_panel();
  send(panel, {kWrite, 0x00, 0xB2, 0x0F, 0x17});  // page 2, column 127
  send(panel, {kWrite, 0x40, 0x81, 0x02});
  const PanelPicture picture = panel.picture();
  EXPECT_TRUE(picture.lit(127, 16));
  EXPECT_TRUE(picture.lit(127, 23));
  EXPECT_TRUE(picture.lit(0, 17));
  EXPECT_EQ(picture.pixels.count(), 3u);
}

TEST(Panel, HorizontalAddressingFillsItsWindowRowByRow) {
  Panel panel = lit_panel();
  send(panel, {kWrite, 0x00, 0x20, 0x00, 0x21, 10, 11, 0x22, 3, 4});
  send(panel, {kWrite, 0x40, 0x01, 0x02, 0x04, 0x08, 0x10});
  const PanelPicture picture = panel.picture();
  EXPECT_FALSE(picture.lit(10, 24));  // overwritten by the fifth byte
  EXPECT_TRUE(picture.lit(10, 28));
  EXPECT_TRUE(picture.lit(11, 25));
  EXPECT_TRUE(picture.lit(10, 34));
  EXPECT_TRUE(picture.lit(11, 35));
  EXPECT_EQ(picture.pixels.count(), 4u);
}

TEST(Panel, VerticalAddressingFillsItsWindowColumnByColumn) {
  Panel panel = lit_panel();
  send(panel, {kWrite, 0x00, 0x20, 0x01, 0x21, 10, 11, 0x22, 3, 4});
  send(panel, {kWrite, 0x40, 0x01, 0x02, 0x04});
  const PanelPicture picture = panel.picture();
  EXPECT_TRUE(picture.lit(10, 24));
  EXPECT_TRUE(picture.lit(10, 33));
  EXPECT_TRUE(picture.lit(11, 26));
}

TEST(Panel, ControlBytesMayAlternateCommandsAndData) {
  Panel panel = lit_panel();
  EXPECT_TRUE(send(panel, {kWrite, 0x80, 0xB1, 0xC0, 0xFF, 0x80, 0xB0, 0x40, 0x01}));
  const PanelPicture picture = panel.picture();
  EXPECT_TRUE(picture.lit(0, 8));
  EXPECT_TRUE(picture.lit(1, 0));
  EXPECT_EQ(picture.pixels.count(), 9u);
}

TEST(Panel, ACommandMayContinueInTheNextTransaction) {
  Panel panel = lit_panel();
  send(panel, {kWrite, 0x00, 0x20});
  send(panel, {kWrite, 0x00, 0x00, 0x21, 5, 6});
  send(panel, {kWrite, 0x40, 1, 1});
  EXPECT_TRUE(panel.picture().lit(5, 0));
  EXPECT_TRUE(panel.problems().empty());
}

TEST(Panel, UnmappedColumnsAndRowsAreMirrored) {
  Panel panel = lit_panel();
  send(panel, {kWrite, 0x40, 0x01});
  send(panel, {kWrite, 0x00, 0xA0, 0xC0});
  EXPECT_TRUE(panel.picture().lit(127, 63));
  EXPECT_EQ(panel.picture().pixels.count(), 1u);
}

TEST(Panel, InverseShowsUnsetBits) {
  Panel panel = lit_panel();
  send(panel, {kWrite, 0x00, 0xA7});
  EXPECT_TRUE(panel.picture().pixels.all());
}

TEST(Panel, UnknownCommandsAreReported) {
  Panel panel;
  send(panel, {kWrite, 0x00, 0xFF});
  ASSERT_EQ(panel.problems().size(), 1u);
  EXPECT_EQ(panel.problems()[0], "unknown command 0xFF");
}

}  // namespace
}  // namespace thimble::die
