// The small parts of the die: filtering down, the finger, Intel HEX, pictures for people, shipped
// networks.
#include "die/die.h"

#include <gtest/gtest.h>

#include "die/decoder.h"
#include "die/finger.h"
#include "die/firmware.h"
#include "die/grey.h"
#include "die/models.h"
#include "die/recognise.h"
#include "die/show.h"

namespace thimble::die {
namespace {

TEST(FilterDown, AveragesFourPixelsOfThePanelsMiddle) {
  PanelPicture picture;
  picture.set(32, 0, true);
  picture.set(33, 1, true);
  picture.set(94, 62, true);
  picture.set(95, 63, true);
  picture.set(94, 63, true);
  picture.set(95, 62, true);
  picture.set(31, 0, true);  // beside the picture
  picture.set(96, 63, true);
  const Grey grey = filter_down(picture);
  ASSERT_EQ(grey.size(), 1024u);
  EXPECT_FLOAT_EQ(grey.front(), 0.5f);
  EXPECT_FLOAT_EQ(grey.back(), 1.0f);
  EXPECT_FLOAT_EQ(grey[1], 0.0f);
}

TEST(Finger, BouncesButEndsOpenAndInOrder) {
  Finger finger(7, 16'000'000);
  std::size_t most = 0, fewest = 1000;
  for (int i = 0; i < 100; ++i) {
    const std::vector<Edge> edges = finger.press();
    most = std::max(most, edges.size());
    fewest = std::min(fewest, edges.size());
    EXPECT_TRUE(edges.front().closed);
    EXPECT_FALSE(edges.back().closed);
    for (std::size_t e = 1; e < edges.size(); ++e) {
      EXPECT_GT(edges[e].cycle, edges[e - 1].cycle);
      EXPECT_NE(edges[e].closed, edges[e - 1].closed);
    }
  }
  EXPECT_GT(most, 12u);
  EXPECT_LT(fewest, 10u);
}

TEST(Finger, RepeatsItselfFromEqualSeeds) {
  Finger a(3, 16'000'000), b(3, 16'000'000), c(4, 16'000'000);
  const std::uint64_t first = a.press().front().cycle;
  EXPECT_EQ(first, b.press().front().cycle);
  EXPECT_NE(first, c.press().front().cycle);
}

TEST(IntelHex, LinesAddUpToZero) {
  EXPECT_EQ(intel_hex({0x0C, 0x94, 0x5C, 0x00}), ":040000000C945C0000\n:00000001FF\n");
  const std::string text = intel_hex(Bytes(17, 0xFF));
  EXPECT_EQ(text.substr(0, 9), ":10000000");
  EXPECT_NE(text.find("\n:01001000FFF0\n"), std::string::npos);
}

TEST(Show, TextHasTwoRowsALineOfTheLitColumns) {
  PanelPicture picture;
  picture.set(40, 0, true);
  picture.set(41, 1, true);
  picture.set(42, 0, true);
  picture.set(42, 1, true);
  const std::string text = panel_text(picture);
  EXPECT_EQ(text.substr(0, text.find('\n')), "\u2580\u2584\u2588");
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 32);
}

TEST(Show, ImageHasASquareAPixel) {
  PanelPicture picture;
  picture.set(1, 0, true);
  const report::Image image = panel_image(picture);
  EXPECT_EQ(image.width, 768);
  EXPECT_EQ(image.height, 384);
  EXPECT_LT(image.pixels[0], 64);
  EXPECT_GT(image.pixels[6 * 3], 192);
}

TEST(Show, AContactSheetHasARowAFace) {
  const report::Image sheet = contact_sheet(draw_pictures({.count = 7}), 2);
  EXPECT_EQ(sheet.width, 64);
  EXPECT_EQ(sheet.height, 6 * 32);
  EXPECT_EQ(sheet.pixels[16 * 64 + 16], 0);                // a one
  EXPECT_EQ(sheet.pixels[16 * 64 + 48], 0);                // the seventh picture: another one
  EXPECT_EQ(sheet.pixels[(32 + 16) * 64 + 16], 191);       // a two
  EXPECT_EQ(sheet.pixels[(32 + 16) * 64 + 32 + 16], 255);  // no second two
}

TEST(RunDie, OtherChipsAreAUsageError) {
  DieOptions options;
  options.target.name = "cortex-m4";
  options.target.emulator = "qemu-arm";
  const Result<DieReport> result = run_die(options, [](const std::string &) {});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.diagnostics()[0].error_class, ErrorClass::kUsage);
}

TEST(Decoder, ANetworkOfOtherShapesIsRefused) {
  Result<Model> model = load_shipped_model("eval_small.pt2");
  ASSERT_TRUE(model);
  const Result<Decoder> decoder = make_decoder(*std::move(model), {});
  ASSERT_FALSE(decoder);
  EXPECT_EQ(decoder.diagnostics()[0].what, "is no decoder of the die");
}

TEST(Recogniser, KnowsTheFloatDecodersFaces) {
  Result<Model> model = load_shipped_model("die_929.pt2");
  ASSERT_TRUE(model);
  const Result<Decoder> decoder = make_decoder(*std::move(model), {});
  ASSERT_TRUE(decoder);
  const Result<Recogniser> recogniser = Recogniser::load();
  ASSERT_TRUE(recogniser);
  int known = 0;
  for (int face = 1; face <= kFaces; ++face) {
    for (const float latent : {-1.0f, -0.5f, 0.0f, 0.5f, 1.0f}) {
      known += recogniser->face(draw_float(*decoder, face, latent)) == face;
    }
  }
  EXPECT_GE(known, 28);  // of 30; 97 % of all latents
}

}  // namespace
}  // namespace thimble::die
