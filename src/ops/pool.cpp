// MaxPool2d: attributes kernel, stride {rows, columns} and pad {top, left, bottom, right}. Padding
// never wins: windows are clipped to the input. ceil_mode of a file becomes padding at the end, so
// a window may reach past the input there but always covers some of it.
#include <fmt/format.h>

#include <algorithm>

#include "ops/axis.h"
#include "ops/convolution_import.h"
#include "ops/families.h"
#include "ops/infer.h"
#include "ops/quantized.h"

namespace thimble::ops {
namespace {

struct Pool {
  Axis rows, cols;
  int channels;
};

Pool pool_of(const ir::Graph &graph, const ir::Node &node) {
  const ir::Shape &in = graph.value(node.inputs[0]).type.shape;
  const ir::Shape &out = graph.value(node.outputs[0]).type.shape;
  const auto kernel = node.integers("kernel");
  const auto stride = node.integers("stride", kernel);
  const auto pad = node.integers("pad", {0, 0, 0, 0});
  const auto axis = [&](int in_size, int out_size, int i) {
    return Axis{in_size, out_size, int(kernel[i]), int(stride[i]), int(pad[i])};
  };
  return {axis(in.rows, out.rows, 0), axis(in.cols, out.cols, 1), in.channels};
}

Result<std::vector<ir::Type>> infer(const ir::Graph &graph, const ir::Node &node) {
  if (auto found = check_arity(graph, node, 1, 0); !found.empty()) return found;
  for (const auto &[key, size, least, required] :
       {std::tuple{"kernel", 2, 1, true}, {"stride", 2, 1, false}, {"pad", 4, 0, false}})
    if (auto found = check_integers(node, key, size, least, 1 << 15, required); !found.empty())
      return found;
  const ir::Shape &in = graph.value(node.inputs[0]).type.shape;
  const auto kernel = node.integers("kernel");
  const auto stride = node.integers("stride", kernel);
  const auto pad = node.integers("pad", {0, 0, 0, 0});
  std::int64_t out[2];
  for (int i = 0; i < 2; ++i) {
    const std::int64_t size = i == 0 ? in.rows : in.cols;
    const std::int64_t room = size + pad[i] + pad[2 + i] - kernel[i];
    out[i] = room < 0 ? 0 : room / stride[i] + 1;
    if (pad[i] >= kernel[i] || (out[i] - 1) * stride[i] - pad[i] >= size)
      return node_error(node, "a window lies in the padding alone",
                        fmt::format("kernel [{}], stride [{}], pad [{}]", fmt::join(kernel, ","),
                                    fmt::join(stride, ","), fmt::join(pad, ",")));
  }
  TRY(const ir::Shape shape, checked_shape(node, out[0], out[1], in.channels));
  return output_type(graph, node, shape);
}

template <class T>
void pool(const Pool &pool, const std::vector<T> &input, std::vector<T> &output) {
  output.clear();
  for (int y = 0; y < pool.rows.out; ++y) {
    const Range rows = reads(pool.rows, y);
    for (int x = 0; x < pool.cols.out; ++x) {
      const Range cols = reads(pool.cols, x);
      for (int c = 0; c < pool.channels; ++c) {
        const auto at = [&](int row, int col) {
          return input[(std::size_t(row) * pool.cols.in + col) * pool.channels + c];
        };
        T most = at(rows.lo, cols.lo);
        for (int r = rows.lo; r < rows.hi; ++r)
          for (int k = cols.lo; k < cols.hi; ++k) most = std::max(most, at(r, k));
        output.push_back(most);
      }
    }
  }
}

void eval_float(const ir::Graph &graph, const ir::Node &node, std::span<const Tensor *const> inputs,
                std::span<Tensor> outputs) {
  pool(pool_of(graph, node), inputs[0]->f32, outputs[0].f32);
}

void eval_int(const ir::Graph &graph, const ir::Node &node, const Numbers &,
              std::span<const Tensor *const> inputs, std::span<Tensor> outputs) {
  pool(pool_of(graph, node), inputs[0]->i8, outputs[0].i8);
}

std::vector<Mode> modes(const ir::Graph &graph, const ir::Node &node) {
  const Pool pool = pool_of(graph, node);
  Mode mode;
  mode.name = "window";
  mode.inputs = {{AccessKind::kWindow, all_reads(pool.rows), all_reads(pool.cols)}};
  mode.order = WriteOrder::kElement;
  return {mode};
}

Kernels kernels(const ir::Graph &graph, const ir::Node &node, const Numbers &, int) {
  const Pool pool = pool_of(graph, node);
  Kernel kernel;
  kernel.file = kernel_file("max_pool2d", graph, node);
  kernel.sizes = {{"in_h", pool.rows.in},         {"in_w", pool.cols.in},
                  {"in_c", pool.channels},        {"kernel_h", pool.rows.kernel},
                  {"kernel_w", pool.cols.kernel}, {"stride_h", pool.rows.stride},
                  {"stride_w", pool.cols.stride}, {"pad_top", pool.rows.pad},
                  {"pad_left", pool.cols.pad}};
  Kernels kernels;
  kernels.row = std::move(kernel);
  return kernels;
}

// Positions along one axis. With ceil_mode one more where a rest is left, unless its window would
// start in the padding behind the input; `pad_after` grows to hold it.
std::int64_t pooled_size(std::int64_t in, std::int64_t kernel, std::int64_t stride,
                         std::int64_t pad_before, bool ceil, std::int64_t &pad_after) {
  const std::int64_t room = in + pad_before + pad_after - kernel;
  if (room < 0) return 0;
  std::int64_t out = (room + (ceil ? stride - 1 : 0)) / stride + 1;
  if (ceil && (out - 1) * stride >= in + pad_before) --out;
  pad_after += std::max<std::int64_t>((out - 1) * stride - room, 0);
  return out;
}

void import_max_pool(Builder &builder, const ForeignNode &node) {
  const Imported *input = builder.activation(node, 0);
  if (!input) return;
  auto window = read_window(builder, node, input->dims, {});
  if (!window) return;
  if (window->dilation != Pair{1, 1})
    builder.error(node, fmt::format("dilation = [{},{}] is not supported yet", window->dilation[0],
                                    window->dilation[1]));
  const Pair in{input->dims[2], window->axes == 2 ? input->dims[3] : 1};
  const bool ceil = node.integer("ceil_mode", 0) != 0;
  Pair size;
  for (int i = 0; i < 2; ++i)
    size[i] = pooled_size(in[i], window->kernel[i], window->stride[i], window->pad_before[i], ceil,
                          window->pad_after[i]);
  if (size[0] < 1 || size[1] < 1)
    return builder.error(node, fmt::format("output would be {} x {}", size[0], size[1]),
                         "the kernel is larger than the padded input");
  const ir::ValueId value =
      builder.add(node, "MaxPool2d", {input->value}, {},
                  {{"kernel", std::vector<std::int64_t>{window->kernel[0], window->kernel[1]}},
                   {"stride", window->stride_attribute()},
                   {"pad", window->pad_attribute()}});
  if (!node.outputs.empty())
    builder.bind(node.outputs[0], value, spatial_dims(*window, input->dims[1], size));
}

}  // namespace

const Operator kMaxPool2d = {
    .name = "MaxPool2d",
    .summary = "maximum over a sliding window",
    .imports = {{"onnx", "MaxPool", import_max_pool},
                {"aten", "max_pool2d.default", import_max_pool},
                {"aten", "max_pool1d.default", import_max_pool},
                {"aten", "max_pool2d_with_indices.default", import_max_pool}},
    .infer = infer,
    .eval_float = eval_float,
    .eval_int = eval_int,
    .modes = modes,
    .kernels = kernels,
    .quant_rule = Operator::QuantRule::kSameAsInput,
};

}  // namespace thimble::ops
