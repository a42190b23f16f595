// Softmax, LogSoftmax and Hardmax (floats only) over the channels of each pixel; importers bring
// the file's axis there (lanes.h).
//
// int8, with 32-bit arithmetic only. in_scale is s; in[c] <= max, so d = max - in[c] is 0..255, and
//     exp_table[d] = round(2^14 * exp(-d * s))                                      int16, 2^14 for
//     d = 0 sum          = sum over c of exp_table[max - in[c]]                           uint32,
//     at least 2^14
// Softmax, output scale 1/256, zero point -128:
//     out[c] = min(127, (256 * exp_table[d] + sum / 2) / sum - 128)                 all unsigned up
//     to the -128
// of requantization q31 as TensorFlow Lite's reference has it (q31_functions.h), from a table of
// int32.
// LogSoftmax, output scale s_out: with log = log2(sum / 2^14) in steps of 2^-12 (by squaring:
// below),
//     out[c] = max(-128, out_zero - ((d * in_factor + log * log_factor + 2^(shift-1)) >> shift))
//     in_factor = round(s / s_out * 2^shift), log_factor = round(ln 2 / s_out * 2^(shift-12))
// with the largest shift of at most 20 for which in_factor <= 2^22 and log_factor <= 2^13 (cut to
// that at shift 1): with log < 2^17 the sum stays below 2^32.
//
// The C reads a pixel twice, the second time element by element just before it writes: what has
// been written by then is never read again, so the order is kElement.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "ops/evaluate.h"
#include "ops/families.h"
#include "ops/infer.h"
#include "ops/lanes.h"
#include "ops/pointwise.h"
#include "ops/q31_functions.h"
#include "ops/quantized.h"

