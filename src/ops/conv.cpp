// Conv2d: constants 0 weight [out][kernel_h][kernel_w][in], 1 bias [out]; attributes stride {rows,
// columns} and pad {top, left, bottom, right}. Output row y reads input rows [y*stride - top, +
// kernel_h). Sums and kernels are shared with the transposed kind (convolution.h).
#include "ops/convolution.h"
#include "ops/convolution_import.h"
#include "ops/families.h"

namespace thimble::ops {
namespace {

constexpr const char *kKernel = "conv2d";

Convolution conv_of(const ir::Graph &graph, const ir::Node &node) {
  return convolution_of(graph, node, false);
}

Result<std::vector<ir::Type>> infer(const ir::Graph &graph, const ir::Node &node) {
  return infer_convolution(graph, node,
                           [](const ir::Node &, std::int64_t in, std::int64_t kernel,
                              std::int64_t stride, std::int64_t pads, int) -> std::int64_t {
                             return in + pads < kernel ? 0 : (in + pads - kernel) / stride + 1;
                           });
}

void eval_float(const ir::Graph &graph, const ir::Node &node, std::span<const Tensor *const> inputs,
                std::span<Tensor> outputs) {
  convolve_float(graph, node, conv_of(graph, node), *inputs[0], outputs[0]);
}

void eval_int(const ir::Graph &graph, const ir::Node &node, const Numbers &numbers,
              std::span<const Tensor *const> inputs, std::span<Tensor> outputs) {
  convolve_int(graph, node, conv_of(graph, node), numbers, *inputs[0], outputs[0]);
}

std::vector<Mode> modes(const ir::Graph &graph, const ir::Node &node) {
  return convolution_modes(conv_of(graph, node));
}

Kernels kernels(const ir::Graph &graph, const ir::Node &node, const Numbers &numbers, int) {
  return convolution_kernels(kKernel, graph, node, conv_of(graph, node), numbers);
}

// Products with padding count, as is usual.
std::int64_t count_macs(const ir::Graph &graph, const ir::Node &node) {
  const std::int64_t pixels = graph.value(node.outputs[0]).type.shape.elements() /
                              graph.value(node.outputs[0]).type.shape.channels;
  return pixels * graph.constant(node.constants[0]).elements();
}

// ATen's general form: one operator for both directions.
void import_either(Builder &builder, const ForeignNode &node) {
  if (node.integer("transposed", 0) != 0) return import_transposed_convolution(builder, node);
  import_convolution(builder, node);
}

}  // namespace

const Operator kConv2d = {
    .name = "Conv2d",
    .summary = "2-D (or 1-D) convolution with stride and padding",
    .imports = {{"onnx", "Conv", import_convolution},
                {"aten", "conv2d.default", import_convolution},
                {"aten", "conv2d.padding", import_convolution},
                {"aten", "conv1d.default", import_convolution},
                {"aten", "conv1d.padding", import_convolution},
                {"aten", "convolution.default", import_either}},
    .infer = infer,
    .eval_float = eval_float,
    .eval_int = eval_int,
    .modes = modes,
    .kernels = kernels,
    .macs = count_macs,
};

}  // namespace thimble::ops
