// SVG as text. Everything is drawn in pixels of one fixed frame; the legend stands to its right.
#include "report/plot.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "report/plot_labels.h"
#include "report/svg.h"

namespace thimble::report {
namespace {

constexpr double kLeft = 84, kTop = 48, kWidth = 560, kHeight = 380, kBottomMargin = 60;
constexpr double kLegendGap = 20, kLegendLine = 22, kLegendSize = 13, kRight = 24;
constexpr const char *kInk = "#1f2937", *kFaint = "#e5e7eb", *kFrame = "#6b7280";

struct Frame {
  Range x, y;
  Spot at(const PlotPoint &point) const {
    return {kLeft + kWidth * x.place(point.x), kTop + kHeight * (1 - y.place(point.y))};
  }
};

Frame frame_of(const Plot &plot) {
  std::vector<double> xs, ys;
  for (const Series &series : plot.series) {
    for (const PlotPoint &point : series.points) {
      xs.push_back(point.x);
      ys.push_back(point.y);
    }
  }
  return {round_range(xs, plot.x.scale), round_range(ys, plot.y.scale)};
}

std::string axes_svg(const Plot &plot, const Frame &frame) {
  std::string svg;
  for (const Tick &tick : ticks(frame.x)) {
    const double x = frame.at({tick.value, frame.y.low}).x;
    svg += line_between({x, kTop}, {x, kTop + kHeight}, kFaint);
    if (!tick.label.empty()) svg += text_at({x, kTop + kHeight + 18}, tick.label, "middle", 12);
  }
  for (const Tick &tick : ticks(frame.y)) {
    const double y = frame.at({frame.x.low, tick.value}).y;
    svg += line_between({kLeft, y}, {kLeft + kWidth, y}, kFaint);
    if (!tick.label.empty()) svg += text_at({kLeft - 8, y + 4}, tick.label, "end", 12);
  }
  svg += fmt::format(
      "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" fill=\"none\" stroke=\"{}\"/>\n", kLeft,
      kTop, kWidth, kHeight, kFrame);
  svg += text_at({kLeft + kWidth / 2, kTop + kHeight + 44}, plot.x.title, "middle", 14);
  const Spot middle{22, kTop + kHeight / 2};
  return svg + text_at(middle, plot.y.title, "middle", 14,
                       fmt::format(" transform=\"rotate(-90 {} {})\"", middle.x, middle.y));
}

std::string series_svg(const Series &series, const Frame &frame) {
  std::vector<Spot> spots;
  for (const PlotPoint &point : series.points) spots.push_back(frame.at(point));
  std::string svg = series.line && spots.size() > 1 ? path_svg(spots, series.colour) : "";
  for (const Spot &spot : spots) svg += marker_svg(spot, series.marker, series.colour);
  return svg;
}

Box around(Spot spot, double radius) {
  return {spot.x - radius, spot.y - radius, spot.x + radius, spot.y + radius};
}

// Markers, and lines as a row of small boxes.
std::vector<Box> taken_by(const Series &series, const Frame &frame) {
  constexpr int kPieces = 60;
  std::vector<Box> boxes;
  for (std::size_t i = 0; i < series.points.size(); ++i) {
    const Spot spot = frame.at(series.points[i]);
    if (series.marker != Marker::kNone) boxes.push_back(around(spot, kMarkerRadius));
    if (!series.line || i == 0) continue;
    const Spot before = frame.at(series.points[i - 1]);
    for (int piece = 0; piece <= kPieces; ++piece) {
      const double part = static_cast<double>(piece) / kPieces;
      boxes.push_back(
          around({std::lerp(before.x, spot.x, part), std::lerp(before.y, spot.y, part)}, 1));
    }
  }
  return boxes;
}

std::string labels_svg(const Plot &plot, const Frame &frame) {
  std::vector<LabelledPoint> points;
  std::vector<Box> taken;
  for (const Series &series : plot.series) {
    const std::vector<Box> boxes = taken_by(series, frame);
    taken.insert(taken.end(), boxes.begin(), boxes.end());
    for (const PlotPoint &point : series.points) {
      const Spot spot = frame.at(point);
      points.push_back({spot.x, spot.y, point.label});
    }
  }
  std::string svg;
  for (const PlacedLabel &label :
       place_labels(points, taken, {kLeft, kTop, kLeft + kWidth, kTop + kHeight})) {
    svg += text_at({label.x, label.y}, label.text, label.anchor, kLabelSize, " fill=\"#4b5563\"");
  }
  return svg;
}

std::string legend_svg(const Plot &plot) {
  std::string svg;
  Spot spot{kLeft + kWidth + kLegendGap, kTop + 10};
  for (const Series &series : plot.series) {
    if (series.name.empty() || series.points.empty()) continue;
    if (series.line) svg += path_svg({{spot.x - 2, spot.y}, {spot.x + 16, spot.y}}, series.colour);
    svg += marker_svg({spot.x + 7, spot.y}, series.marker, series.colour);
    svg += text_at({spot.x + 24, spot.y + 4.5}, series.name, "start", kLegendSize);
    spot.y += kLegendLine;
  }
  return svg;
}

double legend_width(const Plot &plot) {
  double width = 0;
  for (const Series &series : plot.series) {
    if (!series.name.empty() && !series.points.empty()) {
      width = std::max(width, kLegendGap + 24 + text_width(series.name, kLegendSize));
    }
  }
  return width;
}

}  // namespace

std::string to_svg(const Plot &plot) {
  const Frame frame = frame_of(plot);
  const double width = std::ceil(kLeft + kWidth + legend_width(plot) + kRight);
  const double height = kTop + kHeight + kBottomMargin;
  std::string svg = fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0} {1}\" width=\"{0}\" "
      "height=\"{1}\" font-family=\"Helvetica, Arial, 'DejaVu Sans', sans-serif\" fill=\"{2}\">\n"
      "<rect width=\"{0}\" height=\"{1}\" fill=\"#ffffff\"/>\n",
      width, height, kInk);
  svg += text_at({kLeft, 28}, plot.title, "start", 16, " font-weight=\"bold\"");
  svg += axes_svg(plot, frame);
  for (auto series = plot.series.rbegin(); series != plot.series.rend(); ++series) {
    svg += series_svg(*series, frame);
  }
  return svg + labels_svg(plot, frame) + legend_svg(plot) + "</svg>\n";
}

}  // namespace thimble::report
