// Where the names of points stand: beside their point, off each other, off markers and lines.
#pragma once

#include <string>
#include <vector>

namespace thimble::report {

// Pixels, y grows downwards.
struct Box {
  double left = 0, top = 0, right = 0, bottom = 0;
  bool overlaps(const Box &other) const;
};

struct PlacedLabel {
  double x = 0, y = 0;  // of the text's baseline
  const char *anchor = "start";
  std::string text;
};

inline constexpr double kLabelSize = 11, kMarkerRadius = 5;

double text_width(const std::string &text, double size);  // about

struct LabelledPoint {
  double x = 0, y = 0;
  std::string text;
};

// Tries some places around each point and takes the one that covers least of `shapes` and of the
// names before; a name that would not be read is left out.
std::vector<PlacedLabel> place_labels(const std::vector<LabelledPoint> &points,
                                      const std::vector<Box> &shapes, const Box &frame);

}  // namespace thimble::report
