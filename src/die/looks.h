// How a die looks at one point of the large drawing.
#pragma once

#include <cstdint>

#include "die/pictures.h"
#include "die/repeatable.h"

namespace thimble::die {

inline constexpr int kWhite = 1000;  // levels: 0 black

// Lengths in samples of the large drawing, from its middle.
struct Drawing {
  Rotation rotation;
  double unit = 1;         // a 128th of the drawing
  double half = 0;         // half an edge of the die
  double radius = 0;       // of its corners
  double rim = 0;          // width
  double pip = 0;          // radius
  double pitch = 0;        // from one pip to the next, either way
  std::uint32_t pips = 0;  // bit 3 * row + column of the 3x3 places
};

// `samples`: the drawing's side. The square around the turned die, corners unrounded, always has
// the same size, so that the die is as large as fits.
Drawing make_drawing(int face, float angle, int samples, Look look);

// The level at (x, y): columns to the right and rows below the middle.
int plain_level(const Drawing &drawing, double x, double y);
int fancy_level(const Drawing &drawing, double x, double y);

}  // namespace thimble::die
