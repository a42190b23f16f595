// The die's pictures as tensors to train on.
#pragma once

#include <torch/torch.h>

#include "die/pictures.h"

namespace thimble::recipes {

struct Dice {
  torch::Tensor pixels;   // [n, side, side, 1], 0 to 1
  torch::Tensor faces;    // [n], int64, 0 to 5
  torch::Tensor one_hot;  // [n, 1, 1, 6]
  torch::Tensor angles;   // [n, 1, 1, 1], -1.5 to 1.5 for -45 to 45 degrees
};

Dice to_tensors(const die::DiePictures &pictures);

// What every network is trained with (8,192 pictures) and judged by (2,048 others).
die::DiePictures training_pictures(int side);
die::DiePictures test_pictures(int side);

// Of each picture's pixels, how much the six faces at its angle differ there: [n, side, side, 1],
// their variance over its mean.
torch::Tensor telling_pixels(const Dice &dice);

// A plane a face, ones for the one shown: [n, side, side, 6].
torch::Tensor planes(const torch::Tensor &one_hot, std::int64_t side);

}  // namespace thimble::recipes
