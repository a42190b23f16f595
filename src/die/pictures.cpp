// A sample is one point of the large drawing, in coordinates of the die: turned back, so that its
// edges are upright. Coordinates and lengths are multiples of 2^-17, which keeps every comparison
// exact; levels are whole thousandths, which keeps every mean exact.
#include "die/pictures.h"

#include <numbers>

#include "die/grey.h"
#include "die/looks.h"
#include "die/repeatable.h"
#include "support/check.h"

namespace thimble::die {
namespace {

constexpr int kFine = 4;  // samples a pixel, either way

int sum_of_pixel(const Look look, const Drawing &drawing, int row, int column, int side) {
  int sum = 0;
  for (int sample = 0; sample < kFine * kFine; ++sample) {
    const double x = kFine * column + sample % kFine + 0.5 - kFine * side / 2.0;
    const double y = kFine * row + sample / kFine + 0.5 - kFine * side / 2.0;
    sum += look == Look::kFancy ? fancy_level(drawing, x, y) : plain_level(drawing, x, y);
  }
  return sum;
}

float angle_of(Random &random, bool full_circle) {
  const double limit = full_circle ? std::numbers::pi : std::numbers::pi / 4;
  return static_cast<float>(random.between(-limit, limit));
}

}  // namespace

std::vector<float> draw_picture(int face, float angle, int side, Look look) {
  CHECK(face >= 1 && face <= kFaces && side >= 8, "a die has six faces and some size");
  const Drawing drawing = make_drawing(face, angle, kFine * side, look);
  std::vector<float> pixels;
  pixels.reserve(static_cast<std::size_t>(side) * side);
  for (int row = 0; row < side; ++row) {
    for (int column = 0; column < side; ++column) {
      const int sum = sum_of_pixel(look, drawing, row, column, side);
      pixels.push_back(static_cast<float>(sum) / (kFine * kFine * kWhite));
    }
  }
  return pixels;
}

DiePictures draw_pictures(const PictureOptions &options) {
  CHECK(options.count >= 0, "pictures are counted");
  DiePictures pictures;
  pictures.side = options.side;
  for (int i = 0; i < options.count; ++i) {
    Random random(options.seed, i);
    pictures.faces.push_back(1 + i % kFaces);
    pictures.angles.push_back(angle_of(random, options.full_circle));
    const std::vector<float> drawn =
        draw_picture(pictures.faces[i], pictures.angles[i], options.side, options.look);
    pictures.pixels.insert(pictures.pixels.end(), drawn.begin(), drawn.end());
  }
  return pictures;
}

}  // namespace thimble::die
