// Geometry first, then light, then noise, as in a camera.
#include "die/distort.h"

#include <algorithm>
#include <cmath>

#include "support/check.h"

namespace thimble::die {
namespace {

constexpr float kGround = 1;

struct Levels {
  const std::vector<float> &pixels;
  int side;

  float at(int row, int column) const {
    if (row < 0 || row >= side || column < 0 || column >= side) return kGround;
    return pixels[static_cast<std::size_t>(row) * side + column];
  }
  // Between the middles of four pixels.
  float between(double row, double column) const {
    const int y = static_cast<int>(std::floor(row)), x = static_cast<int>(std::floor(column));
    const double down = row - y, right = column - x;
    const double upper = at(y, x) * (1 - right) + at(y, x + 1) * right;
    const double lower = at(y + 1, x) * (1 - right) + at(y + 1, x + 1) * right;
    return static_cast<float>(upper * (1 - down) + lower * down);
  }
};

double either_way(Random &random, double most) { return random.between(-most, most); }

std::vector<float> moved(const std::vector<float> &picture, int side, Random &random,
                         const Distortions &most) {
  const double right = either_way(random, most.shift) * side;
  const double down = either_way(random, most.shift) * side;
  const double scale = 1 + either_way(random, most.scale);
  const Rotation back = Rotation::by(-either_way(random, most.turn));
  const double middle = (side - 1) / 2.0;
  const Levels levels{picture, side};
  std::vector<float> result;
  result.reserve(picture.size());
  for (int row = 0; row < side; ++row) {
    for (int column = 0; column < side; ++column) {
      const double x = (column - middle - right) / scale, y = (row - middle - down) / scale;
      result.push_back(levels.between(middle + x * back.sine + y * back.cosine,
                                      middle + x * back.cosine - y * back.sine));
    }
  }
  return result;
}

// Three pixels wide, along rows and then along columns.
std::vector<float> blurred(const std::vector<float> &picture, int side, double neighbour) {
  const float outer = static_cast<float>(neighbour), inner = 1 - 2 * outer;
  std::vector<float> along(picture.size()), result(picture.size());
  const Levels from{picture, side}, between{along, side};
  for (int i = 0; i < side * side; ++i) {
    const int row = i / side, column = i % side;
    along[i] = outer * (from.at(row, column - 1) + from.at(row, column + 1)) + inner * picture[i];
  }
  for (int i = 0; i < side * side; ++i) {
    const int row = i / side, column = i % side;
    result[i] =
        outer * (between.at(row - 1, column) + between.at(row + 1, column)) + inner * along[i];
  }
  return result;
}

}  // namespace

std::vector<float> distort(const std::vector<float> &picture, int side, Random &random,
                           const Distortions &most) {
  CHECK(picture.size() == static_cast<std::size_t>(side) * side, "a picture is square");
  const std::vector<float> shown = moved(picture, side, random, most);
  std::vector<float> result = blurred(shown, side, random.between(0, most.blur));
  const double contrast = 1 - random.between(0, most.contrast);
  const double black = random.between(0, 1 - contrast);  // what becomes of 0; white is the rest up
  const double noise = random.between(0, most.noise);
  for (float &level : result) {
    const double lit = black + contrast * level + noise * random.normal();
    level = static_cast<float>(std::clamp(lit, 0.0, 1.0));
  }
  return result;
}

void distort_all(DiePictures &pictures, std::uint64_t seed, const Distortions &most) {
  const std::ptrdiff_t size = std::ptrdiff_t{pictures.side} * pictures.side;
  for (int i = 0; i < pictures.count(); ++i) {
    Random random(~seed, i);  // not the numbers that the angles were drawn with
    const auto at = pictures.pixels.begin() + i * size;
    const std::vector<float> seen = distort({at, at + size}, pictures.side, random, most);
    std::copy(seen.begin(), seen.end(), at);
  }
}

}  // namespace thimble::die
