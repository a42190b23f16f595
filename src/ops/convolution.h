// What Conv2d and ConvTranspose2d share: both sum, for each output element, a window of input
// pixels against the kernel; only the window's arithmetic (axis.h) differs.
//
// Constants: 0 weight [out][kernel_h][kernel_w][in], 1 bias [out].
#pragma once

#include <span>
#include <string>
#include <vector>

#include "ops/axis.h"
#include "ops/operator.h"

namespace thimble::ops {

struct Convolution {
  Axis rows, cols;
  int in_c = 1, out_c = 1;
};

// The node's, its output's shape being `out` (known before the node has an output).
Convolution convolution_of(const ir::Graph &graph, const ir::Node &node, bool transposed);

// Arity, weights, attributes stride and pad; then the output's shape by out_size(in, kernel,
// stride, pads, axis), axis 0 rows, 1 columns.
using OutSize = std::int64_t (*)(const ir::Node &, std::int64_t in, std::int64_t kernel,
                                 std::int64_t stride, std::int64_t pads, int axis);
Result<std::vector<ir::Type>> infer_convolution(const ir::Graph &graph, const ir::Node &node,
                                                OutSize out_size);

void convolve_float(const ir::Graph &graph, const ir::Node &node, const Convolution &conv,
                    const Tensor &input, Tensor &output);
void convolve_int(const ir::Graph &graph, const ir::Node &node, const Convolution &conv,
                  const Numbers &numbers, const Tensor &input, Tensor &output);
std::vector<Mode> convolution_modes(const Convolution &conv);
Kernels convolution_kernels(const ir::Graph &graph, const ir::Node &node, const Convolution &conv,
                            const Numbers &numbers);

}  // namespace thimble::ops
