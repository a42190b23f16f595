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

}  // namespace

Dice to_tensors(const die::DiePictures &pictures) {
  const std::int64_t n = pictures.count(), side = pictures.side;
  Dice dice;
  dice.pixels = torch::tensor(pictures.pixels).reshape({n, side, side, 1});
  dice.faces = torch::tensor(pictures.faces, torch::kInt64) - 1;
  dice.one_hot =
      torch::one_hot(dice.faces, die::kFaces).to(torch::kFloat32).reshape({n, 1, 1, die::kFaces});
  const double quarter = std::numbers::pi / 4;
  dice.angles =
      torch::tensor(pictures.angles).reshape({n, 1, 1, 1}) * (die::kLatentLimit / quarter);
  return dice;
}

die::DiePictures training_pictures(int side) { return draw(1, 8192, side); }
die::DiePictures test_pictures(int side) { return draw(2, 2048, side); }

torch::Tensor planes(const torch::Tensor &one_hot, std::int64_t side) {
  return one_hot.expand({one_hot.size(0), side, side, one_hot.size(3)});
}

}  // namespace thimble::recipes
