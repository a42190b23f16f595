// The firmware's picture fills the panel's height and stands in its middle.
#include "die/grey.h"

namespace thimble::die {
namespace {

constexpr int kLeft = (kPanelColumns - kPanelRows) / 2;

}  // namespace

Grey filter_down(const PanelPicture &picture) {
  constexpr int kScale = kPanelRows / kGreySide;
  Grey grey(kGreySide * kGreySide);
  for (int row = 0; row < kPanelRows; ++row) {
    for (int column = 0; column < kPanelRows; ++column) {
      if (!picture.lit(kLeft + column, row)) continue;
      grey[row / kScale * kGreySide + column / kScale] += 1.0f / (kScale * kScale);
    }
  }
  return grey;
}

PanelPicture die_alone(PanelPicture picture) {
  for (int row = 0; row < kPanelRows; ++row) {
    for (int column = 0; column < kPanelColumns; ++column) {
      if (column < kLeft || column >= kLeft + kPanelRows) picture.set(column, row, false);
    }
  }
  return picture;
}

}  // namespace thimble::die
