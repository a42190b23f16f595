// Pictures moved, turned and stretched a little.
#include "train/distort.h"

#include <gtest/gtest.h>

namespace thimble::train {
namespace {

constexpr Distortion kNone = {0, 0, 0, 0};

// [8, 12, 10, 3]: a square on paper of -0.4.
torch::Tensor squares() {
  torch::Tensor pictures = torch::full({8, 12, 10, 3}, -0.4f);
  pictures.slice(1, 4, 8).slice(2, 3, 7).fill_(2.5f);
  return pictures;
}

torch::Tensor distorted_with(std::uint64_t seed, const torch::Tensor &pictures,
                             const Distortion &most = {}) {
  torch::manual_seed(seed);
  return distorted(pictures, most);
}

TEST(Distort, KeepsShapeAndBounds) {
  const torch::Tensor pictures = squares(), made = distorted_with(1, pictures);
  EXPECT_EQ(made.sizes(), pictures.sizes());
  EXPECT_GE(made.min().item<float>(), -0.4f - 1e-5f);
  EXPECT_LE(made.max().item<float>(), 2.5f + 1e-5f);
}

TEST(Distort, EachPictureInItsOwnWay) {
  const torch::Tensor made = distorted_with(1, squares());
  for (int i = 0; i < 8; ++i) {
    EXPECT_GT((made[i].max() - made[i].min()).item<float>(), 1);
    EXPECT_FALSE(made[i].allclose(squares()[i], 0, 0.01));
    EXPECT_FALSE(made[i].allclose(made[(i + 1) % 8], 0, 0.01));
  }
}

TEST(Distort, AllChannelsOfAPictureAlike) {
  const torch::Tensor made = distorted_with(1, squares());
  EXPECT_TRUE(made.select(3, 0).equal(made.select(3, 2)));
}

TEST(Distort, WhatComesFromOutsideIsBackground) {
  const torch::Tensor moved = distorted_with(3, squares(), {0, 0, 0, 0.4});
  // The square and nothing else is there: what has left at one side does not come in at another.
  EXPECT_LE((moved > -0.39).sum().item<int>(), 8 * 3 * 25);
  EXPECT_NEAR(moved.min().item<float>(), -0.4f, 1e-5);
  const torch::Tensor paper = torch::full({2, 6, 6, 1}, 0.25f);
  EXPECT_TRUE(distorted_with(1, paper).allclose(paper));
}

TEST(Distort, ByNothingChangesNothing) {
  EXPECT_TRUE(distorted_with(1, squares(), kNone).allclose(squares(), 0, 1e-4));
}

TEST(Distort, EqualSeedsGiveEqualPictures) {
  EXPECT_TRUE(distorted_with(5, squares()).equal(distorted_with(5, squares())));
  EXPECT_FALSE(distorted_with(5, squares()).equal(distorted_with(6, squares())));
}

TEST(Distort, LeavesWhatItIsGiven) {
  const torch::Tensor pictures = squares();
  distorted_with(1, pictures);
  EXPECT_TRUE(pictures.equal(squares()));
}

}  // namespace
}  // namespace thimble::train
