// Pictures as a bad camera or a rough decoder would give them, for training networks that read
// faces: moved, blurred, grey and noisy, but a person still reads them.
#pragma once

#include <cstdint>
#include <vector>

#include "die/pictures.h"
#include "die/repeatable.h"

namespace thimble::die {

// The most of each; what a picture gets is drawn evenly up to it, either way where that makes
// sense.
struct Distortions {
  double shift = 0.05;     // of the side, right or left and up or down
  double scale = 0.12;     // larger or smaller by this part
  double turn = 0.12;      // radians, about 7 degrees
  double blur = 0.22;      // weight of each neighbour, with 1 - 2 of it for the pixel itself
  double contrast = 0.45;  // lost
  double noise = 0.10;     // standard deviation
};

// `picture` is side * side grey levels in 0 to 1, and so is the result; ground comes in from
// outside.
std::vector<float> distort(const std::vector<float> &picture, int side, Random &random,
                           const Distortions &most = {});

// Every picture in its own way.
void distort_all(DiePictures &pictures, std::uint64_t seed, const Distortions &most = {});

}  // namespace thimble::die
