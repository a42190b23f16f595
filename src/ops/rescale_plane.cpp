// Planes through steps (rescale_plane.h). Each pair of operands says between which two integers the
// offset lies, for given factors; only pairs near a step say something that factors near the real
// ones could break.
#include "ops/rescale_plane.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <limits>

namespace thimble::ops {
namespace {

constexpr int kShift = 21;
constexpr int kMostAway = 24;  // of the factors that are tried
constexpr int kLow = -128, kHigh = 127;

// The plane is at least `value` at (a, b), or below it.
struct Side {
  int a, b, value;
  bool reached;
};

// u and v with +1 or -1 or not at all: of all functions those that are linear.
std::optional<std::array<int, 2>> signs_of(const ElementFunction &function) {
  const auto f = [&](int u, int v) { return function.integer.f(u, v, 0, 1, 1, 0); };
  const int a = f(1, 0), b = f(0, 1);
  for (const auto &[u, v] : {std::pair{5, -7}, {-6, -11}, {4, 9}, {-3, 8}})
    if (f(u, v) != a * u + b * v) return {};
  return std::array{a, b};
}

// How much of the output a step of each operand is.
std::array<double, 2> slopes_of(const IntegerCall &call, const std::array<int, 2> &signs,
                                targets::Requant requant) {
  const double out = real_of(call.multiplier, requant);
  std::array<double, 2> slopes;
  for (int i = 0; i < 2; ++i)
    slopes[i] = signs[i] * out *
                (call.shifts_first ? std::ldexp(real_of(call.operand[i], requant), kLeftShift)
                                   : call.factor[i]);
  return slopes;
}

// Where the plane of these slopes is at the output's zero point.
double level_at(const IntegerCall &call, const std::array<double, 2> &slopes, int a, int b) {
  return slopes[0] * (a - call.zero[0]) + slopes[1] * (b - call.zero[1]) + call.out_zero + 0.5;
}

// All sides so near a step that factors at most kMostAway off may miss them.
std::vector<Side> near_sides(const ElementFunction &function, const IntegerCall &call,
                             targets::Requant requant, const std::array<double, 2> &slopes) {
  const double near = std::ldexp(4.0 * 256 * kMostAway, -kShift);
  std::vector<Side> sides;
  for (int a = kLow; a <= kHigh; ++a)
    for (int b = kLow; b <= kHigh; ++b) {
      const int value =
          apply(function, call, requant, static_cast<std::int8_t>(a), static_cast<std::int8_t>(b));
      const double level = level_at(call, slopes, a, b);
      if (value > call.limits.lo && level < value + near) sides.push_back({a, b, value, true});
      if (value < call.limits.hi && level > value + 1 - near)
        sides.push_back({a, b, value + 1, false});
    }
  return sides;
}

// With these factors; the middle one of all offsets that keep to the sides.
std::optional<std::int32_t> offset_for(const std::vector<Side> &sides, std::int64_t factor_a,
                                       std::int64_t factor_b) {
  std::int64_t least = std::numeric_limits<std::int32_t>::min();
  std::int64_t most = std::numeric_limits<std::int32_t>::max();
  for (const Side &side : sides) {
    const std::int64_t from =
        std::int64_t{side.value} * (1 << kShift) - side.a * factor_a - side.b * factor_b;
    if (side.reached)
      least = std::max(least, from);
    else
      most = std::min(most, from - 1);
    if (least > most) return {};
  }
  return static_cast<std::int32_t>(least + (most - least) / 2);
}

bool fits(std::int64_t factor_a, std::int64_t factor_b, std::int64_t offset) {
  const std::int64_t most = 128 * (std::abs(factor_a) + std::abs(factor_b)) + std::abs(offset);
  return most <= std::numeric_limits<std::int32_t>::max();
}

bool is_right(const RescalePlane &plane, const ElementFunction &function, const IntegerCall &call,
              targets::Requant requant) {
  for (int a = kLow; a <= kHigh; ++a)
    for (int b = kLow; b <= kHigh; ++b)
      if (std::clamp(plane(a, b), call.limits.lo, call.limits.hi) !=
          apply(function, call, requant, static_cast<std::int8_t>(a), static_cast<std::int8_t>(b)))
        return false;
  return true;
}

}  // namespace

int RescalePlane::operator()(int a, int b) const {
  return std::clamp((a * factor[0] + b * factor[1] + offset) >> kShift, kLow, kHigh);
}

std::optional<RescalePlane> plane_through(const ElementFunction &function, const IntegerCall &call,
                                          targets::Requant requant) {
  const auto signs = signs_of(function);
  if (!signs || function.scales != IntegerScales::kCommon) return {};
  const auto slopes = slopes_of(call, *signs, requant);
  if (std::abs(slopes[0]) + std::abs(slopes[1]) > 4) return {};
  const std::vector<Side> sides = near_sides(function, call, requant, slopes);
  const std::int64_t real_a = std::llround(std::ldexp(slopes[0], kShift));
  const std::int64_t real_b = std::llround(std::ldexp(slopes[1], kShift));
  for (int i = 0; i <= 2 * kMostAway; ++i)
    for (int j = 0; j <= 2 * kMostAway; ++j) {
      const auto away = [](int n) { return n % 2 ? (n + 1) / 2 : -n / 2; };
      const std::int64_t factor_a = real_a + away(i), factor_b = real_b + away(j);
      const auto offset = offset_for(sides, factor_a, factor_b);
      if (!offset || !fits(factor_a, factor_b, *offset)) continue;
      const RescalePlane plane{
          {static_cast<std::int32_t>(factor_a), static_cast<std::int32_t>(factor_b)}, *offset};
      if (is_right(plane, function, call, requant)) return plane;
    }
  return {};
}

std::optional<Kernel> on_a_plane(const ir::Graph &graph, const ir::Node &node,
                                 const Numbers &numbers, const Kernel &kernel) {
  if (kernel.file != "binary_i8" && kernel.file != "binary_q31_i8") return {};
  const ElementFunction *function = operator_of(node).function.get();
  const IntegerCall call = integer_call(graph, node, numbers);
  const auto plane = plane_through(*function, call, numbers.requant);
  if (!plane) return {};
  Kernel result = kernel;
  result.file = "binary_plane_i8";
  result.expression.clear();
  result.name.clear();
  result.sizes.insert(
      result.sizes.begin(),
      {{"a_factor", plane->factor[0]}, {"b_factor", plane->factor[1]}, {"offset", plane->offset}});
  return result;
}

}  // namespace thimble::ops
