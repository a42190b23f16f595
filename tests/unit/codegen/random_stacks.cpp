// Writes a stack layer by layer: every layer draws its geometry so that the map keeps three rows
// and columns or more where it had them, and does not grow past a few hundred pixels.
#include "random_stacks.h"

#include <fmt/format.h>

#include <algorithm>

#include "host_program.h"
#include "ops/evaluate.h"

namespace thimble::codegen {
namespace {

constexpr int kLargestKernel = 5, kLargestStride = 3;
constexpr int kLeastSize = 3;  // rows or columns that a layer leaves, if it had them
constexpr int kMostSize = 24;  // rows or columns that a transposed convolution may make by stride
constexpr int kWideChannels[] = {9, 16};

// One axis of a window.
struct Axis {
  int kernel = 1, stride = 1, before = 0, after = 0, output_padding = 0;
  int out = 0;
};

class Stack {
 public:
  explicit Stack(unsigned seed) : state_(seed * 2654435761u + 12345u) {
    rows_ = draw(6, 14), cols_ = draw(5, 12), channels_ = draw(1, 3);
  }

  std::string text(const std::string &name) {
    const std::string input = fmt::format("{}x{}x{}", rows_, cols_, channels_);
    for (int layers = draw(2, 5); layers > 0; --layers) add_layer();
    return fmt::format("graph {}\ninput x: f32[{}]\n{}output {} dims [1, {}, {}, {}]\n{}", name,
                       input, nodes_, value_, channels_, rows_, cols_, constants_);
  }

 private:
  int draw(int low, int high) {  // both included
    state_ = state_ * 1664525u + 1013904223u;
    return low + static_cast<int>((state_ >> 9) % static_cast<unsigned>(high - low + 1));
  }

  void add_layer() {
    switch (draw(0, 8)) {
      case 0:
        return add_pool();
      case 1:
      case 2:
        return add_transposed();
      case 3:
        return add_elementwise();
      case 4:
        return add_skip();
      case 5:
      case 6:
        return add_narrowing();
      default:
        return add_convolution(draw(1, 4));
    }
  }

  Axis draw_axis(int size, int most_kernel, int most_stride) {
    Axis axis;
    axis.kernel = draw(1, std::min(most_kernel, size));
    axis.stride = draw(1, most_stride);
    axis.before = draw(0, axis.kernel - 1);
    axis.after = draw(0, axis.kernel - 1);
    const auto out = [&] {
      return (size + axis.before + axis.after - axis.kernel) / axis.stride + 1;
    };
    while (out() < kLeastSize && axis.stride > 1) --axis.stride;
    if (out() < kLeastSize) axis.before = axis.after = axis.kernel - 1;
    axis.out = out();
    return axis;
  }

  Axis draw_transposed_axis(int size) {
    Axis axis;
    axis.kernel = draw(1, kLargestKernel);
    axis.stride = draw(1, std::clamp(kMostSize / size, 1, kLargestStride));
    axis.before = draw(0, axis.kernel - 1);
    axis.after = draw(0, axis.kernel - 1);
    axis.output_padding = draw(0, axis.stride - 1);
    const auto out = [&] {
      return (size - 1) * axis.stride + axis.kernel - axis.before - axis.after +
             axis.output_padding;
    };
    if (out() < kLeastSize) axis.before = axis.after = 0;
    axis.out = out();
    return axis;
  }

  void add_convolution(int channels, int most_stride = kLargestStride) {
    const Axis rows = draw_axis(rows_, kLargestKernel, most_stride);
    const Axis cols = draw_axis(cols_, kLargestKernel, most_stride);
    add_convolving("Conv2d", rows, cols, channels, "");
  }

  void add_transposed() {
    const Axis rows = draw_transposed_axis(rows_), cols = draw_transposed_axis(cols_);
    add_convolving(
        "ConvTranspose2d", rows, cols, draw(1, 4),
        fmt::format(", output_padding = [{}, {}]", rows.output_padding, cols.output_padding));
  }

  void add_narrowing() {
    add_convolution(draw(kWideChannels[0], kWideChannels[1]), 1);
    if (draw(0, 1)) add_elementwise();
    add_convolution(draw(1, 2), 1);
  }

  // Odd kernels whose padding keeps the size.
  void add_skip() {
    const std::string from = value_;
    const auto same = [&](int size) {
      const int half = draw(0, 2);
      return Axis{2 * half + 1, 1, half, half, 0, size};
    };
    const Axis rows = same(rows_), cols = same(cols_);
    add_convolving("Conv2d", rows, cols, channels_, "");
    add_node(fmt::format("Add({}, {})", value_, from));
  }

  void add_pool() {
    const Axis rows = draw_axis(rows_, 3, 2), cols = draw_axis(cols_, 3, 2);
    if (!windows_meet_input(rows, rows_) || !windows_meet_input(cols, cols_)) return add_pool();
    add_node(fmt::format("MaxPool2d({}) {{kernel = [{}, {}], {}}}", value_, rows.kernel,
                         cols.kernel, strides_and_pads(rows, cols)));
    rows_ = rows.out, cols_ = cols.out;
  }

  static bool windows_meet_input(const Axis &axis, int size) {
    return (axis.out - 1) * axis.stride - axis.before < size;
  }

  void add_elementwise() {
    constexpr const char *kOps[] = {"Relu", "Sigmoid", "HardSwish"};
    add_node(fmt::format("{}({})", kOps[draw(0, 2)], value_));
  }

  void add_convolving(const char *op, const Axis &rows, const Axis &cols, int channels,
                      const std::string &more) {
    constants_ +=
        fmt::format("const w{}: f32[{}, {}, {}, {}] = random({}, {:.2f})\n", count_, channels,
                    rows.kernel, cols.kernel, channels_, draw(1, 9999), channels_ > 4 ? 0.2 : 0.4);
    constants_ +=
        fmt::format("const b{}: f32[{}] = random({}, 0.2)\n", count_, channels, draw(1, 9999));
    add_node(fmt::format("{0}({1}; w{2}, b{2}) {{{3}{4}}}", op, value_, count_,
                         strides_and_pads(rows, cols), more));
    rows_ = rows.out, cols_ = cols.out, channels_ = channels;
  }

  static std::string strides_and_pads(const Axis &rows, const Axis &cols) {
    return fmt::format("stride = [{}, {}], pad = [{}, {}, {}, {}]", rows.stride, cols.stride,
                       rows.before, cols.before, rows.after, cols.after);
  }

  void add_node(const std::string &call) {
    value_ = "n" + std::to_string(count_++);
    nodes_ += fmt::format("node {0}: {1} -> {0}\n", value_, call);
  }

  unsigned state_;
  int rows_ = 0, cols_ = 0, channels_ = 0, count_ = 0;
  std::string value_ = "x", nodes_, constants_;
};

}  // namespace

Network random_stack(unsigned seed) {
  const std::string name = "stack" + std::to_string(seed);
  return {name, Stack(seed).text(name)};
}

ir::Graph next_telling_stack(unsigned &seed, const Variant &variant) {
  while (true) {
    ir::Graph graph = prepare(random_stack(seed++), variant);
    const auto outputs =
        ops::evaluate_outputs(graph, {variant.requant}, random_inputs(graph, kInputSeed));
    if (!is_constant(outputs[0])) return graph;
  }
}

}  // namespace thimble::codegen
