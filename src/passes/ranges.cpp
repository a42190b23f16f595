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

// How much squared error the levels of `quant` cause; `measured` is measure(bins.middles).
double squared_error(const Bins &bins, const std::vector<float> &measured, const ir::Quant &quant,
                     const Measure &measure) {
  std::vector<float> levels(256);
  for (int q = -128; q <= 127; ++q)
    levels[q + 128] = quant.scale * static_cast<float>(q - quant.zero_point);
  const std::vector<float> outcome = measure(levels);
  double sum = 0;
  for (std::size_t i = 0; i < measured.size(); ++i) {
    const double q = std::round(bins.middles[i] / quant.scale) + quant.zero_point;
    const double error =
        double{outcome[static_cast<int>(std::clamp(q, -128.0, 127.0)) + 128]} - measured[i];
    sum += bins.counts[i] * error * error;
  }
  return sum;
}

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
  const std::vector<float> measured = measure(bins.middles);
  Range best = range, clip = range;
  double least = std::numeric_limits<double>::infinity();
  for (int lo = 0; lo <= (range.lo < 0 ? kSteps : 0); ++lo, clip.lo *= kStep) {
    clip.hi = range.hi;
    for (int hi = 0; hi <= (range.hi > 0 ? kSteps : 0); ++hi, clip.hi *= kStep) {
      const double error = squared_error(bins, measured, quant_of(clip), measure);
      if (error >= least) continue;
      least = error;
      best = clip;
    }
  }
  return best;
}

}  // namespace thimble::passes
