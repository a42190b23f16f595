// Shapes, windows, access, kernel arguments and import of pooling.
#include "ops/pooling.h"

#include <fmt/format.h>

#include <algorithm>

#include "ops/convolution_import.h"
#include "ops/infer.h"
#include "ops/quantized.h"
#include "ops/tflite_import.h"

namespace thimble::ops {
namespace {

constexpr std::int64_t kLargest = 1 << 15;

Axis pooling_axis(const ir::Node &node, int in, std::int64_t out, int i) {
  const auto kernel = node.integers("kernel");
  return {in,
          static_cast<int>(out),
          static_cast<int>(kernel[i]),
          static_cast<int>(node.integers("stride", kernel)[i]),
          static_cast<int>(node.integers("pad", {0, 0, 0, 0})[i]),
          false,
          static_cast<int>(node.integers("dilation", {1, 1})[i])};
}

// Input positions that output `i` does read.
std::vector<int> tapped(const Axis &axis, int i) {
  std::vector<int> positions;
  const Range range = taps(axis, i);
  for (int k = range.lo; k < range.hi; ++k)
    positions.push_back(i * axis.stride + k * axis.dilation - axis.pad);
  return positions;
}

bool every_window_reads(const Axis &axis) {
  for (int i = 0; i < axis.out; ++i)
    if (const Range range = taps(axis, i); range.lo >= range.hi) return false;
  return true;
}

// Positions along one axis. With ceil_mode one more where a rest is left, unless its window would
// start in the padding behind the input; `pad_after` grows to hold it.
std::int64_t pooled_size(std::int64_t in, std::int64_t span, std::int64_t stride,
                         std::int64_t pad_before, bool ceil, std::int64_t &pad_after) {
  const std::int64_t room = in + pad_before + pad_after - span;
  if (room < 0) return 0;
  std::int64_t out = (room + (ceil ? stride - 1 : 0)) / stride + 1;
  if (ceil && (out - 1) * stride >= in + pad_before) --out;
  pad_after += std::max<std::int64_t>((out - 1) * stride - room, 0);
  return out;
}

// Every position up to the last window's end lies in one, and no two windows begin in the same.
bool can_fold(const Axis &axis) {
  return axis.dilation == 1 && axis.pad < axis.stride && axis.stride <= axis.kernel;
}

}  // namespace

Pooling pooling_of(const ir::Graph &graph, const ir::Node &node) {
  const ir::Shape &in = graph.value(node.inputs[0]).type.shape;
  const ir::Shape &out = graph.value(node.outputs[0]).type.shape;
  return {pooling_axis(node, in.rows, out.rows, 0), pooling_axis(node, in.cols, out.cols, 1),
          in.channels};
}

Result<std::vector<ir::Type>> infer_pooling(const ir::Graph &graph, const ir::Node &node) {
  if (auto found = check_arity(graph, node, 1, 0); !found.empty()) return found;
  for (const auto &[key, size, least, required] : {std::tuple{"kernel", 2, 1, true},
                                                   {"stride", 2, 1, false},
                                                   {"dilation", 2, 1, false},
                                                   {"pad", 4, 0, false}})
    if (auto found = check_integers(node, key, size, least, kLargest, required); !found.empty())
      return found;
  const ir::Shape &in = graph.value(node.inputs[0]).type.shape;
  const auto pad = node.integers("pad", {0, 0, 0, 0});
  std::int64_t out[2];
  for (int i = 0; i < 2; ++i) {
    const int size = i == 0 ? in.rows : in.cols;
    const Axis axis = pooling_axis(node, size, 0, i);
    const std::int64_t room = size + pad[i] + pad[2 + i] - axis.span();
    out[i] = room < 0 ? 0 : room / axis.stride + 1;
  }
  TRY(const ir::Shape shape, checked_shape(node, out[0], out[1], in.channels));
  if (!every_window_reads(pooling_axis(node, in.rows, shape.rows, 0)) ||
      !every_window_reads(pooling_axis(node, in.cols, shape.cols, 1)))
    return node_error(
        node, "a window lies in the padding alone",
        fmt::format("kernel [{}], stride [{}], pad [{}]", fmt::join(node.integers("kernel"), ","),
                    fmt::join(node.integers("stride"), ","), fmt::join(pad, ",")));
  return output_type(graph, node, shape);
}

std::vector<Mode> pooling_modes(const ir::Graph &graph, const ir::Node &node) {
  const Pooling pooling = pooling_of(graph, node);
  // Taps that are not neighbours are looked up by row: no window slides over their columns.
  const bool slides = pooling.rows.dilation == 1 && pooling.cols.dilation == 1;
  Mode mode;
  mode.name = "window";
  mode.inputs = {{AccessKind::kWindow, all_reads(pooling.rows),
                  slides ? all_reads(pooling.cols) : std::vector<Range>{}}};
  mode.order = WriteOrder::kElement;
  return {mode};
}

std::optional<Mode> pool_folding_mode(const Axis &rows, const Axis &cols) {
  if (!can_fold(rows) || !can_fold(cols) || rows.kernel == 1 ||
      reads(cols, cols.out - 1).hi != cols.in)
    return std::nullopt;
  Mode mode;
  mode.name = "fold";
  mode.inputs = {{AccessKind::kAccumulate, all_reads(rows), all_reads(cols), true, true}};
  mode.order = WriteOrder::kElement;
  mode.in_output = true;
  return mode;
}

Kernel pooling_kernel(const std::string &name, const ir::Graph &graph, const ir::Node &node) {
  const Pooling pooling = pooling_of(graph, node);
  Kernel kernel;
  kernel.file = kernel_file(name, graph, node);
  kernel.sizes = {{"in_h", pooling.rows.in},
                  {"in_w", pooling.cols.in},
                  {"in_c", pooling.channels},
                  {"kernel_h", pooling.rows.kernel},
                  {"kernel_w", pooling.cols.kernel},
                  {"stride_h", pooling.rows.stride},
                  {"stride_w", pooling.cols.stride},
                  {"pad_top", pooling.rows.pad},
                  {"pad_left", pooling.cols.pad},
                  {"dilation_h", pooling.rows.dilation},
                  {"dilation_w", pooling.cols.dilation}};
  return kernel;
}

std::vector<std::size_t> pooled_elements(const Pooling &pooling, int y, int x) {
  std::vector<std::size_t> elements;
  const auto cols = tapped(pooling.cols, x);
  for (const int row : tapped(pooling.rows, y))
    for (const int col : cols)
      elements.push_back((std::size_t(row) * pooling.cols.in + col) * pooling.channels);
  return elements;
}

void import_pooling(Builder &builder, const ForeignNode &node, const std::string &op,
                    ir::Attributes attributes, bool counted) {
  const Imported *input = builder.activation(node, 0);
  if (!input) return;
  auto window = read_window(builder, node, input->dims, {});
  if (!window) return;
  const auto [channels, in] = picture_of(builder, input->dims);
  if (counted) attributes["counted"] = window->pad_attribute();
  const bool ceil = node.integer("ceil_mode", 0) != 0;
  Pair size;
  for (int i = 0; i < 2; ++i)
    size[i] = pooled_size(in[i], (window->kernel[i] - 1) * window->dilation[i] + 1,
                          window->stride[i], window->pad_before[i], ceil, window->pad_after[i]);
  if (size[0] < 1 || size[1] < 1)
    return builder.error(node, fmt::format("output would be {} x {}", size[0], size[1]),
                         "the kernel is larger than the padded input");
  attributes["kernel"] = std::vector<std::int64_t>{window->kernel[0], window->kernel[1]};
  attributes["stride"] = window->stride_attribute();
  attributes["pad"] = window->pad_attribute();
  if (window->dilation != Pair{1, 1}) attributes["dilation"] = window->dilation_attribute();
  const Dims dims = spatial_dims(builder, *window, channels, size);
  const ir::ValueId value =
      add_then_limit(builder, node, op, {input->value}, std::move(attributes));
  builder.bind(node.outputs.at(0), value, dims);
}

}  // namespace thimble::ops
