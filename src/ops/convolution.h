// What Conv2d and ConvTranspose2d share: both sum, for each output element, a window of input
// pixels against the kernel; only the window's arithmetic (axis.h) differs.
//
// Constants: 0 weight [out][kernel_h][kernel_w][in / groups], 1 bias [out]. Attributes: stride and
// dilation {rows, columns}, pad {top, left, bottom, right}, groups: output channel o reads the
// input channels of group o / (out / groups).
#pragma once

#include <span>
#include <string>
#include <vector>

#include "ops/axis.h"
#include "ops/operator.h"

namespace thimble::ops {

struct Convolution {
  Axis rows, cols;
  int in_c = 1, out_c = 1, groups = 1;
  int group_in() const { return in_c / groups; }
  int group_out() const { return out_c / groups; }
  bool is_dilated() const { return rows.dilation > 1 || cols.dilation > 1; }
  // All channels together and taps side by side, as nearly all kernels have it.
  bool is_plain() const { return groups == 1 && !is_dilated(); }
};

// Whether windows, made one at a time, are not neighbours of whole fours.
bool is_gathered(const Convolution &conv);

// The node's, its output's shape being `out` (known before the node has an output).
Convolution convolution_of(const ir::Graph &graph, const ir::Node &node, bool transposed);

// Arity, weights, attributes; then the output's shape by out_size(in, span,
// stride, pads, axis), axis 0 rows, 1 columns; the span is the kernel's with its dilation.
using OutSize = std::int64_t (*)(const ir::Node &, std::int64_t in, std::int64_t span,
                                 std::int64_t stride, std::int64_t pads, int axis);
Result<std::vector<ir::Type>> infer_convolution(const ir::Graph &graph, const ir::Node &node,
                                                OutSize out_size);

void convolve_float(const ir::Graph &graph, const ir::Node &node, const Convolution &conv,
                    const Tensor &input, Tensor &output);
void convolve_int(const ir::Graph &graph, const ir::Node &node, const Convolution &conv,
                  const Numbers &numbers, const Tensor &input, Tensor &output);
std::vector<Mode> convolution_modes(const ir::Node &node, const Convolution &conv);
// conv2d or conv_transpose2d, _f32 or _i8; where the convolution is not plain, depthwise2d or a
// kernel of groups.
Kernels convolution_kernels(const ir::Graph &graph, const ir::Node &node, const Convolution &conv,
                            const Numbers &numbers);

}  // namespace thimble::ops
