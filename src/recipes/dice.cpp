#include "recipes/dice.h"

#include <numbers>

#include "die/decoder.h"

namespace thimble::recipes {
namespace {

die::DiePictures draw(std::uint64_t seed, int count, int side) {
  die::PictureOptions options;
  options.seed = seed;
  options.count = count;
  options.side = side;
  return die::draw_pictures(options);
}

constexpr double kQuarter = std::numbers::pi / 4;
constexpr int kAngles = 257;  // even, from -45 to 45 degrees

// [kAngles, side, side, 1]: the variance of each pixel over the faces, at each angle.
torch::Tensor variance_over_faces(int side) {
  std::vector<torch::Tensor> faces;
  for (int face = 1; face <= die::kFaces; ++face) {
    std::vector<torch::Tensor> turned;
    for (int i = 0; i < kAngles; ++i) {
      const double angle = kQuarter * (2.0 * i / (kAngles - 1) - 1);
      turned.push_back(torch::tensor(
          die::draw_picture(face, static_cast<float>(angle), side, die::Look::kPlain)));
    }
    faces.push_back(torch::stack(turned));
  }
  const torch::Tensor variance = torch::stack(faces).var(0, false);
  return (variance / variance.mean()).reshape({kAngles, side, side, 1});
}

}  // namespace

Dice to_tensors(const die::DiePictures &pictures) {
  const std::int64_t n = pictures.count(), side = pictures.side;
  Dice dice;
  dice.pixels = torch::tensor(pictures.pixels).reshape({n, side, side, 1});
  dice.faces = torch::tensor(pictures.faces, torch::kInt64) - 1;
  dice.one_hot =
      torch::one_hot(dice.faces, die::kFaces).to(torch::kFloat32).reshape({n, 1, 1, die::kFaces});
  dice.angles =
      torch::tensor(pictures.angles).reshape({n, 1, 1, 1}) * (double{die::kLatentLimit} / kQuarter);
  return dice;
}

die::DiePictures training_pictures(int side) { return draw(1, 8192, side); }
die::DiePictures test_pictures(int side) { return draw(2, 2048, side); }

torch::Tensor telling_pixels(const Dice &dice) {
  const torch::Tensor place = (dice.angles.flatten() / double{die::kLatentLimit} + 1) / 2;
  const torch::Tensor nearest = (place * (kAngles - 1)).round().to(torch::kInt64);
  return variance_over_faces(static_cast<int>(dice.pixels.size(1))).index_select(0, nearest);
}

torch::Tensor planes(const torch::Tensor &one_hot, std::int64_t side) {
  return one_hot.expand({one_hot.size(0), side, side, one_hot.size(3)});
}

}  // namespace thimble::recipes
