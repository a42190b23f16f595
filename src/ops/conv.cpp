// Conv2d: output row y reads input rows [y*stride - top, + kernel_h), further apart where dilated.
// Constants, attributes, sums and kernels are shared with the transposed kind (convolution.h).
//
// Two modes. "window" reads those rows. "scatter" (int8, stride 1, few output channels) keeps the
// sums of kernel_h output rows instead of kernel_h input rows.
#include <algorithm>
#include <iterator>

#include "ops/convolution.h"
#include "ops/convolution_import.h"
#include "ops/families.h"
#include "ops/offset_weights.h"
#include "ops/quantized.h"
#include "ops/weight_code.h"

namespace thimble::ops {
namespace {

Convolution conv_of(const ir::Graph &graph, const ir::Node &node) {
  return convolution_of(graph, node, false);
}

// Bytes of the sums that scattering keeps: kernel_h output rows.
std::int64_t scatter_bytes(const Convolution &conv) {
  return std::int64_t{4} * conv.rows.kernel * conv.cols.out * conv.out_c;
}

// Stride 1, and the sums are smaller than the input rows that windows would keep.
bool can_scatter(const Convolution &conv) {
  return conv.is_plain() && conv.rows.stride == 1 && conv.cols.stride == 1 &&
         conv.rows.kernel > 1 &&
         scatter_bytes(conv) < std::int64_t{conv.rows.kernel - 1} * conv.cols.in * conv.in_c;
}

// Each input pixel is folded into the sums of the output pixels whose windows it lies in.
Mode scatter_mode(const Convolution &conv) {
  Mode mode;
  mode.name = "scatter";
  mode.inputs = {{AccessKind::kAccumulate, all_reads(conv.rows), {}, true, true}};
  mode.state_bytes = scatter_bytes(conv);
  mode.alignment = 4;
  return mode;
}

Result<std::vector<ir::Type>> infer(const ir::Graph &graph, const ir::Node &node) {
  return infer_convolution(graph, node,
                           [](const ir::Node &, std::int64_t in, std::int64_t span,
                              std::int64_t stride, std::int64_t pads, int) -> std::int64_t {
                             return in + pads < span ? 0 : (in + pads - span) / stride + 1;
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
  const Convolution conv = conv_of(graph, node);
  std::vector<Mode> modes = convolution_modes(node, conv);
  if (is_int8(graph, node) && can_scatter(conv)) modes.push_back(scatter_mode(conv));
  return modes;
}

// int32_t tap_bias[kernel row][kernel column][out]: what the input's zero point makes of the
// weights of a tap, taken off.
Table tap_bias_table(const ir::Graph &graph, const ir::Node &node, const Convolution &conv) {
  const std::vector<std::int64_t> shares = zero_point_shares(graph, node);
  const int taps = conv.rows.kernel * conv.cols.kernel;
  std::vector<std::int64_t> data;
  for (int tap = 0; tap < taps; ++tap)
    for (int c = 0; c < conv.out_c; ++c) data.push_back(-shares[std::size_t(c) * taps + tap]);
  return int32_table("tap_bias", std::move(data));
}

// The scattering mode in its phases.
Kernels scatter_kernels(const ir::Graph &graph, const ir::Node &node, const Numbers &numbers,
                        const Convolution &conv) {
  Kernel begin, fold, end;
  begin.file = "conv2d_scatter_begin_i8";
  fold.file = "conv2d_scatter_fold_i8";
  end.file = "conv2d_scatter_end_i8";
  begin.tables = {bias_table(graph, node)};
  fold.tables = {weight_table(graph, node), tap_bias_table(graph, node, conv)};
  end.tables = {bias_table(graph, node)};
  for (Kernel *kernel : {&begin, &fold, &end})
    kernel->sizes = {
        {"kernel_h", conv.rows.kernel}, {"out_w", conv.cols.out}, {"out_c", conv.out_c}};
  const std::pair<const char *, int> sizes[] = {
      {"in_c", conv.in_c},        {"out_h", conv.rows.out},    {"kernel_w", conv.cols.kernel},
      {"pad_top", conv.rows.pad}, {"pad_left", conv.cols.pad},
  };
  fold.sizes.insert(fold.sizes.end(), std::begin(sizes), std::end(sizes));
  const std::vector<std::int64_t> &weights = integers(fold.tables.front());
  std::vector<CodedWeights> codes = packed_weights(weights, conv.out_c);
  // Who rounded weights to few levels wants few bytes of them.
  const bool is_small = !codes.empty() && numbers.chooses_codes();
  const int taps = conv.rows.kernel * conv.cols.kernel;
  for (CodedWeights &code : scattered_offset_weights(graph, node, weights, taps, numbers))
    if (!is_small || !code.tables.front().is_code) codes.push_back(std::move(code));
  take_code(fold, codes, numbers);
  add_requantization(end, graph, node, numbers);
  return {{}, std::move(begin), std::move(fold), std::move(end)};
}

Kernels kernels(const ir::Graph &graph, const ir::Node &node, const Numbers &numbers, int mode) {
  if (mode == 1) return scatter_kernels(graph, node, numbers, conv_of(graph, node));
  return convolution_kernels(graph, node, conv_of(graph, node), numbers);
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
    .summary = "2-D (or 1-D) convolution: stride, padding, dilation, groups",
    .imports = {{"onnx", "Conv", import_convolution},
                {"aten", "conv2d.default", import_convolution},
                {"aten", "conv2d.padding", import_convolution},
                {"aten", "conv1d.default", import_convolution},
                {"aten", "conv1d.padding", import_convolution},
                {"aten", "convolution.default", import_either},
                {"tflite", "CONV_2D", import_tflite_convolution},
                {"tflite", "DEPTHWISE_CONV_2D", import_tflite_convolution}},
    .infer = infer,
    .eval_float = eval_float,
    .eval_int = eval_int,
    .modes = modes,
    .kernels = kernels,
    .macs = count_macs,
    .sliding = true,
};

}  // namespace thimble::ops
