// The pictures that networks see: 32x32 grey levels, 0 (dark) to 1 (lit), row by row.
#pragma once

#include <vector>

#include "die/panel.h"

namespace thimble::die {

inline constexpr int kFaces = 6;
inline constexpr int kGreySide = 32;
using Grey = std::vector<float>;

// The panel's middle 64x64 pixels, each 2x2 of them averaged.
Grey filter_down(const PanelPicture &picture);
// Those pixels alone, without the count in a corner.
PanelPicture die_alone(PanelPicture picture);

}  // namespace thimble::die
