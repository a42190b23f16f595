// Greedy is enough for some dozens of points.
#include "report/plot_labels.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace thimble::report {
namespace {

struct Place {
  double dx, dy;  // of the baseline's anchor
  const char *anchor;
};

constexpr double kGap = kMarkerRadius + 3;
// The best first.
constexpr std::array<Place, 10> kPlaces = {{{kGap, 4, "start"},
                                            {0, -kGap, "middle"},
                                            {0, kGap + 8, "middle"},
                                            {-kGap, 4, "end"},
                                            {kGap - 2, -kGap + 2, "start"},
                                            {kGap - 2, kGap + 6, "start"},
                                            {-kGap + 2, -kGap + 2, "end"},
                                            {-kGap + 2, kGap + 6, "end"},
                                            {0, kGap + 20, "middle"},
                                            {0, -kGap - 12, "middle"}}};

Box box_of(const LabelledPoint &point, const Place &place) {
  const double width = text_width(point.text, kLabelSize);
  const std::string_view anchor = place.anchor;
  const double left = point.x + place.dx -
                      (anchor == "end"      ? width
                       : anchor == "middle" ? width / 2
                                            : 0);
  const double bottom = point.y + place.dy + 2;
  return {left, bottom - kLabelSize, left + width, bottom};
}

struct Taken {
  std::vector<Box> shapes, names;
};

constexpr int kMostCost = 1;  // a name that covers more than a marker would not be read

int count_overlaps(const Box &box, const std::vector<Box> &others) {
  return static_cast<int>(
      std::count_if(others.begin(), others.end(), [&](const Box &b) { return b.overlaps(box); }));
}

int cost(const Box &box, const Taken &taken, const Box &frame) {
  const bool outside = box.left < frame.left || box.right > frame.right || box.top < frame.top ||
                       box.bottom > frame.bottom;
  return count_overlaps(box, taken.shapes) + 10 * count_overlaps(box, taken.names) +
         (outside ? 10 : 0);
}

}  // namespace

bool Box::overlaps(const Box &other) const {
  return left < other.right && other.left < right && top < other.bottom && other.top < bottom;
}

double text_width(const std::string &text, double size) {
  return 0.58 * size * static_cast<double>(text.size());
}

std::vector<PlacedLabel> place_labels(const std::vector<LabelledPoint> &points,
                                      const std::vector<Box> &shapes, const Box &frame) {
  Taken taken{shapes, {}};
  std::vector<PlacedLabel> labels;
  for (const LabelledPoint &point : points) {
    if (point.text.empty()) continue;
    const auto best = std::min_element(kPlaces.begin(), kPlaces.end(), [&](auto &a, auto &b) {
      return cost(box_of(point, a), taken, frame) < cost(box_of(point, b), taken, frame);
    });
    const Box box = box_of(point, *best);
    if (cost(box, taken, frame) > kMostCost) continue;
    taken.names.push_back(box);
    labels.push_back({point.x + best->dx, point.y + best->dy, best->anchor, point.text});
  }
  return labels;
}

}  // namespace thimble::report
