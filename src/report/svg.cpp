// Formatting only: one decimal of a pixel is enough, and equal shapes give equal text.
#include "report/svg.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "report/plot_labels.h"

namespace thimble::report {
namespace {

std::string escaped(const std::string &text) {
  std::string safe;
  for (char c : text) {
    safe += c == '<' ? "&lt;" : c == '>' ? "&gt;" : c == '&' ? "&amp;" : std::string(1, c);
  }
  return safe;
}

}  // namespace

std::string text_at(Spot spot, const std::string &text, const char *anchor, double size,
                    const std::string &more) {
  return fmt::format(
      "<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"{}\" font-size=\"{}\"{}>{}</text>\n", spot.x,
      spot.y, anchor, size, more, escaped(text));
}

std::string line_between(Spot from, Spot to, const char *colour) {
  return fmt::format(
      "<line x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\" stroke=\"{}\"/>\n", from.x,
      from.y, to.x, to.y, colour);
}

std::string path_svg(const std::vector<Spot> &spots, const std::string &colour) {
  std::string path;
  for (const Spot &spot : spots) {
    path += fmt::format("{}{:.1f} {:.1f}", path.empty() ? "M" : " L", spot.x, spot.y);
  }
  return "<path d=\"" + path + "\" fill=\"none\" stroke=\"" + colour +
         "\" stroke-width=\"1.5\"/>\n";
}

std::string marker_svg(Spot at, Marker marker, const std::string &colour) {
  const double r = kMarkerRadius;
  switch (marker) {
    case Marker::kDot:
      return fmt::format("<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"{}\" fill=\"{}\"/>\n", at.x, at.y,
                         r, colour);
    case Marker::kRing:
      return fmt::format(
          "<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"{}\" fill=\"none\" stroke=\"{}\" "
          "stroke-width=\"1.5\"/>\n",
          at.x, at.y, r - 1, colour);
    case Marker::kSquare:
      return fmt::format(
          "<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{}\" height=\"{}\" fill=\"{}\"/>\n", at.x - r,
          at.y - r, 2 * r, 2 * r, colour);
    case Marker::kTriangle:
      return fmt::format("<path d=\"M{:.1f} {:.1f}l{} {}h{}z\" fill=\"{}\"/>\n", at.x, at.y - r - 1,
                         r + 1, 2 * r, -2 * (r + 1), colour);
    case Marker::kNone:
      break;
  }
  return "";
}

const std::string &series_colour(std::size_t index) {
  static const std::array<std::string, 8> kColours = {"#0072b2", "#d55e00", "#009e73", "#cc79a7",
                                                      "#56b4e9", "#e69f00", "#6b7280", "#000000"};
  return kColours[index % kColours.size()];
}

std::string scale_colour(double part) {
  static constexpr int kStops[][3] = {
      {68, 1, 84}, {59, 82, 139}, {33, 145, 140}, {94, 201, 98}, {225, 200, 20}};
  const double at = std::clamp(part, 0.0, 1.0) * (std::size(kStops) - 1);
  const std::size_t below =
      std::min<std::size_t>(static_cast<std::size_t>(at), std::size(kStops) - 2);
  std::array<int, 3> colour{};
  for (int i = 0; i < 3; ++i) {
    colour[i] = static_cast<int>(std::lround(
        std::lerp(kStops[below][i], kStops[below + 1][i], at - static_cast<double>(below))));
  }
  return fmt::format("#{:02x}{:02x}{:02x}", colour[0], colour[1], colour[2]);
}

}  // namespace thimble::report
