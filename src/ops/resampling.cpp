#include "ops/resampling.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace thimble::ops {
namespace {

constexpr std::string_view kTransformations[] = {"asymmetric",           "align_corners",
                                                 "tf_half_pixel_for_nn", "pytorch_half_pixel",
                                                 "half_pixel",           "half_pixel_symmetric"};
constexpr std::string_view kRoundings[] = {"floor", "ceil", "round_prefer_floor",
                                           "round_prefer_ceil"};

constexpr double kMostCubicA = 4;

template <std::size_t N>
bool is_one_of(const std::string_view (&names)[N], std::string_view name) {
  return std::find(std::begin(names), std::end(names), name) != std::end(names);
}

// Where output position x lies among the input's.
double transformed(const std::string &transformation, double x, double scale, double in,
                   double out) {
  if (transformation == "asymmetric") return x / scale;
  if (transformation == "align_corners") return out > 1 ? x * (in - 1) / (out - 1) : 0;
  if (transformation == "tf_half_pixel_for_nn") return (x + 0.5) / scale;
  if (transformation == "pytorch_half_pixel" && out <= 1) return 0;
  const double at = (x + 0.5) / scale - 0.5;
  if (transformation == "half_pixel_symmetric") return at + in / 2 * (1 - out / (scale * in));
  return at;
}

// The same in whole 1/1024.
double transformed_fixed(const std::string &transformation, std::int64_t x, std::int64_t in,
                         std::int64_t out) {
  constexpr std::int64_t kOne = 1 << kFixedPointBits;
  const bool aligned = transformation == "align_corners" && out > 1;
  const std::int64_t from = aligned ? in - 1 : in, to = aligned ? out - 1 : out;
  const std::int64_t step = (kOne * from + to / 2) / to;
  const std::int64_t offset = transformation == "half_pixel" ? step / 2 - kOne / 2 : 0;
  return static_cast<double>(x * step + offset) / kOne;
}

double rounded(const std::string &rounding, double x) {
  if (rounding == "floor") return std::floor(x);
  if (rounding == "ceil") return std::ceil(x);
  if (rounding == "round_prefer_ceil") return std::floor(x + 0.5);
  return std::ceil(x - 0.5);  // round_prefer_floor
}

// Keys' piecewise cubic.
double cubic(double a, double distance) {
  const double x = std::abs(distance);
  if (x <= 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
  if (x < 2) return ((a * x - 5 * a) * x + 8 * a) * x - 4 * a;
  return 0;
}

double triangle(double distance) { return std::max(0.0, 1 - std::abs(distance)); }

// Weights of positions first, first + 1, ..., which may lie outside.
struct Window {
  std::int64_t first = 0;
  std::vector<double> weights;
};

Window window_at(const ResizeRule &rule, double at, double scale) {
  if (rule.mode == "nearest") return {static_cast<std::int64_t>(rounded(rule.rounding, at)), {1.0}};
  const double shrunk = rule.antialias ? std::min(scale, 1.0) : 1.0;
  const double reach = rule.mode == "cubic" ? 2 : 1;
  const auto base = static_cast<std::int64_t>(std::floor(at));
  const auto before = static_cast<std::int64_t>(std::floor(-reach / shrunk)) + 1;
  Window window{base + before, {}};
  for (std::int64_t i = before; i <= 1 - before; ++i) {
    const double distance = (static_cast<double>(base + i) - at) * shrunk;
    window.weights.push_back(rule.mode == "cubic" ? cubic(rule.cubic_a, distance)
                                                  : triangle(distance));
  }
  return window;
}

// What of the window lies outside goes to the border, or to nowhere; the rest adds up to 1.
void settle(const ResizeRule &rule, const Window &window, int in, int first,
            std::vector<double> &weights) {
  for (std::size_t i = 0; i < window.weights.size(); ++i) {
    const std::int64_t place = window.first + static_cast<std::int64_t>(i);
    const bool outside = place < 0 || place >= in;
    if (outside && rule.exclude_outside) continue;
    weights[std::clamp<std::int64_t>(place, 0, in - 1) - first] += window.weights[i];
  }
  const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
  if (sum == 0) {  // all of it lies outside
    weights[std::clamp<std::int64_t>(window.first, 0, in - 1) - first] = 1;
  } else {
    for (double &weight : weights) weight /= sum;
  }
}

}  // namespace

std::string unknown_rule(const ResizeRule &rule) {
  if (rule.mode != "nearest" && rule.mode != "linear" && rule.mode != "cubic")
    return "interpolates (" + rule.mode + ")";
  if (!(std::abs(rule.cubic_a) <= kMostCubicA)) return "has a cubic coefficient out of range";
  if (!is_one_of(kTransformations, rule.transformation))
    return "maps positions by " + rule.transformation;
  if (!is_one_of(kRoundings, rule.rounding)) return "rounds positions by " + rule.rounding;
  if (rule.fixed_point && (rule.mode != "linear" || rule.antialias))
    return "has fixed-point positions of no plain linear rule";
  return {};
}

ResizeRule resize_rule(const ir::Node &node) {
  const ResizeRule plain;
  return {node.text("mode", plain.mode),         node.text("transformation", plain.transformation),
          node.text("rounding", plain.rounding), node.real("cubic_a", plain.cubic_a),
          node.integer("antialias", 0) != 0,     node.integer("exclude_outside", 0) != 0,
          node.integer("fixed_point", 0) != 0};
}

std::vector<Range> Resampling::reads() const {
  std::vector<Range> ranges;
  for (const int at : first) ranges.push_back({at, at + taps});
  return ranges;
}

Resampling resampling(const ResizeRule &rule, int in, int out, double scale) {
  Resampling axis;
  for (int x = 0; x < out; ++x) {
    const double at = rule.fixed_point ? transformed_fixed(rule.transformation, x, in, out)
                                       : transformed(rule.transformation, x, scale, in, out);
    // Far outside is as good as right outside.
    const Window window = window_at(rule, std::clamp(at, -1.0, static_cast<double>(in)), scale);
    axis.taps = static_cast<int>(std::min<std::size_t>(window.weights.size(), in));
    const auto first = std::clamp<std::int64_t>(window.first, 0, in - axis.taps);
    std::vector<double> weights(axis.taps);
    settle(rule, window, in, static_cast<int>(first), weights);
    axis.first.push_back(static_cast<int>(first));
    axis.weights.insert(axis.weights.end(), weights.begin(), weights.end());
  }
  return axis;
}

std::vector<std::int64_t> integer_weights(const Resampling &axis, int bits) {
  const std::int64_t one = std::int64_t{1} << bits;
  std::vector<std::int64_t> integers;
  for (std::size_t i = 0; i < axis.weights.size(); i += axis.taps) {
    const auto begin = integers.insert(integers.end(), axis.taps, 0);
    std::int64_t rest = one;
    for (int k = 0; k < axis.taps; ++k) {
      begin[k] = std::llround(axis.weights[i + k] * static_cast<double>(one));
      rest -= begin[k];
    }
    *std::max_element(begin, begin + axis.taps) += rest;
  }
  return integers;
}

}  // namespace thimble::ops
