#include "train/distort.h"

#include <numbers>

namespace thimble::train {
namespace {

namespace F = torch::nn::functional;

torch::Tensor drawn(std::int64_t count, double most) {
  return (torch::rand({count}) * 2 - 1) * most;
}

}  // namespace

torch::Tensor distorted(const torch::Tensor &pictures, const Distortion &most) {
  const std::int64_t count = pictures.size(0);
  const torch::Tensor angle = drawn(count, most.turn * std::numbers::pi / 180);
  const torch::Tensor wide = drawn(count, most.stretch) + 1, high = drawn(count, most.stretch) + 1;
  // From -1 to 1 is a whole side.
  const torch::Tensor across =
      torch::stack({angle.cos() * wide, drawn(count, most.shear) - angle.sin() * high,
                    drawn(count, 2 * most.shift)},
                   1);
  const torch::Tensor down =
      torch::stack({angle.sin() * wide, angle.cos() * high, drawn(count, 2 * most.shift)}, 1);
  const torch::Tensor planes = pictures.permute({0, 3, 1, 2});
  const torch::Tensor grid =
      F::affine_grid(torch::stack({across, down}, 1), planes.sizes().vec(), false);
  const torch::Tensor background = pictures.min();
  const torch::Tensor moved =
      F::grid_sample(planes - background, grid, F::GridSampleFuncOptions().align_corners(false));
  return (moved + background).permute({0, 2, 3, 1}).contiguous();
}

}  // namespace thimble::train
