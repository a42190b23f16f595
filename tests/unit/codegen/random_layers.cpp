#include "random_layers.h"

#include <fmt/format.h>

#include <algorithm>

namespace thimble::codegen {
namespace {

constexpr int kLeastSize = 3;  // rows or columns that a layer leaves, if it had them
constexpr int kMostSize = 24;  // rows or columns that a transposed convolution may make by stride

std::string window_text(const WindowAxis &rows, const WindowAxis &cols) {
  std::string text = fmt::format("stride = [{}, {}], pad = [{}, {}, {}, {}]", rows.stride,
                                 cols.stride, rows.before, cols.before, rows.after, cols.after);
  if (rows.dilation > 1 || cols.dilation > 1)
    text += fmt::format(", dilation = [{}, {}]", rows.dilation, cols.dilation);
  return text;
}

// Every window holds an element of the input.
bool windows_meet_input(const WindowAxis &axis, int size) {
  const int span = (axis.kernel - 1) * axis.dilation + 1;
  return axis.before < span && (axis.out - 1) * axis.stride - axis.before < size &&
         (axis.dilation == 1 || (axis.before == 0 && axis.after == 0));
}

}  // namespace

int LayerWriter::draw(int low, int high) {
  state_ = state_ * 1664525u + 1013904223u;
  return low + static_cast<int>((state_ >> 9) % static_cast<unsigned>(high - low + 1));
}

Map LayerWriter::input(int rows, int cols, int channels) {
  input_ = fmt::format("input x: f32[{}x{}x{}]\n", rows, cols, channels);
  return {"x", rows, cols, channels};
}

Map LayerWriter::node(const std::string &call, Map out) {
  out.name = "n" + std::to_string(count_++);
  nodes_ += fmt::format("node {0}: {1} -> {0}\n", out.name, call);
  return out;
}

WindowAxis LayerWriter::draw_axis(int size, int most_kernel, int most_stride, int most_dilation) {
  WindowAxis axis;
  axis.kernel = draw(1, std::min(most_kernel, size));
  axis.stride = draw(1, most_stride);
  if (most_dilation > 1 && (axis.kernel - 1) * most_dilation < size)
    axis.dilation = draw(1, most_dilation);
  const int span = (axis.kernel - 1) * axis.dilation + 1;
  axis.before = draw(0, span - 1);
  axis.after = draw(0, span - 1);
  const auto out = [&] { return (size + axis.before + axis.after - span) / axis.stride + 1; };
  while (out() < kLeastSize && axis.stride > 1) --axis.stride;
  if (out() < kLeastSize) axis.before = axis.after = span - 1;
  axis.out = out();
  return axis;
}

WindowAxis LayerWriter::draw_same_axis(int size, int most_half) {
  const int half = draw(0, most_half);
  WindowAxis axis;
  axis.kernel = 2 * half + 1;
  axis.before = axis.after = half;
  axis.out = size;
  return axis;
}

WindowAxis LayerWriter::draw_transposed_axis(int size) {
  WindowAxis axis;
  axis.kernel = draw(1, kLargestKernel);
  axis.stride = draw(1, std::clamp(kMostSize / size, 1, kLargestStride));
  axis.before = draw(0, axis.kernel - 1);
  axis.after = draw(0, axis.kernel - 1);
  axis.output_padding = draw(0, axis.stride - 1);
  const auto out = [&] {
    return (size - 1) * axis.stride + axis.kernel - axis.before - axis.after + axis.output_padding;
  };
  if (out() < kLeastSize) axis.before = axis.after = 0;
  axis.out = out();
  return axis;
}

Map LayerWriter::convolved(const char *op, const Map &from, const WindowAxis &rows,
                           const WindowAxis &cols, int channels, int groups,
                           const std::string &more) {
  const int depth = from.channels / groups;
  constants_ +=
      fmt::format("const w{}: f32[{}, {}, {}, {}] = random({}, {:.2f})\n", count_, channels,
                  rows.kernel, cols.kernel, depth, draw(1, 9999), depth > 4 ? 0.2 : 0.4);
  constants_ +=
      fmt::format("const b{}: f32[{}] = random({}, 0.2)\n", count_, channels, draw(1, 9999));
  const std::string grouped = groups > 1 ? fmt::format(", groups = {}", groups) : "";
  return node(fmt::format("{0}({1}; w{2}, b{2}) {{{3}{4}{5}}}", op, from.name, count_,
                          window_text(rows, cols), grouped, more),
              {{}, rows.out, cols.out, channels});
}

Map LayerWriter::transposed(const Map &from) {
  const WindowAxis rows = draw_transposed_axis(from.rows), cols = draw_transposed_axis(from.cols);
  return convolved(
      "ConvTranspose2d", from, rows, cols, draw(1, 4), 1,
      fmt::format(", output_padding = [{}, {}]", rows.output_padding, cols.output_padding));
}

Map LayerWriter::pooled(const char *op, const Map &from, const WindowAxis &rows,
                        const WindowAxis &cols) {
  return node(fmt::format("{}({}) {{kernel = [{}, {}], {}}}", op, from.name, rows.kernel,
                          cols.kernel, window_text(rows, cols)),
              {{}, rows.out, cols.out, from.channels});
}

Map LayerWriter::pooled(const char *op, const Map &from) {
  while (true) {
    const WindowAxis rows = draw_axis(from.rows, 3, 2), cols = draw_axis(from.cols, 3, 2);
    if (windows_meet_input(rows, from.rows) && windows_meet_input(cols, from.cols))
      return pooled(op, from, rows, cols);
  }
}

Map LayerWriter::elementwise(const Map &from) {
  constexpr const char *kOps[] = {"Relu", "Sigmoid", "HardSwish"};
  return node(fmt::format("{}({})", kOps[draw(0, 2)], from.name), from);
}

Map LayerWriter::sum(const Map &a, const Map &b) {
  return node(fmt::format("Add({}, {})", a.name, b.name), a);
}

Map LayerWriter::linear(const Map &from, int outputs) {
  constants_ += fmt::format("const w{}: f32[{}, {}] = random({}, 0.3)\n", count_, outputs,
                            from.rows * from.cols * from.channels, draw(1, 9999));
  constants_ +=
      fmt::format("const b{}: f32[{}] = random({}, 0.2)\n", count_, outputs, draw(1, 9999));
  return node(fmt::format("Linear({0}; w{1}, b{1}) {{out_shape = [1, 1, {2}]}}", from.name, count_,
                          outputs),
              {{}, 1, 1, outputs});
}

Network LayerWriter::network(const std::string &name, const Map &output) const {
  return {name,
          fmt::format("graph {}\n{}{}output {} dims [1, {}, {}, {}]\n{}", name, input_, nodes_,
                      output.name, output.channels, output.rows, output.cols, constants_)};
}

}  // namespace thimble::codegen
