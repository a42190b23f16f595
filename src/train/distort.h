// Pictures moved, turned and stretched a little, each in its own way: of one example many.
#pragma once

#include "train/torch.h"

namespace thimble::train {

struct Distortion {      // the most, in either direction
  double turn = 12;      // degrees
  double stretch = 0.1;  // of each side
  double shear = 0.15;
  double shift = 0.07;  // of the sides
};

// [batch, rows, cols, channels], from libtorch's current generator. What comes in from outside is
// the batch's least value: its background.
torch::Tensor distorted(const torch::Tensor &pictures, const Distortion &most = {});

}  // namespace thimble::train
