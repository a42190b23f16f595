// BatchNorm at inference: out = in * scale[c] + shift[c]. The four arrays of a file become two when
// imported: scale = gamma / sqrt(variance + eps), shift = beta - mean * scale. Constants: 0 scale
// [C], 1 shift [C]; int8: 0 weight [C], 1 bias [C], as a convolution of one element. Mostly a pass
// folds it away.
#include <fmt/format.h>

#include <cmath>

#include "ops/families.h"
#include "ops/fused.h"
#include "ops/infer.h"
#include "ops/quantized.h"

namespace thimble::ops {
namespace {

Result<std::vector<ir::Type>> infer(const ir::Graph &graph, const ir::Node &node) {
  if (auto found = check_arity(graph, node, 1, 2); !found.empty()) return found;
  const ir::Shape &shape = graph.value(node.inputs[0]).type.shape;
  if (auto found = check_weights(graph, node, {shape.channels}); !found.empty()) return found;
  return output_type(graph, node, shape);
}

void eval_float(const ir::Graph &graph, const ir::Node &node, std::span<const Tensor *const> inputs,
                std::span<Tensor> outputs) {
  const auto &scale = std::get<std::vector<float>>(graph.constant(node.constants[0]).data);
  const auto &shift = std::get<std::vector<float>>(graph.constant(node.constants[1]).data);
  const RealLimits limits = real_limits(node);
  const std::vector<float> &in = inputs[0]->f32;
  outputs[0].f32.resize(in.size());
  for (std::size_t i = 0; i < in.size(); ++i) {
    const std::size_t c = i % scale.size();
    outputs[0].f32[i] = limits.clamp(in[i] * scale[c] + shift[c]);
  }
}

void eval_int(const ir::Graph &graph, const ir::Node &node, const Numbers &numbers,
              std::span<const Tensor *const> inputs, std::span<Tensor> outputs) {
  const auto &weight = std::get<std::vector<std::int8_t>>(graph.constant(node.constants[0]).data);
  const Requantizer finish = requantizer(graph, node, numbers);
  const std::vector<std::int8_t> &in = inputs[0]->i8;
  outputs[0].i8.resize(in.size());
  for (std::size_t i = 0; i < in.size(); ++i) {
    const int c = static_cast<int>(i % weight.size());
    outputs[0].i8[i] = finish(c, (in[i] - finish.in_zero) * weight[c]);
  }
}

std::vector<Mode> modes(const ir::Graph &graph, const ir::Node &node) {
  const ir::Shape &shape = graph.value(node.inputs[0]).type.shape;
  Mode mode;
  mode.name = "window";
  mode.inputs.emplace_back();
  for (int y = 0; y < shape.rows; ++y) mode.inputs[0].rows.push_back({y, y + 1});
  for (int x = 0; x < shape.cols; ++x) mode.inputs[0].cols.push_back({x, x + 1});
  mode.order = WriteOrder::kElement;
  return {mode};
}

Kernels kernels(const ir::Graph &graph, const ir::Node &node, const Numbers &numbers, int) {
  Kernel kernel = weighted_kernel("batch_norm", graph, node, numbers);
  const ir::Type &input = graph.value(node.inputs[0]).type;
  kernel.sizes.emplace_back("in_c", input.shape.channels);
  if (input.quant) kernel.sizes.emplace_back("in_zero", input.quant->zero_point);
  if (!is_int8(graph, node)) {  // the kernel's own words
    kernel.tables[0].role = "scale";
    kernel.tables[1].role = "shift_by";
  }
  Kernels kernels;
  kernels.row = std::move(kernel);
  return kernels;
}

std::int64_t count_macs(const ir::Graph &graph, const ir::Node &node) {
  return graph.value(node.outputs[0]).type.shape.elements();
}

// gamma, beta, mean, variance: absent gamma is 1, absent beta 0.
std::optional<std::vector<float>> channel_array(Builder &builder, const ForeignNode &node,
                                                std::size_t index, std::int64_t channels,
                                                std::optional<float> otherwise) {
  if (otherwise && !builder.has_input(node, index)) return std::vector<float>(channels, *otherwise);
  const ForeignTensor *array = builder.weights(node, index);
  if (!array) return {};
  if (static_cast<std::int64_t>(array->f32.size()) == channels) return array->f32;
  builder.error(node, fmt::format("constant '{}' has {} elements for {} channels",
                                  node.inputs[index], array->f32.size(), channels));
  return {};
}

void import_batch_norm(Builder &builder, const ForeignNode &node) {
  const Imported *input = builder.activation(node, 0);
  if (!input) return;
  if (node.integer("training", 0) != 0 || node.integer("training_mode", 0) != 0)
    builder.error(node, "normalises by the batch's own statistics",
                  "the model was exported in training mode", "call model.eval() before exporting");
  if (!lies_in_channels(input->dims, builder.axes(), 1))
    return builder.error(node, fmt::format("input is [{}]", fmt::join(input->dims, ",")),
                         "[N,C], [1,C,L] and [1,C,H,W] can be normalised");
  const std::int64_t channels = input->dims[1];
  const auto gamma = channel_array(builder, node, 1, channels, 1.0f);
  const auto beta = channel_array(builder, node, 2, channels, 0.0f);
  const auto mean = channel_array(builder, node, 3, channels, {});
  const auto variance = channel_array(builder, node, 4, channels, {});
  ir::ValueId value = kFailedValue;
  if (gamma && beta && mean && variance) {
    const double epsilon = node.real(node.domain == "onnx" ? "epsilon" : "eps", 1e-5);
    std::vector<float> scale(channels), shift(channels);
    for (std::int64_t c = 0; c < channels; ++c) {
      const double factor = (*gamma)[c] / std::sqrt((*variance)[c] + epsilon);
      scale[c] = static_cast<float>(factor);
      shift[c] = static_cast<float>((*beta)[c] - (*mean)[c] * factor);
    }
    const std::vector<int> dims{static_cast<int>(channels)};
    const auto scale_id = builder.add_constant(node.name + ".scale", dims, std::move(scale));
    const auto shift_id = builder.add_constant(node.name + ".shift", dims, std::move(shift));
    value = builder.add(node, "BatchNorm", {input->value}, {scale_id, shift_id}, {});
  }
  if (!node.outputs.empty()) builder.bind(node.outputs[0], value, input->dims);
}

}  // namespace

const Operator kBatchNorm = {
    .name = "BatchNorm",
    .summary = "a factor and an offset a channel",
    .imports = {{"onnx", "BatchNormalization", import_batch_norm},
                {"aten", "batch_norm.default", import_batch_norm},
                {"aten", "_native_batch_norm_legit_no_training.default", import_batch_norm}},
    .infer = infer,
    .eval_float = eval_float,
    .eval_int = eval_int,
    .modes = modes,
    .kernels = kernels,
    .macs = count_macs,
};

}  // namespace thimble::ops
