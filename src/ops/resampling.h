// From which input positions an output position of a resized axis comes, and with what weights:
// the rules of ONNX's Resize, which has those of the other frameworks by name.
//
// Source of the rules: https://onnx.ai/onnx/operators/onnx__Resize.html
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ir/graph.h"
#include "ops/access.h"

namespace thimble::ops {

// Most positions of an axis, before and behind: kernels index them by int16_t.
inline constexpr std::int64_t kMostResampled = 1 << 15;

// How positions and weights come about, in ONNX's words.
struct ResizeRule {
  std::string mode = "nearest";                 // nearest, linear, cubic
  std::string transformation = "half_pixel";    // coordinate_transformation_mode
  std::string rounding = "round_prefer_floor";  // nearest_mode
  double cubic_a = -0.75;                       // cubic_coeff_a
  bool antialias = false;                       // linear, cubic: shrinking widens the window
  bool exclude_outside = false;  // positions outside have no weight (else that of the border)
  // Linear positions in whole 1/1024, which is what TensorFlow Lite's int8 operator knows.
  bool fixed_point = false;
};

// As a Resample's attributes have it.
ResizeRule resize_rule(const ir::Node &node);

// Empty, or what about the rule is not known: "interpolates (spline)".
std::string unknown_rule(const ResizeRule &rule);

// One axis: output position i is the sum over k < taps of weights[i * taps + k] times input
// position first[i] + k. `first` never descends, and all positions lie within the input.
struct Resampling {
  int taps = 1;
  std::vector<int> first;
  std::vector<double> weights;

  std::vector<Range> reads() const;  // one an output position
};

// `in`, `out` positions at least 1; `scale` above 0 is the file's, which out / in only approaches.
Resampling resampling(const ResizeRule &rule, int in, int out, double scale);

// The same weights as whole multiples of 2^-bits, each position's adding up to 1.
inline constexpr int kResampleBits = 8, kFixedPointBits = 10;
std::vector<std::int64_t> integer_weights(const Resampling &axis, int bits);

}  // namespace thimble::ops
