// The pictures that the die's networks learn from: faces of a die, turned by any angle and as large
// as fits, drawn hard at four times the size and averaged down.
//
// The plain look is that of the published test pictures (white ground 1, face 0.75, dark rim 0.2,
// black pips 0). Equal options give equal bits on every machine.
#pragma once

#include <cstdint>
#include <vector>

namespace thimble::die {

enum class Look {
  kPlain,
  kFancy,  // rounder, lit from the upper left: bevel, shadow, hollow pips with a glint
};

struct PictureOptions {
  std::uint64_t seed = 1;
  int count = 8192;
  int side = 32;  // pixels; at least 8
  Look look = Look::kPlain;
  bool full_circle =
      false;  // else angles lie within +-45 degrees, where 2, 3 and 6 keep one side up
};

struct DiePictures {
  int side = 0;
  std::vector<int> faces;     // 1 to 6 in turn, so that every run of six pictures has each once
  std::vector<float> angles;  // radians, clockwise
  std::vector<float> pixels;  // picture, row, column; 0 (black) to 1 (white)

  int count() const { return static_cast<int>(faces.size()); }
};

// Picture i depends on the seed and i alone: a longer set begins with the shorter one.
DiePictures draw_pictures(const PictureOptions &options);

// side * side grey levels. The outermost ring of pixels is ground (from 32 pixels on).
std::vector<float> draw_picture(int face, float angle, int side, Look look);

}  // namespace thimble::die
