// Lrn: local response normalisation across channels (Krizhevsky et al., "ImageNet Classification
// with Deep Convolutional Neural Networks", 2012, with ONNX's alpha / size). Attributes size,
// alpha, beta, bias:
//     out[c] = in[c] / (bias + alpha / size * sum of in[i]^2)^beta, i within (size-1)/2 below c to
//     size/2 above. Floats only.
#include <algorithm>
#include <cmath>

#include "ops/evaluate.h"
#include "ops/families.h"
#include "ops/infer.h"
#include "ops/lanes.h"
#include "ops/pointwise.h"
#include "ops/quantized.h"

namespace thimble::ops {
namespace {

constexpr std::int64_t kMaxSize = 1 << 15;

Result<std::vector<ir::Type>> infer(const ir::Graph &graph, const ir::Node &node) {
  if (const auto size = node.integer("size", 0); size < 1 || size > kMaxSize)
    return node_error(node, "attribute 'size' is not within 1 and 32768");
  return infer_pointwise(graph, node);
}

void eval_float(const ir::Graph &, const ir::Node &node, std::span<const Tensor *const> inputs,
                std::span<Tensor> outputs) {
  allocate(outputs[0]);
  const auto size = node.integer("size", 1);
  const double alpha = node.real("alpha", 0.0001), beta = node.real("beta", 0.75);
  const double bias = node.real("bias", 1);
  const std::vector<float> &in = inputs[0]->f32;
  const std::int64_t channels = inputs[0]->type.shape.channels;
  for (std::size_t e = 0; e < in.size(); ++e) {
    const std::int64_t c = static_cast<std::int64_t>(e) % channels;
    const float *pixel = &in[e - static_cast<std::size_t>(c)];
    double sum = 0;
    for (std::int64_t i = std::max<std::int64_t>(c - (size - 1) / 2, 0);
         i <= std::min(c + size / 2, channels - 1); ++i)
      sum += double{pixel[i]} * pixel[i];
    outputs[0].f32[e] =
        static_cast<float>(in[e] / std::pow(bias + alpha / static_cast<double>(size) * sum, beta));
  }
}

std::vector<Mode> modes(const ir::Graph &graph, const ir::Node &node) {
  return {pointwise_mode(graph, node, WriteOrder::kAnywhere)};
}

Kernels kernels(const ir::Graph &graph, const ir::Node &node, const Numbers &, int) {
  Kernel kernel = pointwise_kernel(kernel_file("lrn", graph, node), graph, node);
  kernel.sizes.emplace_back("size", node.integer("size", 1));
  kernel.reals = {{"alpha", static_cast<float>(node.real("alpha", 0.0001))},
                  {"beta", static_cast<float>(node.real("beta", 0.75))},
                  {"bias", static_cast<float>(node.real("bias", 1))}};
  return {.row = kernel};
}

void import_lrn(Builder &builder, const ForeignNode &node) {
  const Imported *input = builder.activation(node, 0);
  if (!input) return;
  if (input->dims.size() < 2) return builder.error(node, "normalises a tensor without channels");
  const Lanes lanes = to_lanes(builder, node, *input, {1});
  const ir::ValueId value = builder.add(node, "Lrn", {lanes.value}, {},
                                        {{"size", node.integer("size", 0)},
                                         {"alpha", node.real("alpha", 0.0001)},
                                         {"beta", node.real("beta", 0.75)},
                                         {"bias", node.real("bias", 1)}});
  bind_lanes(builder, node, lanes, value);
}

}  // namespace

const Operator kLrn = {
    .name = "Lrn",
    .summary = "local response normalisation across channels",
    .imports = {{"onnx", "LRN", import_lrn}},
    .infer = infer,
    .eval_float = eval_float,
    .modes = modes,
    .kernels = kernels,
};

}  // namespace thimble::ops
