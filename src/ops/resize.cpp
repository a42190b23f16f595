// ResizeNearest: every input pixel becomes scale_h x scale_w output pixels.
//
// Attribute: scale {2}, rows and columns.
#include "ops/families.h"
#include "ops/infer.h"
#include "ops/movement.h"
#include "ops/quantized.h"
#include "ops/resize_import.h"

namespace thimble::ops {
namespace {

constexpr std::int64_t kMaxScale = 1 << 15;

Result<std::vector<ir::Type>> infer_resize(const ir::Graph &graph, const ir::Node &node) {
  Diagnostics errors = check_arity(graph, node, 1, 0);
  if (errors.empty()) errors = check_integers(node, "scale", 2, 1, kMaxScale, true);
  if (!errors.empty()) return errors;
  const auto scale = node.integers("scale");
  const ir::Shape &in = graph.value(node.inputs[0]).type.shape;
  TRY(const ir::Shape shape,
      checked_shape(node, in.rows * scale[0], in.cols * scale[1], in.channels));
  return output_type(graph, node, shape);
}

void resize(const ir::Graph &, const ir::Node &node, std::span<const Tensor *const> inputs,
            std::span<Tensor> outputs) {
  const auto scale = node.integers("scale");
  const ir::Shape in = inputs[0]->type.shape, out = outputs[0].type.shape;
  const auto source = [&](std::int64_t i) {
    const std::int64_t pixel = i / out.channels, channel = i % out.channels;
    const std::int64_t row = pixel / out.cols / scale[0], col = pixel % out.cols / scale[1];
    return (row * in.cols + col) * in.channels + channel;
  };
  move_elements(*inputs[0], outputs[0], out.elements(), source, same_place);
}

std::vector<Range> shrunk(int count, std::int64_t scale) {
  std::vector<Range> ranges(count);
  for (int i = 0; i < count; ++i) {
    const int at = static_cast<int>(i / scale);
    ranges[i] = {at, at + 1};
  }
  return ranges;
}

std::vector<Mode> resize_modes(const ir::Graph &graph, const ir::Node &node) {
  const ir::Shape &out = graph.value(node.outputs[0]).type.shape;
  const auto scale = node.integers("scale");
  Mode mode;
  mode.name = "window";
  mode.inputs = {{AccessKind::kWindow, shrunk(out.rows, scale[0]), shrunk(out.cols, scale[1])}};
  return {mode};
}

Kernels resize_kernels(const ir::Graph &graph, const ir::Node &node, const Numbers &, int) {
  const auto scale = node.integers("scale");
  Kernel kernel;
  kernel.file = kernel_file("resize_nearest", graph, node);
  kernel.sizes = {{"in_c", graph.value(node.inputs[0]).type.shape.channels},
                  {"scale_h", scale[0]},
                  {"scale_w", scale[1]}};
  return {.row = kernel};
}

}  // namespace

const Operator kResizeNearest = {
    .name = "ResizeNearest",
    .summary = "each pixel repeated by a whole number of rows and columns",
    .imports = resize_import_rules(),
    .infer = infer_resize,
    .eval_float = move_float<resize>,
    .eval_int = move_int<resize>,
    .modes = resize_modes,
    .kernels = resize_kernels,
    .quant_rule = Operator::QuantRule::kSameAsInput,
    .channelwise = true,
};

}  // namespace thimble::ops
