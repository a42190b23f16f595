// A pooling behind a convolution becomes the convolution's stride: what the pooling would have
// thrown away is not computed. What the network computes changes: it wants retraining.
//
//     before  x -> Conv2d{stride=[s, s], pad=[p, p, ..]} -> BatchNorm -> Relu -> MaxPool2d[2x2] ->
//     y after   x -> Conv2d{stride=[2s, 2s], pad=[p, p, ..]} -> BatchNorm -> Relu -> y
//
// Also AveragePool2d, directly behind the convolution or behind any operators between them that
// treat every pixel alike, each read by the next alone. What comes out has the pooling's shape, and
// is what the convolution would have given at one place of each of the pooling's windows: the
// middle one (of two the upper, the left), or the nearest to it that the convolution's padding
// allows, which cannot be less than none; windows that reach into the pooling's own padding are
// looked at where they all meet the convolution's output, if there is such a place.
//
// Left alone, with a warning that says why: a pooling of all there is (the mean in the end of a
// classifier), a divisor of its own, and sizes that no padding behind the last row or column gives.
// One of stride 1 makes nothing smaller: left alone.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ir/graph.h"
#include "support/diagnostic.h"

namespace thimble::passes {

Result<ir::Graph> pool_to_stride(ir::Graph graph);

// What one replaced pooling saves, and what that buys in its convolution.
struct PoolToStride {
  std::string pool, convolution;
  std::int64_t buffer_bytes = 0;  // int8: what the convolution made for the pooling to read
  std::int64_t macs_before = 0, macs_after = 0;  // of the convolution
  // For as many MACs as before: this many output channels, or this large an input.
  int channels_for_macs = 0;
  ir::Shape input_for_macs;
};

// One for each pooling that the pass replaces, in the order of the nodes.
std::vector<PoolToStride> pools_to_strides(const ir::Graph &graph);

}  // namespace thimble::passes
