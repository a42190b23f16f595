// Plots as SVG: points and lines in a frame with axes, a legend beside it, and names next to
// points. White underground, so that it can be read in dark and in light viewers; equal plots give
// equal text.
#pragma once

#include <string>
#include <vector>

#include "report/axis.h"

namespace thimble::report {

enum class Marker { kDot, kRing, kSquare, kTriangle, kNone };

struct PlotPoint {
  double x = 0, y = 0;
  std::string label = {};  // stands beside it; may be empty
};

struct Series {
  std::string name;  // in the legend; empty: not there
  std::string colour = "#0072b2";
  Marker marker = Marker::kDot;
  bool line = false;  // through the points, in their order
  std::vector<PlotPoint> points;
};

struct Axis {
  std::string title;
  Scale scale = Scale::kLinear;
};

struct Plot {
  std::string title;
  Axis x, y;
  std::vector<Series> series;  // the first on top; at least one point altogether
};

std::string to_svg(const Plot &plot);

// Colours that colour-blind people can tell apart, too; from the ninth on they repeat.
const std::string &series_colour(std::size_t index);
// From dark violet (0) over green to yellow (1), as the lightness grows.
std::string scale_colour(double part);

}  // namespace thimble::report
