// Distortions: within range, repeatable, and neither without effect nor beyond recognition.
#include "die/distort.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "die/grey.h"
#include "die/recognise.h"

namespace thimble::die {
namespace {

double difference(const std::vector<float> &a, const std::vector<float> &b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += (a[i] - b[i]) * (a[i] - b[i]);
  return sum / static_cast<double>(a.size());
}

TEST(Distort, KeepsTheRangeAndChangesEveryPicture) {
  const DiePictures drawn = draw_pictures({.count = 60});
  DiePictures seen = drawn;
  distort_all(seen, 1);
  const auto [least, most] = std::minmax_element(seen.pixels.begin(), seen.pixels.end());
  EXPECT_GE(*least, 0);
  EXPECT_LE(*most, 1);
  for (int i = 0; i < seen.count(); ++i) {
    const auto picture = [&](const DiePictures &of) {
      return Grey(of.pixels.begin() + i * 1024, of.pixels.begin() + (i + 1) * 1024);
    };
    EXPECT_GT(difference(picture(drawn), picture(seen)), 0.0005);
  }
}

TEST(Distort, TheSeedDecides) {
  const Grey picture = draw_picture(5, 0.2f, 32, Look::kPlain);
  Random a(7), b(7), c(8);
  const Grey first = distort(picture, 32, a);
  EXPECT_EQ(first, distort(picture, 32, b));
  EXPECT_NE(first, distort(picture, 32, c));
  EXPECT_NE(first, distort(picture, 32, a));  // the same generator goes on
}

TEST(Distort, NoneLeavesThePictureAsItIs) {
  const Grey picture = draw_picture(4, -0.4f, 32, Look::kFancy);
  Random random(1);
  const Grey same = distort(picture, 32, random, {0, 0, 0, 0, 0, 0});
  for (std::size_t i = 0; i < picture.size(); ++i) EXPECT_NEAR(same[i], picture[i], 1e-6);
}

TEST(Distort, FacesAreStillRead) {
  DiePictures pictures = draw_pictures({.count = 300});
  distort_all(pictures, 2);
  const auto recogniser = Recogniser::load();
  ASSERT_TRUE(recogniser.ok());
  int known = 0;
  for (int i = 0; i < pictures.count(); ++i) {
    const Grey picture(pictures.pixels.begin() + i * 1024,
                       pictures.pixels.begin() + (i + 1) * 1024);
    known += recogniser->face(picture) == pictures.faces[i];
  }
  EXPECT_GE(known, 285);
}

}  // namespace
}  // namespace thimble::die
