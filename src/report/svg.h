// The shapes that plots are made of, as elements of an SVG file. Pixels; y grows downwards.
#pragma once

#include <string>
#include <vector>

#include "report/plot.h"

namespace thimble::report {

struct Spot {
  double x = 0, y = 0;
};

// `anchor`: "start", "middle", "end"; `more`: further attributes, with a space before each.
std::string text_at(Spot spot, const std::string &text, const char *anchor, double size,
                    const std::string &more = "");
std::string line_between(Spot from, Spot to, const char *colour);
std::string path_svg(const std::vector<Spot> &spots, const std::string &colour);
std::string marker_svg(Spot at, Marker marker, const std::string &colour);

}  // namespace thimble::report
