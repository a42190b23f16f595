// What each value of a float graph was on the samples, and how to cut a range into 256 levels.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "ir/graph.h"
#include "passes/quantize.h"
#include "support/diagnostic.h"

namespace thimble::passes {

struct Range {
  float lo = 0, hi = 0;
};
Range join(Range a, Range b);

// One value over all samples.
struct Observed {
  Range extremes;                       // least and largest
  Range range;                          // the same with zero: lo <= 0 <= hi
  std::vector<std::int64_t> histogram;  // kBins even parts of the range; empty when lo == hi
  std::vector<double> means;            // one an element of the tensor
};
inline constexpr int kBins = 4096;

// By ValueId. Errors: a value that is not finite.
Result<std::vector<Observed>> observe(const ir::Graph &graph, const Samples &samples);

// 256 levels over the range, zero among them; a range of nothing gets the scale 1.
ir::Quant quant_of(Range range);
// 256 levels over the range alone, with a zero point up to +-32000.
ir::Quant offset_quant_of(Range range);

// What matters of a value: itself, or f of it where nothing but f reads it. By element.
using Measure = std::function<std::vector<float>(const std::vector<float> &)>;

// The part of the `range` of these values whose 256 levels give the least squared error after
// `measure`: clipped values lose, the others gain by the finer step.
Range clipped_range(Range range, const std::vector<const Observed *> &values,
                    const Measure &measure);

}  // namespace thimble::passes
