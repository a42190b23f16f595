// The training pictures: what the networks are promised, and that eval_small, trained on pictures
// of another program, reads them.
#include "die/pictures.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <numbers>

#include "die/grey.h"
#include "die/recognise.h"
#include "support/npy.h"

namespace thimble::die {
namespace {

constexpr float kEighth = std::numbers::pi_v<float> / 4;

Grey picture_of(const DiePictures &pictures, int i) {
  const std::size_t size = std::size_t(pictures.side) * pictures.side;
  return Grey(pictures.pixels.begin() + i * size, pictures.pixels.begin() + (i + 1) * size);
}

double share_recognised(const DiePictures &pictures) {
  const auto recogniser = Recogniser::load();
  EXPECT_TRUE(recogniser.ok());
  int known = 0;
  for (int i = 0; i < pictures.count(); ++i)
    known += recogniser->face(picture_of(pictures, i)) == pictures.faces[i];
  return double(known) / pictures.count();
}

TEST(DiePictures, FacesAndAnglesAreEvenlySpread) {
  const DiePictures pictures = draw_pictures({.seed = 3, .count = 1200, .side = 8});
  for (int face = 1; face <= 6; ++face)
    EXPECT_EQ(std::count(pictures.faces.begin(), pictures.faces.end(), face), 200);
  for (int part = 0; part < 4; ++part) {
    const float low = kEighth * (part / 2.0f - 1), high = low + kEighth / 2;
    const auto within = [&](float angle) { return angle >= low && angle < high; };
    EXPECT_NEAR(std::count_if(pictures.angles.begin(), pictures.angles.end(), within), 300, 45);
  }
}

TEST(DiePictures, AFullCircleReachesBeyond45Degrees) {
  const DiePictures pictures =
      draw_pictures({.seed = 3, .count = 400, .side = 8, .full_circle = true});
  const auto beyond = [](float angle) { return std::abs(angle) > kEighth; };
  EXPECT_NEAR(std::count_if(pictures.angles.begin(), pictures.angles.end(), beyond), 300, 30);
}

TEST(DiePictures, TheSeedDecidesAndALongerSetBeginsWithTheShorter) {
  const DiePictures ten = draw_pictures({.seed = 5, .count = 10});
  const DiePictures twenty = draw_pictures({.seed = 5, .count = 20});
  const DiePictures others = draw_pictures({.seed = 6, .count = 10});
  EXPECT_TRUE(std::equal(ten.pixels.begin(), ten.pixels.end(), twenty.pixels.begin()));
  for (int i = 0; i < 10; ++i) EXPECT_NE(picture_of(ten, i), picture_of(others, i));
}

TEST(DiePictures, AreTheSameOnEveryMachine) {
  const DiePictures pictures = draw_pictures({.seed = 1, .count = 64});
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < pictures.pixels.size(); ++i)
    sum += std::llround(pictures.pixels[i] * 16000) * (1 + i % 1021);
  EXPECT_EQ(pictures.angles[0], -0.10564402f);
  EXPECT_EQ(sum, 409714659250u);
}

TEST(DiePictures, AreNotClipped) {
  for (const Look look : {Look::kPlain, Look::kFancy}) {
    for (const int side : {32, 64}) {
      const DiePictures pictures = draw_pictures({.count = 120, .side = side, .look = look});
      for (int i = 0; i < pictures.count(); ++i) {
        const Grey picture = picture_of(pictures, i);
        for (int at = 0; at < side; ++at) {
          EXPECT_EQ(picture[at], 1);
          EXPECT_EQ(picture[(side - 1) * side + at], 1);
          EXPECT_EQ(picture[at * side], 1);
          EXPECT_EQ(picture[at * side + side - 1], 1);
        }
      }
    }
  }
}

TEST(DiePictures, AnUprightOneHasTheLevelsOfThePublishedPictures) {
  const Grey one = draw_picture(1, 0.001f, 32, Look::kPlain);
  EXPECT_EQ(one[0], 1);
  EXPECT_FLOAT_EQ(one[1 * 32 + 16], 0.2f);
  EXPECT_FLOAT_EQ(one[5 * 32 + 16], 0.75f);
  EXPECT_EQ(one[16 * 32 + 16], 0);
  const Grey two = draw_picture(2, 0, 32, Look::kPlain);
  EXPECT_EQ(two[8 * 32 + 8], 0);  // upper left
  EXPECT_FLOAT_EQ(two[8 * 32 + 23], 0.75f);
}

TEST(DiePictures, PositiveAnglesTurnClockwise) {
  const Grey two = draw_picture(2, kEighth, 32, Look::kPlain);  // one pip above the other
  EXPECT_LT(two[8 * 32 + 16], 0.1f);
  EXPECT_FLOAT_EQ(two[16 * 32 + 8], 0.75f);
}

TEST(DiePictures, AreAsVariedAsThePublishedOnes) {
  const DiePictures pictures = draw_pictures({.count = 512});
  double sum = 0, squares = 0;
  for (const float x : pictures.pixels) {
    sum += x;
    squares += double(x) * x;
  }
  const double mean = sum / pictures.pixels.size();
  EXPECT_NEAR(squares / pictures.pixels.size() - mean * mean, 0.0544, 0.001);
}

// The angle is found by trying: half degrees, then fiftieths.
double least_error(const Grey &published, int face) {
  double least = 1, best = 0;
  const auto try_angle = [&](double degrees) {
    const float angle = static_cast<float>(degrees * std::numbers::pi / 180);
    const Grey drawn = draw_picture(face, angle, 32, Look::kPlain);
    double sum = 0;
    for (std::size_t i = 0; i < drawn.size(); ++i)
      sum += (drawn[i] - published[i]) * (drawn[i] - published[i]);
    if (sum / drawn.size() < least) best = degrees, least = sum / drawn.size();
  };
  for (int i = -92; i <= 92; ++i) try_angle(i * 0.5);
  const double near = best;
  for (int i = -25; i <= 25; ++i) try_angle(near + i * 0.02);
  return least;
}

TEST(DiePictures, RepeatThePublishedOnes) {
  const auto file = std::filesystem::path(THIMBLE_SHARED_DIR) / "models/die/dice_test.npz";
  if (!std::filesystem::exists(file)) GTEST_SKIP() << "no " << file;
  const auto entries = read_npz(file);
  ASSERT_TRUE(entries.ok() && entries->size() == 2);
  const std::vector<float> x = (*entries)[0].second.as_float(), y = (*entries)[1].second.as_float();
  double sum = 0;
  for (int i = 0; i < 16; ++i)
    sum += least_error(Grey(&x[i * 1024], &x[i * 1024] + 1024), 1 + static_cast<int>(y[i]));
  EXPECT_LT(sum / 16, 1e-4);
}

TEST(DiePictures, TheShippedNetworkReadsThem) {
  EXPECT_GE(share_recognised(draw_pictures({.count = 512})), 0.995);
}

}  // namespace
}  // namespace thimble::die
