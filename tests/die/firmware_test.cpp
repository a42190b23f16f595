// The firmware's own code on the host: debouncing, chance, dithering, and a roll from press to
// panel.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <set>
#include <vector>

#include "chi_square.h"
#include "die/grey.h"
#include "fake_port.h"

extern "C" {
#include "button.h"
#include "count.h"
#include "die.h"
#include "die_app.h"
#include "picture.h"
#include "random.h"
#include "ssd1306.h"
}

namespace thimble::die {
namespace {

std::vector<button_event> events_of(const std::vector<int> &samples) {
  button button = BUTTON_INIT;
  std::vector<button_event> events;
  for (const int sample : samples) {
    const button_event event = button_sample(&button, static_cast<std::uint8_t>(sample));
    if (event != BUTTON_SAME) events.push_back(event);
  }
  return events;
}

std::vector<int> contact(
    std::initializer_list<std::pair<int, int>> runs) {  // (level, milliseconds)
  std::vector<int> samples;
  for (const auto &[level, count] : runs) samples.insert(samples.end(), count, level);
  return samples;
}

TEST(Button, BouncesAreOnePress) {
  EXPECT_EQ(events_of(contact(
                {{0, 3}, {1, 1}, {0, 1}, {1, 2}, {0, 1}, {1, 30}, {0, 2}, {1, 1}, {0, 20}})),
            (std::vector<button_event>{BUTTON_PRESSED, BUTTON_RELEASED}));
}

TEST(Button, AGlitchIsNoPress) {
  EXPECT_TRUE(events_of(contact({{1, 7}, {0, 20}, {1, 7}, {0, 9}})).empty());
}

TEST(Button, AGapIsNoRelease) {
  EXPECT_EQ(events_of(contact({{1, 20}, {0, 7}, {1, 20}})),
            std::vector<button_event>{BUTTON_PRESSED});
}

TEST(Random, EveryCountIsDrawnEvenly) {
  random_source source = RANDOM_SOURCE_INIT;
  for (const int count : {2, 5, 6, 7, 200, 256}) {
    std::vector<int> drawn(count);
    for (int i = 0; i < 400 * count; ++i)
      ++drawn.at(random_below(&source, static_cast<std::uint16_t>(count)));
    EXPECT_LT(chi_square(drawn), chi_square_limit_1_percent(count - 1)) << "of " << count;
  }
  EXPECT_EQ(random_below(&source, 1), 0);
}

// Were the remainder of eight values taken, faces 0 and 1 would come twice as often.
TEST(Random, ChoiceIsByRejectionNotByRemainder) {
  random_source source = RANDOM_SOURCE_INIT;
  std::vector<int> drawn(6);
  for (int i = 0; i < 60000; ++i) ++drawn.at(random_below(&source, 6));
  EXPECT_LT(*std::max_element(drawn.begin(), drawn.end()), 10400);
}

TEST(Random, EveryBitOfThePressDecides) {
  random_source untouched = RANDOM_SOURCE_INIT;
  random_stir(&untouched, 0);
  for (int bit = 0; bit < 16; ++bit) {
    random_source source = RANDOM_SOURCE_INIT;
    random_stir(&source, static_cast<std::uint16_t>(1u << bit));
    int different = 0;
    random_source other = untouched;
    for (int i = 0; i < 60; ++i) different += random_below(&source, 6) != random_below(&other, 6);
    EXPECT_GT(different, 30) << "bit " << bit;
  }
}

TEST(Random, NeverGetsStuckAtZero) {
  random_source source = {0x1234};
  random_stir(&source, 0x1234);
  EXPECT_NE(source.state, 0u);
}

Grey shown(const std::array<std::int8_t, 32> &row) {
  fake_port = {};
  ssd1306_init();
  for (int y = 0; y < PICTURE_SIDE; ++y) picture_row(static_cast<std::uint8_t>(y), row.data());
  EXPECT_TRUE(fake_port.panel.problems().empty());
  return filter_down(fake_port.panel.picture());
}

TEST(Picture, BlackAndWhiteHaveNoDots) {
  std::array<std::int8_t, 32> row;
  row.fill(-128);
  const Grey dark = shown(row);
  EXPECT_EQ(*std::max_element(dark.begin(), dark.end()), 0.0f);
  row.fill(127);
  const Grey lit = shown(row);
  EXPECT_EQ(*std::min_element(lit.begin(), lit.end()), 1.0f);
}

TEST(Picture, EveryGreyKeepsItsShareOfLitPixels) {
  for (int level = 0; level < 256; level += 5) {
    std::array<std::int8_t, 32> row;
    row.fill(static_cast<std::int8_t>(level - 128));
    shown(row);
    const double share = static_cast<double>(fake_port.panel.picture().pixels.count()) / (64 * 64);
    EXPECT_NEAR(share, level / 255.0, 1.0 / 64) << "level " << level;
  }
}

TEST(Picture, StandsInThePanelsMiddle) {
  std::array<std::int8_t, 32> row;
  row.fill(127);
  shown(row);
  const PanelPicture picture = fake_port.panel.picture();
  EXPECT_FALSE(picture.lit(31, 30));
  EXPECT_TRUE(picture.lit(32, 0));
  EXPECT_TRUE(picture.lit(95, 63));
  EXPECT_FALSE(picture.lit(96, 30));
}

TEST(Picture, EnlargingPutsEdgesWhereTheyWere) {
  std::array<std::int8_t, 32> row;
  for (int x = 0; x < 32; ++x) row[x] = x < 16 ? -128 : 127;
  const Grey grey = shown(row);
  EXPECT_EQ(grey[5 * 32 + 14], 0.0f);
  EXPECT_LE(grey[5 * 32 + 15], 0.25f);
  EXPECT_GE(grey[5 * 32 + 16], 0.75f);
  EXPECT_EQ(grey[5 * 32 + 17], 1.0f);
}

// What the corner's 16 columns show, as text.
std::string corner() {
  std::string text;
  for (int row = 1; row < 6; ++row) {
    for (int column = 112; column < 127; ++column)
      text += fake_port.panel.picture().lit(column, row) ? '#' : ' ';
    text.erase(text.find_last_not_of(' ') + 1);
    text += '\n';
  }
  return text;
}

TEST(Count, StandsInTheCornerWithoutLeadingZeros) {
  fake_port = {};
  ssd1306_init();
  count_roll();
  EXPECT_EQ(corner(),
            "             #\n"
            "            ##\n"
            "             #\n"
            "             #\n"
            "            ###\n");
}

// A press of 40 ms with bounces, then time for the release to be believed.
const std::vector<int> kPress = contact({{0, 4}, {1, 1}, {0, 1}, {1, 40}, {0, 1}, {1, 1}, {0, 12}});

TEST(DieApp, APressRollsThenShowsTheFaceThatIsMadeKnown) {
  fake_port = {};
  fake_port.contact = kPress;
  die_start();
  die_roll();
  ASSERT_EQ(fake_port.draws.size(), 7u);  // six frames and the face
  const auto &face = fake_port.draws.back();
  EXPECT_EQ(face[0], fake_port.latent);
  for (int i = 1; i <= 6; ++i) {
    EXPECT_EQ(face[i], i == fake_port.face ? DIE_QUANTIZE_IN0(1.0f) : DIE_QUANTIZE_IN0(0.0f));
  }
  EXPECT_EQ(fake_port.frames, 6);
  EXPECT_GT(fake_port.panel.picture().pixels.count(), 1000u);
}

TEST(DieApp, LatentsStayInTheTrainedRangeAndFillIt) {
  std::set<int> latents;
  for (int i = 0; i < 2000; ++i) {
    fake_port = {};
    fake_port.contact = kPress;
    fake_port.rows = false;
    die_roll();
    latents.insert(fake_port.latent);
    for (const auto &input : fake_port.draws) {
      ASSERT_LE(std::abs(input[0]), DIE_QUANTIZE_IN0(1.5f));
    }
  }
  EXPECT_EQ(latents.size(), 253u);
}

TEST(DieApp, TenThousandRollsAreUniformWithoutAnyHelpFromTheFinger) {
  std::vector<int> faces(6);
  for (int i = 0; i < 10000; ++i) {
    fake_port = {};
    fake_port.contact = kPress;
    fake_port.rows = false;
    die_roll();
    ++faces.at(fake_port.face - 1);
  }
  EXPECT_LT(chi_square(faces), chi_square_limit_1_percent(5));
}

}  // namespace
}  // namespace thimble::die
