// Activations: functions of one element, each a line of mathematics (element_function.h).
//
// Relu alone is more: in int8 it keeps its input's quantization and only cuts.
#include <algorithm>

#include "ops/elementwise.h"
#include "ops/elementwise_import.h"
#include "ops/evaluate.h"
#include "ops/families.h"
#include "ops/pointwise.h"
#include "ops/q31_functions.h"
#include "ops/quantized.h"

namespace thimble::ops {
namespace {

void relu_int(const ir::Graph &, const ir::Node &, const Numbers &,
              std::span<const Tensor *const> inputs, std::span<Tensor> outputs) {
  allocate(outputs[0]);
  const auto zero = static_cast<std::int8_t>(outputs[0].type.quant->zero_point);
  std::transform(inputs[0]->i8.begin(), inputs[0]->i8.end(), outputs[0].i8.begin(),
                 [&](std::int8_t q) { return std::max(q, zero); });
}

Kernels relu_kernels(const ir::Graph &graph, const ir::Node &node, const Numbers &, int) {
  if (!is_int8(graph, node)) return {.row = elementwise_kernel(graph, node)};
  Kernel kernel = pointwise_kernel("relu_i8", graph, node);
  kernel.sizes.push_back({"act_min", graph.value(node.outputs[0]).type.quant->zero_point});
  kernel.sizes.push_back({"act_max", 127});
  return {.row = kernel};
}

Operator relu_operator() {
  Operator relu = elementwise_operator(
      {.op = "Relu",
       .kernel = "relu",
       .summary = "max(x, 0)",
       .real = THIMBLE_REAL(u < 0.0f ? 0.0f : u),
       .foreign = {{"onnx", "Relu"}, {"aten", "relu.default"}, {"tflite", "RELU"}}});
  relu.eval_int = relu_int;
  relu.kernels = relu_kernels;
  relu.quant_rule = Operator::QuantRule::kSameAsInput;
  return relu;
}

}  // namespace

const Operator kRelu = relu_operator();

const Operator kSigmoid = elementwise_operator(
    {.op = "Sigmoid",
     .kernel = "sigmoid",
     .summary = "1 / (1 + exp(-x)), by table in int8",
     .real = THIMBLE_REAL(1.0f / (1.0f + expf(-u))),
     .foreign = {{"onnx", "Sigmoid"}, {"aten", "sigmoid.default"}, {"tflite", "LOGISTIC"}},
     .reference = logistic_q31,
     .preferred_quant = ir::Quant{1.0f / 256, -128}});

const Operator kTanh = elementwise_operator(
    {.op = "Tanh",
     .kernel = "tanh",
     .summary = "hyperbolic tangent, by table in int8",
     .real = THIMBLE_REAL(tanhf(u)),
     .foreign = {{"onnx", "Tanh"}, {"aten", "tanh.default"}, {"tflite", "TANH"}},
     .reference = tanh_q31,
     .preferred_quant = ir::Quant{1.0f / 128, 0}});

const Operator kHardSigmoid = elementwise_operator(
    {.op = "HardSigmoid",
     .kernel = "hard_sigmoid",
     .summary = "min(max(alpha * x + beta, 0), 1)",
     .real = THIMBLE_REAL(clamp_f32(alpha * u + beta, 0.0f, 1.0f)),
     .foreign = {{"onnx", "HardSigmoid", {{"alpha", "alpha", 0.2}, {"beta", "beta", 0.5}}},
                 {"aten", "hardsigmoid.default", {{"alpha", "", 1.0 / 6}, {"beta", "", 0.5}}}}});

const Operator kHardSwish = elementwise_operator(
    {.op = "HardSwish",
     .kernel = "hard_swish",
     .summary = "x * min(max(x + 3, 0), 6) / 6, by table in int8",
     .real = THIMBLE_REAL(u * clamp_f32(u + 3.0f, 0.0f, 6.0f) / 6.0f),
     .foreign = {{"onnx", "HardSwish"}, {"aten", "hardswish.default"}, {"tflite", "HARD_SWISH"}},
     .reference = hard_swish_q31});

const Operator kSwish =
    elementwise_operator({.op = "Swish",
                          .kernel = "swish",
                          .summary = "x / (1 + exp(-alpha * x)); SiLU where alpha is 1",
                          .real = THIMBLE_REAL(u / (1.0f + expf(-alpha * u))),
                          .foreign = {{"onnx", "Swish", {{"alpha", "alpha", 1}}},
                                      {"aten", "silu.default", {{"alpha", "", 1}}}}});

const Operator kMish = elementwise_operator(
    {.op = "Mish",
     .kernel = "mish",
     .summary = "x * tanh(log(1 + exp(x)))",
     .real = THIMBLE_REAL(u * tanhf((u > 0.0f ? u : 0.0f) + logf(1.0f + expf(-fabsf(u))))),
     .foreign = {{"onnx", "Mish"}, {"aten", "mish.default"}}});

const Operator kElu = elementwise_operator(
    {.op = "Elu",
     .kernel = "elu",
     .summary = "beta * (x, or alpha * (exp(gamma * x) - 1) below 0): ELU, SELU, CELU",
     .real = THIMBLE_REAL(u > 0.0f ? beta * u : alpha * beta * (expf(gamma * u) - 1.0f)),
     .foreign = {{"onnx", "Elu", {{"alpha", "alpha", 1}, {"beta", "", 1}, {"gamma", "", 1}}},
                 {"onnx",
                  "Selu",
                  {{"alpha", "alpha", 1.67326319217681884765625},
                   {"beta", "gamma", 1.05070102214813232421875},
                   {"gamma", "", 1}}},
                 {"aten",
                  "elu.default",
                  {{"alpha", "alpha", 1}, {"beta", "scale", 1}, {"gamma", "input_scale", 1}}},
                 {"aten",
                  "selu.default",
                  {{"alpha", "", 1.6732632423543772848170429916717},
                   {"beta", "", 1.0507009873554804934193349852946},
                   {"gamma", "", 1}}}}});

const Operator kCelu =
    elementwise_operator({.op = "Celu",
                          .kernel = "celu",
                          .summary = "x, or alpha * (exp(x / alpha) - 1) below 0",
                          .real = THIMBLE_REAL(u > 0.0f ? u : alpha * (expf(u / alpha) - 1.0f)),
                          .foreign = {{"onnx", "Celu", {{"alpha", "alpha", 1}}},
                                      {"aten", "celu.default", {{"alpha", "alpha", 1}}}}});

const Operator kGelu =
    elementwise_operator({.op = "Gelu",
                          .kernel = "gelu",
                          .summary = "x times the normal distribution's share below x",
                          .real = THIMBLE_REAL(0.5f * u * (1.0f + erff(u * 0.70710678f)))},
                         {{"onnx", "Gelu", import_gelu}, {"aten", "gelu.default", import_gelu}});

const Operator kGeluTanh = elementwise_operator(
    {.op = "GeluTanh",
     .kernel = "gelu_tanh",
     .summary = "Gelu's approximation by tanh",
     .real = THIMBLE_REAL(0.5f * u * (1.0f + tanhf(0.79788456f * (u + 0.044715f * u * u * u))))});

const Operator kLeakyRelu = elementwise_operator(
    {.op = "LeakyRelu",
     .kernel = "leaky_relu",
     .summary = "x, or alpha * x below 0",
     .real = THIMBLE_REAL(u < 0.0f ? alpha * u : u),
     .foreign = {{"onnx", "LeakyRelu", {{"alpha", "alpha", 0.01}}},
                 {"aten", "leaky_relu.default", {{"alpha", "negative_slope", 0.01}}},
                 {"tflite", "LEAKY_RELU", {{"alpha", "alpha", 0}}}},
     .reference = leaky_relu_q31});

const Operator kThresholdedRelu = elementwise_operator(
    {.op = "ThresholdedRelu",
     .kernel = "thresholded_relu",
     .summary = "x above alpha, else beta",
     .real = THIMBLE_REAL(u > alpha ? u : beta),
     .foreign = {
         {"onnx", "ThresholdedRelu", {{"alpha", "alpha", 1}, {"beta", "", 0}}},
         {"aten", "threshold.default", {{"alpha", "threshold", 0}, {"beta", "value", 0}}}}});

const Operator kSoftplus = elementwise_operator(
    {.op = "Softplus",
     .kernel = "softplus",
     .summary = "log(1 + exp(alpha * x)) / alpha, or x where alpha * x is above beta",
     .real = THIMBLE_REAL(alpha * u > beta ? u
                                           : ((alpha * u > 0.0f ? alpha * u : 0.0f) +
                                              logf(1.0f + expf(-fabsf(alpha * u)))) /
                                                 alpha),
     .foreign = {{"onnx", "Softplus", {{"alpha", "", 1}, {"beta", "", 20}}},
                 {"aten", "softplus.default", {{"alpha", "beta", 1}, {"beta", "threshold", 20}}}}});

const Operator kSoftsign = elementwise_operator({.op = "Softsign",
                                                 .kernel = "softsign",
                                                 .summary = "x / (1 + |x|)",
                                                 .real = THIMBLE_REAL(u / (1.0f + fabsf(u))),
                                                 .foreign = {{"onnx", "Softsign"}}});

const Operator kShrink = elementwise_operator(
    {.op = "Shrink",
     .kernel = "shrink",
     .summary = "x brought nearer to 0 by beta, 0 where |x| is not above alpha",
     .real = THIMBLE_REAL(u < -alpha  ? u + beta
                          : u > alpha ? u - beta
                                      : 0.0f),
     .foreign = {{"onnx", "Shrink", {{"alpha", "lambd", 0.5}, {"beta", "bias", 0}}},
                 {"aten", "softshrink.default", {{"alpha", "lambd", 0.5}, {"beta", "lambd", 0.5}}},
                 {"aten", "hardshrink.default", {{"alpha", "lambd", 0.5}, {"beta", "", 0}}}}});

const Operator kClip = elementwise_operator(
    {.op = "Clip",
     .kernel = "clip",
     .summary = "x within alpha .. beta",
     .real = THIMBLE_REAL(clamp_f32(u, alpha, beta)),
     .foreign = {{"aten", "relu6.default", {{"alpha", "", 0}, {"beta", "", 6}}},
                 {"tflite", "RELU6", {{"alpha", "", 0}, {"beta", "", 6}}},
                 {"tflite", "RELU_N1_TO_1", {{"alpha", "", -1}, {"beta", "", 1}}},
                 {"tflite", "RELU_0_TO_1", {{"alpha", "", 0}, {"beta", "", 1}}}},
     .reference = clip_q31},
    {{"onnx", "Clip", import_clip},
     {"aten", "clamp.default", import_clip},
     {"aten", "clamp.Tensor", import_clip},
     {"aten", "clamp_min.default", import_clip},
     {"aten", "clamp_max.default", import_clip},
     {"aten", "hardtanh.default", import_clip}});

}  // namespace thimble::ops
