// ConvTranspose2d: one more attribute, output_padding {rows, columns}. Input row j adds to output
// rows [j*stride - top,
// + kernel_h); seen from the output, row y sums the input rows j with 0 <= y + top - j*stride <
// kernel_h: maybe none. Constants, other attributes, sums and kernels are shared with the forward
// kind (convolution.h).
#include "ops/convolution.h"
#include "ops/convolution_import.h"
#include "ops/families.h"
#include "ops/infer.h"

namespace thimble::ops {
namespace {

Convolution conv_of(const ir::Graph &graph, const ir::Node &node) {
  return convolution_of(graph, node, true);
}

Result<std::vector<ir::Type>> infer(const ir::Graph &graph, const ir::Node &node) {
  if (auto found = check_integers(node, "output_padding", 2, 0, 1 << 15); !found.empty())
    return found;
  return infer_convolution(
      graph, node,
      [](const ir::Node &node, std::int64_t in, std::int64_t span, std::int64_t stride,
         std::int64_t pads, int axis) -> std::int64_t {
        return (in - 1) * stride - pads + span + node.integers("output_padding", {0, 0})[axis];
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
  return convolution_modes(node, conv_of(graph, node));
}

Kernels kernels(const ir::Graph &graph, const ir::Node &node, const Numbers &numbers, int) {
  return convolution_kernels(graph, node, conv_of(graph, node), numbers);
}

// Every input pixel meets every weight (those that padding cuts off count, as is usual).
std::int64_t count_macs(const ir::Graph &graph, const ir::Node &node) {
  const ir::Shape &in = graph.value(node.inputs[0]).type.shape;
  return std::int64_t{in.rows} * in.cols * graph.constant(node.constants[0]).elements();
}

}  // namespace

const Operator kConvTranspose2d = {
    .name = "ConvTranspose2d",
    .summary = "transposed convolution: stride, padding, output padding, dilation, groups",
    .imports = {{"onnx", "ConvTranspose", import_transposed_convolution},
                {"aten", "conv_transpose2d.input", import_transposed_convolution},
                {"aten", "conv_transpose1d.default", import_transposed_convolution},
                {"tflite", "TRANSPOSE_CONV", import_tflite_transposed}},
    .infer = infer,
    .eval_float = eval_float,
    .eval_int = eval_int,
    .modes = modes,
    .kernels = kernels,
    .macs = count_macs,
};

}  // namespace thimble::ops