namespace thimble::ops {
namespace {

constexpr int kMaxChannels = 1 << 16;  // keeps sum below 2^31 and log below 2^17

Result<std::vector<ir::Type>> infer_softmax(const ir::Graph &graph, const ir::Node &node) {
  TRY(auto types, infer_pointwise(graph, node));
  if (types[0].shape.channels > kMaxChannels)
    return node_error(node, "has more than 65536 channels", "its sums would not fit 32 bits");
  return types;
}

// Calls f(first, count) for the elements of each pixel.
template <class F>
void each_pixel(const ir::Shape &shape, F f) {
  const auto count = static_cast<std::size_t>(shape.channels);
  for (std::size_t first = 0; first < static_cast<std::size_t>(shape.elements()); first += count)
    f(first, count);
}

// log: x - max - log(sum of exp(x - max)); else exp of that.
template <bool kLog>
void eval_float(const ir::Graph &, const ir::Node &, std::span<const Tensor *const> inputs,
                std::span<Tensor> outputs) {
  allocate(outputs[0]);
  const float *in = inputs[0]->f32.data();
  float *out = outputs[0].f32.data();
  each_pixel(outputs[0].type.shape, [&](std::size_t first, std::size_t count) {
    const double max = *std::max_element(in + first, in + first + count);
    double sum = 0;
    for (std::size_t i = first; i < first + count; ++i) sum += std::exp(in[i] - max);
    for (std::size_t i = first; i < first + count; ++i)
      out[i] = static_cast<float>(kLog ? in[i] - max - std::log(sum) : std::exp(in[i] - max) / sum);
  });
}

std::vector<std::int64_t> exp_table(double in_scale) {
  std::vector<std::int64_t> table;
  for (int d = 0; d < 256; ++d) table.push_back(std::lround(16384 * std::exp(-d * in_scale)));
  return table;
}

// A pixel's largest element and the sum of its exponentials.
struct PixelSum {
  int max;
  std::uint32_t sum;
};

PixelSum pixel_sum(const std::int8_t *in, std::size_t count,
                   const std::vector<std::int64_t> &table) {
  PixelSum result{*std::max_element(in, in + count), 0};
  for (std::size_t i = 0; i < count; ++i)
    result.sum += static_cast<std::uint32_t>(table[result.max - in[i]]);
  return result;
}

// TensorFlow Lite's sums have 12 integer bits.
bool is_reference_softmax(const ir::Shape &shape, const Numbers &numbers) {
  return numbers.requant == targets::Requant::kQ31 && shape.channels < (1 << 12);
}

void softmax_q31(const Tensor &input, Tensor &output) {
  const auto table = softmax_exponentials_q31(input.type.quant->scale);
  each_pixel(output.type.shape, [&](std::size_t first, std::size_t count) {
    const std::int8_t *in = input.i8.data() + first;
    const int max = *std::max_element(in, in + count);
    const auto exponential = [&](std::size_t i) {
      return static_cast<std::int32_t>(table[max - in[i]]);
    };
    std::int32_t sum = 0;
    for (std::size_t i = 0; i < count; ++i) sum += softmax_addend_q31(exponential(i));
    for (std::size_t i = 0; i < count; ++i)
      output.i8[first + i] = static_cast<std::int8_t>(softmax_output_q31(exponential(i), sum));
  });
}

void softmax_int(const ir::Graph &, const ir::Node &, const Numbers &numbers,
                 std::span<const Tensor *const> inputs, std::span<Tensor> outputs) {
  allocate(outputs[0]);
  if (is_reference_softmax(outputs[0].type.shape, numbers))
    return softmax_q31(*inputs[0], outputs[0]);
  const auto table = exp_table(inputs[0]->type.quant->scale);
  const std::int8_t *in = inputs[0]->i8.data();
  each_pixel(outputs[0].type.shape, [&](std::size_t first, std::size_t count) {
    const auto [max, sum] = pixel_sum(in + first, count, table);
    for (std::size_t i = first; i < first + count; ++i) {
      const auto e = static_cast<std::uint32_t>(table[max - in[i]]);
      const int q = static_cast<int>((256 * e + sum / 2) / sum) - 128;
      outputs[0].i8[i] = static_cast<std::int8_t>(std::min(q, 127));
    }
  });
}

struct LogFactors {
  std::uint32_t in_factor, log_factor;
  int shift;
};

LogFactors log_factors(const ir::Graph &graph, const ir::Node &node) {
  const double in_scale = graph.value(node.inputs[0]).type.quant->scale;
  const double out_scale = graph.value(node.outputs[0]).type.quant->scale;
  for (int shift = 20;; --shift) {
    const double in_factor = std::round(std::ldexp(in_scale / out_scale, shift));
    const double log_factor = std::round(std::ldexp(std::log(2.0) / out_scale, shift - 12));
    constexpr double kMaxIn = 1 << 22, kMaxLog = 1 << 13;
    if ((in_factor <= kMaxIn && log_factor <= kMaxLog) || shift == 1)
      return {static_cast<std::uint32_t>(std::min(in_factor, kMaxIn)),
              static_cast<std::uint32_t>(std::min(log_factor, kMaxLog)), shift};
  }
}

// log2(sum / 2^14) in steps of 2^-12, rounded down. The mantissa is 2^15 <= m < 2^16; squaring it
// doubles its logarithm, whose next binary digit is 1 when the square reaches 2.
std::uint32_t log2_of_sum(std::uint32_t sum) {
  std::uint32_t log = 0, m = sum << 1;
  for (; m >= 65536; m >>= 1) ++log;
  for (int bit = 0; bit < 12; ++bit) {
    m = m * m >> 15;
    log = 2 * log + (m >= 65536 ? 1 : 0);
    if (m >= 65536) m >>= 1;
  }
  return log;
}

void log_softmax_int(const ir::Graph &graph, const ir::Node &node, const Numbers &,
                     std::span<const Tensor *const> inputs, std::span<Tensor> outputs) {
  allocate(outputs[0]);
  const auto table = exp_table(inputs[0]->type.quant->scale);
  const auto [in_factor, log_factor, shift] = log_factors(graph, node);
  const int out_zero = outputs[0].type.quant->zero_point;
  const std::int8_t *in = inputs[0]->i8.data();
  for (std::size_t first = 0, count = outputs[0].type.shape.channels; first < inputs[0]->i8.size();
       first += count) {
    const auto [max, sum] = pixel_sum(in + first, count, table);
    const std::uint32_t base = log2_of_sum(sum) * log_factor + (1u << (shift - 1));
    for (std::size_t i = first; i < first + count; ++i) {
      const std::uint32_t below = static_cast<std::uint32_t>(max - in[i]) * in_factor + base;
      const int q = out_zero - static_cast<int>(below >> shift);
      outputs[0].i8[i] = static_cast<std::int8_t>(std::max(q, -128));
    }
  }
}

Kernels softmax_kernels(const ir::Graph &graph, const ir::Node &node, const Numbers &numbers, int) {
  const bool log = node.op == "LogSoftmax";
  if (!log && is_int8(graph, node) &&
      is_reference_softmax(graph.value(node.outputs[0]).type.shape, numbers)) {
    Kernel kernel = pointwise_kernel("softmax_q31_i8", graph, node);
    kernel.tables = {{"exp_table", "int32_t",
                      softmax_exponentials_q31(graph.value(node.inputs[0]).type.quant->scale)}};
    return {.row = kernel};
  }
  const std::string name = log ? "log_softmax" : "softmax";
  Kernel kernel = pointwise_kernel(kernel_file(name, graph, node), graph, node);
  if (!is_int8(graph, node)) return {.row = kernel};
  kernel.tables = {
      {"exp_table", "int16_t", exp_table(graph.value(node.inputs[0]).type.quant->scale)}};
  if (log) {
    const auto [in_factor, log_factor, shift] = log_factors(graph, node);
    kernel.sizes.push_back({"in_factor", in_factor});
    kernel.sizes.push_back({"log_factor", log_factor});
    kernel.sizes.push_back({"shift", shift});
    kernel.sizes.push_back({"out_zero", graph.value(node.outputs[0]).type.quant->zero_point});
  }
  return {.row = kernel};
}

// The axes that make one vector: the named one; in ONNX before opset 13 all from it on.
std::optional<std::vector<std::size_t>> vector_axes(Builder &builder, const ForeignNode &node,
                                                    std::size_t rank) {
  const bool onnx = node.domain == "onnx", flattening = onnx && node.version < 13;
  const auto axis = position(node.integer(onnx ? "axis" : "dim", flattening ? 1 : -1), rank);
  if (!axis) {
    builder.error(node, "normalises over an axis that its input lacks");
    return std::nullopt;
  }
  std::vector<std::size_t> axes{*axis};
  while (flattening && axes.back() + 1 < rank) axes.push_back(axes.back() + 1);
  return axes;
}

void import_softmax(Builder &builder, const ForeignNode &node, const char *op) {
  const Imported *input = builder.activation(node, 0);
  if (!input) return;
  const auto axes = vector_axes(builder, node, input->dims.size());
  if (!axes) return;
  const Lanes lanes = to_lanes(builder, node, *input, *axes);
  bind_lanes(builder, node, lanes, builder.add(node, op, {lanes.value}, {}, {}));
}

void import_plain(Builder &builder, const ForeignNode &node) {
  import_softmax(builder, node, "Softmax");
}

// TensorFlow Lite's, over the last axis.
void import_tflite_softmax(Builder &builder, const ForeignNode &node) {
  if (const double beta = node.real("beta", 1); beta != 1)
    return builder.error(node, fmt::format("scales its input by {}", beta),
                         "a beta of 1 is supported");
  import_softmax(builder, node, "Softmax");
}

void import_log(Builder &builder, const ForeignNode &node) {
  import_softmax(builder, node, "LogSoftmax");
}

void import_hard(Builder &builder, const ForeignNode &node) {
  import_softmax(builder, node, "Hardmax");
}

// 1 for the first of a pixel's largest elements, 0 for all others.
void hardmax_float(const ir::Graph &, const ir::Node &, std::span<const Tensor *const> inputs,
                   std::span<Tensor> outputs) {
  outputs[0].f32.assign(inputs[0]->f32.size(), 0.0f);
  const float *in = inputs[0]->f32.data();
  each_pixel(outputs[0].type.shape, [&](std::size_t first, std::size_t count) {
    const float *best = std::max_element(in + first, in + first + count);
    outputs[0].f32[static_cast<std::size_t>(best - in)] = 1.0f;
  });
}

std::vector<Mode> hardmax_modes(const ir::Graph &graph, const ir::Node &node) {
  return {pointwise_mode(graph, node, WriteOrder::kPixel)};
}

Kernels hardmax_kernels(const ir::Graph &graph, const ir::Node &node, const Numbers &, int) {
  return {.row = pointwise_kernel(kernel_file("hardmax", graph, node), graph, node)};
}

}  // namespace

const Operator kSoftmax = {
    .name = "Softmax",
    .summary = "exp(x) / sum of exp(x), over the channels",
    .imports = {{"onnx", "Softmax", import_plain},
                {"aten", "softmax.int", import_plain},
                {"aten", "_softmax.default", import_plain},
                {"tflite", "SOFTMAX", import_tflite_softmax}},
    .infer = infer_softmax,
    .eval_float = eval_float<false>,
    .eval_int = softmax_int,
    .modes = elementwise_modes,
    .kernels = softmax_kernels,
    .quant_rule = Operator::QuantRule::kFixed,
    .fixed_quant = ir::Quant{1.0f / 256, -128},
};
const Operator kLogSoftmax = {
    .name = "LogSoftmax",
    .summary = "logarithm of Softmax, over the channels",
    .imports = {{"onnx", "LogSoftmax", import_log},
                {"aten", "log_softmax.int", import_log},
                {"aten", "_log_softmax.default", import_log}},
    .infer = infer_softmax,
    .eval_float = eval_float<true>,
    .eval_int = log_softmax_int,
    .modes = elementwise_modes,
    .kernels = softmax_kernels,
};

const Operator kHardmax = {
    .name = "Hardmax",
    .summary = "1 for the largest channel, 0 for the others",
    .imports = {{"onnx", "Hardmax", import_hard}},
    .infer = infer_pointwise,
    .eval_float = hardmax_float,
    .modes = hardmax_modes,
    .kernels = hardmax_kernels,
};

}  // namespace thimble::ops
