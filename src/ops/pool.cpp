// MaxPool2d: the largest element of each window (pooling.h). Padding never wins: windows are
// clipped to the input.
//
// Two modes. "window" reads those rows. "fold" takes each input row as it comes and keeps in the
// output's rows the largest elements so far, so that rows of a window need not wait for each other.
#include <algorithm>

#include "ops/families.h"
#include "ops/pooling.h"
#include "ops/quantized.h"

namespace thimble::ops {
namespace {

constexpr auto kLargestOf = [](const auto &window, int, int) {
  return *std::max_element(window.begin(), window.end());
};

void eval_float(const ir::Graph &graph, const ir::Node &node, std::span<const Tensor *const> inputs,
                std::span<Tensor> outputs) {
  pool(pooling_of(graph, node), inputs[0]->f32, outputs[0].f32, kLargestOf);
}

void eval_int(const ir::Graph &graph, const ir::Node &node, const Numbers &,
              std::span<const Tensor *const> inputs, std::span<Tensor> outputs) {
  pool(pooling_of(graph, node), inputs[0]->i8, outputs[0].i8, kLargestOf);
}

std::vector<Mode> modes(const ir::Graph &graph, const ir::Node &node) {
  std::vector<Mode> modes = pooling_modes(graph, node);
  const Pooling pooling = pooling_of(graph, node);
  if (const auto fold = pool_folding_mode(pooling.rows, pooling.cols)) modes.push_back(*fold);
  return modes;
}

Kernel fold_kernel(const ir::Graph &graph, const ir::Node &node) {
  const Pooling pooling = pooling_of(graph, node);
  Kernel kernel;
  kernel.file = kernel_file("max_pool2d_fold", graph, node);
  kernel.sizes = {{"in_c", pooling.channels},        {"out_h", pooling.rows.out},
                  {"out_w", pooling.cols.out},       {"kernel_h", pooling.rows.kernel},
                  {"kernel_w", pooling.cols.kernel}, {"stride_h", pooling.rows.stride},
                  {"stride_w", pooling.cols.stride}, {"pad_top", pooling.rows.pad},
                  {"pad_left", pooling.cols.pad}};
  return kernel;
}

Kernels kernels(const ir::Graph &graph, const ir::Node &node, const Numbers &, int mode) {
  if (mode == 1) return {.fold = fold_kernel(graph, node)};
  return {.row = pooling_kernel("max_pool2d", graph, node)};
}

void import_max_pool(Builder &builder, const ForeignNode &node) {
  if (node.domain == "onnx" && node.outputs.size() > 1 && !node.outputs[1].empty())
    return builder.error(node, "gives the places of its maxima", "only the maxima can be had");
  import_pooling(builder, node, "MaxPool2d", {});
}

}  // namespace

const Operator kMaxPool2d = {
    .name = "MaxPool2d",
    .summary = "maximum over a sliding window",
    .imports = {{"onnx", "MaxPool", import_max_pool},
                {"aten", "max_pool2d.default", import_max_pool},
                {"aten", "max_pool1d.default", import_max_pool},
                {"aten", "max_pool2d_with_indices.default", import_max_pool},
                {"tflite", "MAX_POOL_2D", import_max_pool}},
    .infer = infer_pooling,
    .eval_float = eval_float,
    .eval_int = eval_int,
    .modes = modes,
    .kernels = kernels,
    .quant_rule = Operator::QuantRule::kSameAsInput,
    .sliding = true,
    .channelwise = true,
};

}  // namespace thimble::ops
