// Ranges, histograms and means by running the graph over the samples twice; the clip by trial.
#include "passes/ranges.h"

#include <algorithm>
#include <cmath>

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

// How much squared error the levels of `clip` cause among the values of one histogram.
double squared_error(const Observed &observed, Range clip) {
  const double lo = observed.range.lo, step = (observed.range.hi - lo) / kBins;
  const double level = (double{clip.hi} - clip.lo) / 255;
  const double rounding = level * level / 12;
  double sum = 0;
  for (int bin = 0; bin < kBins; ++bin) {
    if (observed.histogram[bin] == 0) continue;
    const double x = lo + (bin + 0.5) * step;
    const double outside = x < clip.lo ? clip.lo - x : x > clip.hi ? x - clip.hi : 0;
    sum +=
        static_cast<double>(observed.histogram[bin]) * (outside > 0 ? outside * outside : rounding);
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
    observed.means.resize(tensor.f32.size());
    for (std::size_t i = 0; i < tensor.f32.size(); ++i) {
      const float x = tensor.f32[i];
      if (!std::isfinite(x)) {
        if (errors.empty()) errors.push_back(not_finite(graph.values()[value]));
        return;
      }
      observed.range = join(observed.range, {x, x});
      observed.means[i] += x / static_cast<double>(samples.size());
    }
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

Range clipped_range(Range range, const std::vector<const Observed *> &values) {
  constexpr int kSteps = 40, kLeast = 8;  // each end is moved in 40ths, to a fifth at most
  Range best = range;
  double least = -1;
  for (int lo = kSteps; lo >= (range.lo < 0 ? kLeast : kSteps); --lo)
    for (int hi = kSteps; hi >= (range.hi > 0 ? kLeast : kSteps); --hi) {
      const Range clip{range.lo * static_cast<float>(lo) / kSteps,
                       range.hi * static_cast<float>(hi) / kSteps};
      double error = 0;
      for (const Observed *observed : values)
        if (!observed->histogram.empty()) error += squared_error(*observed, clip);
      if (least >= 0 && error >= least) continue;
      least = error;
      best = clip;
    }
  return best;
}

}  // namespace thimble::passes
