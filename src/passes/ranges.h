// What each value of a float graph was on the samples, and how to cut a range into 256 levels.
#pragma once

#include <cstdint>
#include <vector>

#include "ir/graph.h"
#include "passes/quantize.h"
#include "support/diagnostic.h"

namespace thimble::passes {

struct Range {
  float lo = 0, hi = 0;  // lo <= 0 <= hi: zero is always a level
};
Range join(Range a, Range b);

// One value over all samples.
struct Observed {
  Range range;
  std::vector<std::int64_t> histogram;  // kBins even parts of the range; empty when lo == hi
  std::vector<double> means;            // one an element of the tensor
};
inline constexpr int kBins = 1024;

// By ValueId. Errors: a value that is not finite.
Result<std::vector<Observed>> observe(const ir::Graph &graph, const Samples &samples);

// 256 levels over the range, zero among them; a range of nothing gets the scale 1.
ir::Quant quant_of(Range range);

// The part of the `range` of these values whose 256 levels give the least squared error: clipped
// values lose, the others gain by the finer step.
Range clipped_range(Range range, const std::vector<const Observed *> &values);

}  // namespace thimble::passes
