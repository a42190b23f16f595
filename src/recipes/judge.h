// How good a network of the die is, by the same measures for every way to train one. Latents are
// even in [-1.5, 1.5], as the firmware draws them.
#pragma once

#include <functional>

#include "die/grey.h"
#include "die/pictures.h"
#include "support/diagnostic.h"

namespace thimble::recipes {

// A picture of a face (1 to 6) for a latent.
using Draw = std::function<die::Grey(int face, float latent)>;

struct Verdict {
  // Mean squared error of the test pictures to the nearest of 256 drawings of their face: what an
  // encoder could reach, for networks with one and without.
  double loss = 0;
  double variance = 0;                 // of the test pictures
  double recognised = 0;               // of 600 drawings, by eval_small
  double recognised_by_evaluator = 0;  // likewise, by the evaluation network
  int pictures_different = 0;          // of 100 drawings, no two pixels for pixel the same
};

Result<Verdict> judge(const Draw &draw, const die::DiePictures &tests);

}  // namespace thimble::recipes
