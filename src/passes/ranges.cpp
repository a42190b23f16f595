// Ranges, histograms and means by running the graph over the samples twice; the clip by trial.
#include "passes/ranges.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "ops/evaluate.h"

namespace thimble::passes {
namespace {

// Calls f(value, tensor) for every value of every sample.
template <class F>
void each_tensor(const ir::Graph &graph, const Samples &samples, F f) {
  for (const auto &sample : samples) {
    const std::vector<ops::Tensor> tensors = ops::evaluate(graph, {}, sample);
    for (std::size_t value = 0; value < tensors.size(); ++value) f(value, tensors[value]);
  }
}

int bin_of(Range range, float x) {
  const double part = (double{x} - range.lo) / (double{range.hi} - range.lo);
  return std::clamp(static_cast<int>(part * kBins), 0, kBins - 1);
}

Diagnostic not_finite(const ir::Value &value) {
  return model_error("value '" + value.name + "' is not finite on the samples",
                     "a range that cannot be measured cannot be quantized",
                     "check the weights, and that the samples are scaled as in training");
}

// The middle of each bin that is not empty, with its count.
struct Bins {
  std::vector<float> middles;
  std::vector<double> counts;
};

Bins filled_bins(const std::vector<const Observed *> &values) {
  Bins bins;
  for (const Observed *observed : values) {
    const double step = (double{observed->range.hi} - observed->range.lo) / kBins;
    for (std::size_t bin = 0; bin < observed->histogram.size(); ++bin) {
      if (observed->histogram[bin] == 0) continue;
      const double at = static_cast<double>(bin) + 0.5;
      bins.middles.push_back(static_cast<float>(observed->range.lo + at * step));
      bins.counts.push_back(static_cast<double>(observed->histogram[bin]));
    }
  }
  return bins;
}

// How the middles of bins come out: at the nearest of 256 levels, halves away from zero.
class Outcomes {
 public:
  Outcomes(const ir::Quant &quant, const Measure &measure)
      : scale_(quant.scale),
        least_(static_cast<float>(-128 - quant.zero_point)),
        most_(static_cast<float>(127 - quant.zero_point)) {
    std::vector<float> levels(256);
    for (int q = 0; q < 256; ++q) levels[q] = scale_ * (least_ + static_cast<float>(q));
    outcome_ = measure(levels);
  }

  float of(float x) const {
    constexpr float kBelowHalf = 0.49999997f;  // a half would round what is just below it up
    const float level = std::min(std::max(x / scale_, least_), most_);
    return outcome_[static_cast<int>(level + std::copysign(kBelowHalf, level)) -
                    static_cast<int>(least_)];
  }

 private:
  float scale_, least_, most_;
  std::vector<float> outcome_;
};

// The squared errors of levels, summed over bins; `measured` is measure(middles).
class Errors {
 public:
  Errors(const Bins &bins, const Measure &measure)
      : bins_(bins), measured_(measure(bins.middles)) {}

  double of_bin(const Outcomes &outcomes, std::size_t i) const {
    const double error = double{outcomes.of(bins_.middles[i])} - measured_[i];
    return bins_.counts[i] * error * error;
  }

  double sum(const Outcomes &outcomes) const {
    double sum = 0;
    for (std::size_t i = 0; i < measured_.size(); ++i) sum += of_bin(outcomes, i);
    return sum;
  }

  // Whether the sum is certainly not below `least`: found out from both ends, where what is clipped
  // is, so that most of the bins need not be looked at.
  bool reach(const Outcomes &outcomes, double least) const {
    const double enough = least * (1 + 1e-9);  // sums in another order differ by less
    double front = 0, back = 0;
    std::size_t low = 0, high = measured_.size();
    while (high - low >= 2) {
      front += of_bin(outcomes, low++);
      back += of_bin(outcomes, --high);
      if (front + back > enough) return true;
    }
    return false;
  }

 private:
  const Bins &bins_;
  std::vector<float> measured_;
};

}  // namespace

Range join(Range a, Range b) { return {std::min(a.lo, b.lo), std::max(a.hi, b.hi)}; }

Result<std::vector<Observed>> observe(const ir::Graph &graph, const Samples &samples) {
  std::vector<Observed> all(graph.values().size());
  Diagnostics errors;
  each_tensor(graph, samples, [&](std::size_t value, const ops::Tensor &tensor) {
    Observed &observed = all[value];
    bool first = observed.means.empty();
    observed.means.resize(tensor.f32.size());
    for (std::size_t i = 0; i < tensor.f32.size(); ++i) {
      const float x = tensor.f32[i];
      if (!std::isfinite(x)) {
        if (errors.empty()) errors.push_back(not_finite(graph.values()[value]));
        return;
      }
      observed.extremes = first ? Range{x, x} : join(observed.extremes, {x, x});
      first = false;
      observed.means[i] += x / static_cast<double>(samples.size());
    }
    observed.range = join(observed.extremes, {0, 0});
  });
  if (!errors.empty()) return errors;
  each_tensor(graph, samples, [&](std::size_t value, const ops::Tensor &tensor) {
    Observed &observed = all[value];
    if (observed.range.lo == observed.range.hi) return;
    observed.histogram.resize(kBins);
    for (const float x : tensor.f32) ++observed.histogram[bin_of(observed.range, x)];
  });
  return all;
}

ir::Quant quant_of(Range range) {
  const auto scale = static_cast<float>((double{range.hi} - range.lo) / 255);
  if (!(scale > 1e-30f)) return {1, 0};
  const double zero = std::round(-128 - double{range.lo} / scale);
  return {scale, static_cast<int>(std::clamp(zero, -128.0, 127.0))};
}

ir::Quant offset_quant_of(Range range) {
  constexpr double kMaxZero = 32000;
  const double furthest = std::max(std::abs(double{range.lo}), std::abs(double{range.hi}));
  const double width = std::max(double{range.hi} - range.lo, 255 * furthest / (kMaxZero - 256));
  const auto scale = static_cast<float>(width / 255);
  if (!(scale > 1e-30f)) return {1, 0};
  return {scale, static_cast<int>(std::round(-128 - double{range.lo} / scale))};
}

Range clipped_range(Range range, const std::vector<const Observed *> &values,
                    const Measure &measure) {
  constexpr int kSteps = 24;  // each end is moved towards zero in steps of an eighth, to 1/25
  constexpr float kStep = 0.875f;
  const Bins bins = filled_bins(values);
  const Errors errors(bins, measure);
  Range best = range, clip = range;
  double least = std::numeric_limits<double>::infinity();
  for (int lo = 0; lo <= (range.lo < 0 ? kSteps : 0); ++lo, clip.lo *= kStep) {
    clip.hi = range.hi;
    for (int hi = 0; hi <= (range.hi > 0 ? kSteps : 0); ++hi, clip.hi *= kStep) {
      const Outcomes outcomes(quant_of(clip), measure);
      if (errors.reach(outcomes, least)) continue;
      const double error = errors.sum(outcomes);
      if (error >= least) continue;
      least = error;
      best = clip;
    }
  }
  return best;
}

}  // namespace thimble::passes
