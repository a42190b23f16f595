// What goes in and what comes out, of some samples: pictures as pictures, few numbers as bars, many
// as a curve. Floats and integers side by side.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "report/page/html.h"
#include "report/page/sections.h"

namespace thimble::report::page {
namespace {

constexpr int kLeastPicture = 8;          // rows and columns
constexpr int kMostPicture = 256;         // larger ones are thinned out
constexpr std::size_t kMostBars = 24;     // more numbers are a curve
constexpr std::size_t kMostPoints = 400;  // of a curve

struct Limits {
  double low = 0, high = 0;
  double place(double value) const { return high > low ? (value - low) / (high - low) : 0.5; }
};

// Of what is finite.
Limits limits_of(const std::vector<const ShownValues *> &shown) {
  Limits limits;
  bool first = true;
  for (const ShownValues *one : shown)
    for (const double value : one->values) {
      if (!std::isfinite(value)) continue;
      limits.low = first ? value : std::min(limits.low, value);
      limits.high = first ? value : std::max(limits.high, value);
      first = false;
    }
  return limits;
}

double part_of(const Limits &limits, double value) {
  return std::isfinite(value) ? std::clamp(limits.place(value), 0.0, 1.0) : 0;
}

bool is_picture(const ir::Shape &shape) {
  return shape.rows >= kLeastPicture && shape.cols >= kLeastPicture &&
         (shape.channels == 1 || shape.channels == 3);
}

// Runs of equal pixels are one line of the path of their colour, so that the page stays small; 16
// levels a channel for grey, 6 for colours.
std::string picture(const ShownValues &shown, const Limits &limits) {
  const ir::Shape &shape = shown.shape;
  const int step =
      std::max(1, (std::max(shape.rows, shape.cols) + kMostPicture - 1) / kMostPicture);
  const int rows = shape.rows / step, cols = shape.cols / step;
  const int levels = shape.channels == 1 ? 16 : 6;
  const auto colour = [&](int row, int col) {
    int code = 0;
    for (int channel = 0; channel < 3; ++channel) {
      const std::int64_t at =
          (std::int64_t{row} * step * shape.cols + col * step) * shape.channels +
          std::min(channel, shape.channels - 1);
      const double part = part_of(limits, shown.values[static_cast<std::size_t>(at)]);
      code = code * levels + static_cast<int>(std::lround(part * (levels - 1)));
    }
    return code;
  };
  std::vector<std::string> paths(static_cast<std::size_t>(levels) * levels * levels);
  for (int row = 0; row < rows; ++row) {
    for (int col = 0; col < cols;) {
      const int code = colour(row, col);
      int end = col;
      while (end < cols && colour(row, end) == code) ++end;
      paths[static_cast<std::size_t>(code)] += fmt::format("M{} {}h{}", col, row, end - col);
      col = end;
    }
  }
  std::string text;
  for (int code = 0; code < static_cast<int>(paths.size()); ++code) {
    if (paths[static_cast<std::size_t>(code)].empty()) continue;
    const auto level = [&](int of) { return std::lround(255.0 * of / (levels - 1)); };
    text += fmt::format("<path stroke=\"#{:02x}{:02x}{:02x}\" d=\"{}\"/>",
                        level(code / (levels * levels)), level(code / levels % levels),
                        level(code % levels), paths[static_cast<std::size_t>(code)]);
  }
  return fmt::format(
      "<svg class=\"shot\" viewBox=\"0 -0.5 {} {}\" shape-rendering=\"crispEdges\" "
      "stroke-width=\"1.02\" role=\"img\" aria-label=\"{}\">{}</svg>",
      cols, rows, escaped(shown.name), text);
}

std::string curve(const ShownValues &shown, const Limits &limits) {
  const std::size_t count = shown.values.size();
  const std::size_t step = std::max<std::size_t>(1, count / kMostPoints);
  std::string points;
  for (std::size_t i = 0; i < count; i += step)
    points += fmt::format("{},{:.1f} ", i / step, 100 - 100 * part_of(limits, shown.values[i]));
  return fmt::format(
      "<svg class=\"curve\" viewBox=\"0 -2 {} 104\" preserveAspectRatio=\"none\" role=\"img\" "
      "aria-label=\"{}\"><polyline points=\"{}\"/></svg>",
      std::max<std::size_t>(1, (count - 1) / step), escaped(shown.name), points);
}

// `key`: of the first number; empty: these numbers are no command's.
std::string bars(const ShownValues &shown, const Limits &limits, const std::string &key,
                 const Figures &figures) {
  std::string text;
  for (std::size_t i = 0; i < shown.values.size(); ++i) {
    const double low = std::min(0.0, limits.low), high = std::max(0.0, limits.high);
    const Limits around{low, high};
    const double zero = around.place(0), at = part_of(around, shown.values[i]);
    text += fmt::format(
        "<li><span class=\"track\"><i style=\"left:{:.1f}%;width:{:.1f}%\"></i></span>{}</li>",
        100 * std::min(zero, at), 100 * std::abs(at - zero),
        key.empty() ? "" : figures.real(fmt::format("{}/{}", key, i), 3));
  }
  return "<ol class=\"values\" start=\"0\">" + text + "</ol>";
}

std::string values(const ShownValues &shown, const Limits &limits, const std::string &key,
                   const Figures &figures) {
  if (is_picture(shown.shape)) return picture(shown, limits);
  if (shown.values.size() <= kMostBars) return bars(shown, limits, key, figures);
  return curve(shown, limits);
}

std::string part(const char *title, const std::string &inner) {
  return fmt::format("<figure><figcaption>{}</figcaption>{}</figure>\n", title, inner);
}

std::string outputs(const ShownSample &sample, std::size_t index, const Figures &figures) {
  std::string floats, integers;
  const std::size_t ports = std::max(sample.floats.size(), sample.integers.size());
  for (std::size_t i = 0; i < ports; ++i) {
    std::vector<const ShownValues *> both;
    if (i < sample.floats.size()) both.push_back(&sample.floats[i]);
    if (i < sample.integers.size()) both.push_back(&sample.integers[i]);
    const Limits limits = limits_of(both);
    if (i < sample.floats.size())
      floats += values(sample.floats[i], limits, fmt::format("float/{}/{}", index, i), figures);
    if (i < sample.integers.size())
      integers += values(sample.integers[i], limits, fmt::format("int/{}/{}", index, i), figures);
  }
  return (floats.empty() ? "" : part("in floats", floats)) +
         (integers.empty() ? "" : part("in integers", integers));
}

}  // namespace

std::string samples(const Page &page, const Figures &figures) {
  std::string text;
  for (std::size_t i = 0; i < page.samples.size(); ++i) {
    std::string inputs;
    for (const ShownValues &input : page.samples[i].inputs)
      inputs += values(input, limits_of({&input}), "", figures);
    text += "<div class=\"sample\">" + part("input", inputs) +
            outputs(page.samples[i], i, figures) + "</div>\n";
  }
  if (text.empty()) return {};
  return section("samples", "Samples", "<div class=\"samples\">\n" + text + "</div>\n");
}

}  // namespace thimble::report::page
