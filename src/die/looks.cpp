// The plain look's measures were found by fitting the published test pictures, which it repeats but
// for rounding. The fancy one is lit by a lamp at the upper left that does not turn with the die.
#include "die/looks.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace thimble::die {
namespace {

// Lengths: `extent` and `rim` in 128ths of the picture, the others in half edges of the die.
struct Measures {
  double extent;  // from the middle to where the turned die's outermost corner would be
  double rim, radius, pip, pitch;
};
constexpr Measures kPlainMeasures = {60, 3.5, 0.12, 0.16, 0.5};
constexpr Measures kFancyMeasures = {57, 6, 0.3, 0.18, 0.5};

// Places of the pips: bit 3 * row + column.
constexpr std::array<std::uint32_t, 6> kPips = {
    0b000'010'000, 0b100'000'001, 0b100'010'001, 0b101'000'101, 0b101'010'101, 0b101'101'101,
};

struct Point {
  double u = 0, v = 0;
};

Point turned_back(const Rotation &rotation, double x, double y) {
  return {x * rotation.cosine + y * rotation.sine, y * rotation.cosine - x * rotation.sine};
}

// How far beyond the straight parts of the edges: both positive next to a rounded corner.
Point beyond_straight(const Point &at, double half, double radius) {
  return {std::abs(at.u) - (half - radius), std::abs(at.v) - (half - radius)};
}

bool within(const Point &at, double half, double radius) {
  const Point beyond = beyond_straight(at, half, radius);
  if (beyond.u <= 0 || beyond.v <= 0) return std::max(beyond.u, beyond.v) <= radius;
  return beyond.u * beyond.u + beyond.v * beyond.v <= radius * radius;
}

bool within_die(const Drawing &drawing, const Point &at, double inset) {
  return within(at, drawing.half - inset, drawing.radius - inset);
}

// From the middle of the nearest of the nine places.
Point from_place(const Drawing &drawing, const Point &at, int &place) {
  const auto nearest = [&](double x) {
    return x < -drawing.pitch / 2 ? -1 : x > drawing.pitch / 2 ? 1 : 0;
  };
  const int column = nearest(at.u), row = nearest(at.v);
  place = 3 * (row + 1) + column + 1;
  return {at.u - column * drawing.pitch, at.v - row * drawing.pitch};
}

bool in_pip(const Drawing &drawing, const Point &at, Point &from_middle) {
  int place = 0;
  from_middle = from_place(drawing, at, place);
  if (!(drawing.pips >> place & 1)) return false;
  return from_middle.u * from_middle.u + from_middle.v * from_middle.v <= drawing.pip * drawing.pip;
}

// -1 (away from the lamp) to 1 (towards it) for something that looks along `direction`.
double lit(const Drawing &drawing, const Point &direction) {
  constexpr double kSide = 0.6, kAbove = 0.8;
  const double length = std::sqrt(direction.u * direction.u + direction.v * direction.v);
  if (length == 0) return 0;
  const Rotation &r = drawing.rotation;
  const double x = direction.u * r.cosine - direction.v * r.sine;
  const double y = direction.u * r.sine + direction.v * r.cosine;
  return -(kSide * x + kAbove * y) / length;
}

// A hollow: its wall is dark towards the lamp, and brighter away from it the steeper it is.
int pip_level(const Drawing &drawing, const Point &from_middle) {
  const double squared = from_middle.u * from_middle.u + from_middle.v * from_middle.v;
  const double steepness = squared / (drawing.pip * drawing.pip);  // 1 at the edge
  return static_cast<int>(50 + 420 * steepness * std::max(-lit(drawing, from_middle), 0.0));
}

int bevel_level(const Drawing &drawing, const Point &at) {
  const Point beyond = beyond_straight(at, drawing.half, drawing.radius);
  const Point outwards = {std::copysign(std::max(beyond.u, 0.0), at.u),
                          std::copysign(std::max(beyond.v, 0.0), at.v)};
  return static_cast<int>(560 + 390 * lit(drawing, outwards));
}

// Darker the deeper within a larger die's outline below and to the right.
int ground_level(const Drawing &drawing, double x, double y) {
  constexpr double kRight = 1.5, kBelow = 2.5;
  const Point at =
      turned_back(drawing.rotation, x - kRight * drawing.unit, y - kBelow * drawing.unit);
  int level = kWhite;
  for (int ring = 0; ring < 4; ++ring) level -= within_die(drawing, at, ring * drawing.unit) * 90;
  return level;
}

}  // namespace

Drawing make_drawing(int face, float angle, int samples, Look look) {
  const Measures &measures = look == Look::kFancy ? kFancyMeasures : kPlainMeasures;
  Drawing drawing;
  drawing.rotation = Rotation::by(angle);
  drawing.unit = samples / 128.0;
  drawing.half = on_grid(measures.extent * drawing.unit /
                         (std::abs(drawing.rotation.cosine) + std::abs(drawing.rotation.sine)));
  drawing.radius = on_grid(measures.radius * drawing.half);
  drawing.rim = on_grid(measures.rim * drawing.unit);
  drawing.pip = on_grid(measures.pip * drawing.half);
  drawing.pitch = on_grid(measures.pitch * drawing.half);
  drawing.pips = kPips[face - 1];
  return drawing;
}

int plain_level(const Drawing &drawing, double x, double y) {
  const Point at = turned_back(drawing.rotation, x, y);
  Point from_middle;
  if (!within_die(drawing, at, 0)) return kWhite;
  if (in_pip(drawing, at, from_middle)) return 0;
  return within_die(drawing, at, drawing.rim) ? 750 : 200;
}

int fancy_level(const Drawing &drawing, double x, double y) {
  const Point at = turned_back(drawing.rotation, x, y);
  Point from_middle;
  if (!within_die(drawing, at, 0)) return ground_level(drawing, x, y);
  if (in_pip(drawing, at, from_middle)) return pip_level(drawing, from_middle);
  if (!within_die(drawing, at, 1.5 * drawing.unit)) return 200;
  if (!within_die(drawing, at, drawing.rim)) return bevel_level(drawing, at);
  return static_cast<int>(760 - 1.4 * (x + y) / drawing.unit);
}

}  // namespace thimble::die
