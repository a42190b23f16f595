// Shapes, sums, access and kernel arguments of convolutions, forward and transposed.
#include "ops/convolution.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "ops/byte_pairs.h"
#include "ops/copied_windows.h"
#include "ops/fours.h"
#include "ops/fused.h"
#include "ops/infer.h"
#include "ops/offset_weights.h"
#include "ops/pixel_twins.h"
#include "ops/quantized.h"
#include "ops/weight_code.h"

namespace thimble::ops {
namespace {

constexpr std::int64_t kMaxStride = 1 << 15;

// Where taps of a window lie that are neighbours: first and number of the input's elements, and of
// the weights they meet in a filter.
struct Run {
  std::size_t input, weight;
  int length;
};

// Input positions that an output position reads along one axis, each with its kernel index.
using AxisTaps = std::vector<std::vector<std::pair<int, int>>>;

AxisTaps axis_taps(const Axis &axis) {
  AxisTaps all(axis.out);
  for (int i = 0; i < axis.out; ++i) {
    const Range range = reads(axis, i);
    for (int j = range.lo; j < range.hi; ++j)
      if (const auto k = tap(axis, i, j)) all[i].emplace_back(j, *k);
  }
  return all;
}

void find_runs(const Convolution &conv, const AxisTaps::value_type &rows,
               const AxisTaps::value_type &cols, std::vector<Run> &runs) {
  runs.clear();
  const int length = conv.group_in();
  for (const auto &[r, ky] : rows)
    for (const auto &[c, kx] : cols) {
      const Run run{(std::size_t(r) * conv.cols.in + c) * conv.in_c,
                    (std::size_t(ky) * conv.cols.kernel + kx) * length, length};
      if (!runs.empty() && run.input == runs.back().input + runs.back().length &&
          run.weight == runs.back().weight + runs.back().length)
        runs.back().length += length;
      else
        runs.push_back(run);
    }
}

// Acc: double or int32. finish(channel, sum) makes the output element.
template <class Acc, class T, class Out, class Finish>
void convolve(const Convolution &conv, const std::vector<T> &input, const std::vector<T> &weight,
              std::vector<Out> &output, Finish finish) {
  Out *out = output.data();
  const AxisTaps rows = axis_taps(conv.rows), cols = axis_taps(conv.cols);
  const std::size_t filter_size = weight.size() / conv.out_c;
  std::vector<Run> runs;
  for (int y = 0; y < conv.rows.out; ++y) {
    for (int x = 0; x < conv.cols.out; ++x) {
      find_runs(conv, rows[y], cols[x], runs);
      for (int o = 0; o < conv.out_c; ++o) {
        const T *group = input.data() + o / conv.group_out() * conv.group_in();
        const T *filter = &weight[o * filter_size];
        Acc sum = 0;
        for (const Run &run : runs)
          for (int i = 0; i < run.length; ++i)
            sum += Acc(group[run.input + i]) * Acc(filter[run.weight + i]);
        *out++ = finish(o, sum);
      }
    }
  }
}

}  // namespace

bool is_gathered(const Convolution &conv) {
  return conv.rows.kernel * conv.cols.kernel > 1 || conv.rows.pad > 0 || conv.cols.pad > 0 ||
         conv.in_c % 4 != 0 ||
         conv.rows.out * conv.rows.stride > conv.rows.in + conv.rows.stride - 1 ||
         conv.cols.out * conv.cols.stride > conv.cols.in + conv.cols.stride - 1;
}

Convolution convolution_of(const ir::Graph &graph, const ir::Node &node, bool transposed) {
  const ir::Shape &in = graph.value(node.inputs[0]).type.shape;
  const ir::Shape &out = graph.value(node.outputs[0]).type.shape;
  const std::vector<int> &kernel = graph.constant(node.constants[0]).dims;
  const auto stride = node.integers("stride", {1, 1});
  const auto pad = node.integers("pad", {0, 0, 0, 0});
  const auto dilation = node.integers("dilation", {1, 1});
  const auto axis = [&](int in_size, int out_size, int i) {
    return Axis{in_size,     out_size,   kernel[1 + i],   int(stride[i]),
                int(pad[i]), transposed, int(dilation[i])};
  };
  return {axis(in.rows, out.rows, 0), axis(in.cols, out.cols, 1), in.channels, out.channels,
          static_cast<int>(node.integer("groups", 1))};
}

Result<std::vector<ir::Type>> infer_convolution(const ir::Graph &graph, const ir::Node &node,
                                                OutSize out_size) {
  if (auto found = check_arity(graph, node, 1, 2); !found.empty()) return found;
  if (auto found = check_integers(node, "stride", 2, 1, kMaxStride); !found.empty()) return found;
  if (auto found = check_integers(node, "dilation", 2, 1, kMaxStride); !found.empty()) return found;
  if (auto found = check_integers(node, "pad", 4, 0, kMaxStride); !found.empty()) return found;
  const ir::Shape &in = graph.value(node.inputs[0]).type.shape;
  const std::vector<int> kernel = graph.constant(node.constants[0]).dims;
  if (kernel.size() != 4) return node_error(node, "weight is not [out][rows][columns][in]");
  const std::int64_t groups = node.integer("groups", 1);
  if (groups < 1 || in.channels % groups != 0 || kernel[0] % groups != 0)
    return node_error(node, fmt::format("{} groups of {} input and {} output channels", groups,
                                        in.channels, kernel[0]));
  const int group_in = static_cast<int>(in.channels / groups);
  if (auto found = check_weights(graph, node, {kernel[0], kernel[1], kernel[2], group_in});
      !found.empty())
    return found;
  const auto stride = node.integers("stride", {1, 1});
  const auto pad = node.integers("pad", {0, 0, 0, 0});
  const auto dilation = node.integers("dilation", {1, 1});
  const auto size = [&](std::int64_t in_size, int i) {
    const std::int64_t span = (kernel[1 + i] - 1) * dilation[i] + 1;
    return out_size(node, in_size, span, stride[i], pad[i] + pad[2 + i], i);
  };
  TRY(const ir::Shape shape, checked_shape(node, size(in.rows, 0), size(in.cols, 1), kernel[0]));
  return output_type(graph, node, shape);
}

void convolve_float(const ir::Graph &graph, const ir::Node &node, const Convolution &conv,
                    const Tensor &input, Tensor &output) {
  const auto &weight = std::get<std::vector<float>>(graph.constant(node.constants[0]).data);
  const auto &bias = std::get<std::vector<float>>(graph.constant(node.constants[1]).data);
  const RealLimits limits = real_limits(node);
  output.f32.resize(output.type.shape.elements());
  convolve<double>(conv, input.f32, weight, output.f32, [&](int channel, double sum) {
    return limits.clamp(static_cast<float>(sum + bias[channel]));
  });
}

void convolve_int(const ir::Graph &graph, const ir::Node &node, const Convolution &conv,
                  const Numbers &numbers, const Tensor &input, Tensor &output) {
  const auto &weight = std::get<std::vector<std::int8_t>>(graph.constant(node.constants[0]).data);
  const Requantizer finish = requantizer(graph, node, numbers);
  output.i8.resize(output.type.shape.elements());
  std::vector<std::int16_t> above_zero(input.i8.begin(), input.i8.end());
  for (std::int16_t &x : above_zero) x = static_cast<std::int16_t>(x - finish.in_zero);
  convolve<std::int32_t>(conv, above_zero, {weight.begin(), weight.end()}, output.i8, finish);
}

namespace {

// Of a channel on its own: sums of eight channels, and four halfwords each of four channels of a
// column; pixels side by side are made three at a time.
std::int64_t plane_bytes(const Convolution &conv) {
  const std::int64_t pixels = conv.cols.stride == 1 ? (conv.cols.out + 2) / 3 * 3 : conv.cols.out;
  return 32 * pixels + 32 * ((pixels - 1) * conv.cols.stride + 3);
}

// Elements of a kernel column, filled up to whole fours.
int column_elements(const Convolution &conv) { return padded_run(conv.rows.kernel * conv.in_c); }

std::int64_t window_bytes(const Convolution &conv) {
  return padded_run(conv.rows.kernel * conv.cols.kernel * conv.in_c);
}

// Columns of windows of so many neighbours.
std::int64_t columns_of(const Convolution &conv, int pixels) {
  return std::int64_t{pixels - 1} * conv.cols.stride + conv.cols.kernel;
}

// Of `pixels` made at once the sums of two, a pixel of zero points, and the columns of both halves'
// windows, two bytes an element.
std::int64_t summed_bytes(const Convolution &conv, int pixels) {
  return std::int64_t{8} * padded_run(conv.out_c) + padded_run(conv.in_c) +
         4 * columns_of(conv, (pixels + 1) / 2) * column_elements(conv);
}

// Of those made in threes as well three windows, and the columns that they are gathered from.
std::int64_t threes_bytes(const Convolution &conv, int pixels) {
  const std::int64_t gathered = columns_of(conv, pixels) * conv.rows.kernel * conv.in_c + 3;
  return 6 * window_bytes(conv) + (is_gathered(conv) ? gathered : 0);
}

std::int64_t widened_bytes(const ir::Node &node, const Convolution &conv, int pixels) {
  const std::int64_t summed = summed_bytes(conv, pixels);
  return is_in_threes(node) ? std::max(summed, threes_bytes(conv, pixels)) : summed;
}

constexpr std::int64_t kMostWidenedBytes = 6144;

// A row, or as many pairs of pixels as have their windows in that many bytes.
int pixels_at_once(const ir::Node &node, const Convolution &conv) {
  int pixels = conv.cols.out;
  while (pixels > 2 && widened_bytes(node, conv, pixels) > kMostWidenedBytes)
    pixels = (pixels - 1) / 2 * 2;
  return pixels;
}

// How eights read them: as runs of neighbours where these are whole fours, of which a kernel keeps
// nine, else copied.
enum class WindowForm { kPixel, kSplit, kGathered };

WindowForm window_form(const Convolution &conv) {
  if (!is_gathered(conv)) return WindowForm::kPixel;
  const bool are_runs = conv.in_c % 4 == 0 && conv.rows.kernel * conv.cols.kernel <= 9;
  return are_runs ? WindowForm::kSplit : WindowForm::kGathered;
}

}  // namespace

std::vector<Mode> convolution_modes(const ir::Node &node, const Convolution &conv) {
  Mode mode;
  mode.name = "window";
  // Taps that are not neighbours are looked up by row: no window slides over their columns.
  const bool slides = !conv.is_dilated() && !(conv.rows.transposed && conv.groups > 1);
  mode.inputs = {{AccessKind::kWindow, all_reads(conv.rows),
                  slides ? all_reads(conv.cols) : std::vector<Range>{}, true}};
  if (is_in_fours(node)) return {mode};
  if (is_in_eights(node)) {
    mode.workspace_bytes = window_form(conv) == WindowForm::kGathered ? window_bytes(conv) : 0;
  } else if (is_paired(node)) {
    mode.workspace_bytes =
        conv.groups > 1 ? plane_bytes(conv) : widened_bytes(node, conv, pixels_at_once(node, conv));
  } else if (copies_windows(node)) {
    mode.workspace_bytes = copied_bytes(conv);
  }
  if (is_in_eights(node) || is_paired(node) || copies_windows(node)) {
    mode.alignment = 4;
    mode.by_rows = true;
  }
  if (is_twin(node)) {
    mode.workspace_bytes =
        std::int64_t{4} * conv.rows.kernel * conv.cols.kernel * conv.in_c;  // a word for two values
    mode.alignment = 4;
    mode.by_rows = true;
  }
  return {mode};
}

namespace {

// int32_t full_bias[row phase][column phase][out]: the bias less in_zero times the sum of the
// weights that an output pixel of that phase meets when all of its window lies inside the input. A
// forward convolution has one phase, a transposed one has stride_h * stride_w.
Table full_bias_table(const ir::Graph &graph, const ir::Node &node, const Convolution &conv) {
  const auto &bias = std::get<std::vector<std::int32_t>>(graph.constant(node.constants[1]).data);
  const int row_phases = conv.rows.transposed ? conv.rows.stride : 1;
  const int col_phases = conv.cols.transposed ? conv.cols.stride : 1;
  std::vector<std::int64_t> full(std::size_t(row_phases) * col_phases * conv.out_c);
  for (std::size_t i = 0; i < full.size(); ++i) full[i] = bias[i % conv.out_c];
  const std::vector<std::int64_t> shares = zero_point_shares(graph, node);
  const std::int64_t *share = shares.data();
  for (int c = 0; c < conv.out_c; ++c)
    for (int ky = 0; ky < conv.rows.kernel; ++ky)
      for (int kx = 0; kx < conv.cols.kernel; ++kx)
        full[(ky % row_phases * col_phases + kx % col_phases) * conv.out_c + c] -= *share++;
  return int32_table("full_bias", std::move(full));
}

// A transposed convolution of stride 1 is a forward one with its kernel turned round, as
// taps_by_phase has it.
bool is_turned_forward(const Convolution &conv) {
  return conv.is_plain() && conv.rows.transposed && conv.rows.stride == 1 && conv.cols.stride == 1;
}

// From weights [out][kernel row][kernel column][in] to [out][row phase][column phase][tap row]
// [tap column][in]; the same for a forward convolution, of one phase.
void order_taps(Table &table, const Convolution &conv) {
  auto &data = std::get<std::vector<std::int64_t>>(table.data);
  const std::vector<std::int64_t> stored = data;
  const auto rows = taps_by_phase(conv.rows), cols = taps_by_phase(conv.cols);
  auto next = data.begin();
  const auto put = [&](int c, int ky, int kx) {
    const std::int64_t tap = (std::int64_t{c} * conv.rows.kernel + ky) * conv.cols.kernel + kx;
    next = std::copy_n(stored.begin() + tap * conv.in_c, conv.in_c, next);
  };
  for (int c = 0; c < conv.out_c; ++c)
    for (const auto &row_phase : rows)
      for (const auto &col_phase : cols)
        for (const int ky : row_phase)
          for (const int kx : col_phase) put(c, ky, kx);
}

// Whether no window reaches outside of the input.
bool stays_inside(const Convolution &conv) {
  const auto stays = [](const Axis &axis) {
    return !axis.transposed && axis.pad == 0 &&
           (axis.out - 1) * axis.stride + axis.span() <= axis.in;
  };
  return stays(conv.rows) && stays(conv.cols);
}

// Kernel rows whose places an offset kernel keeps (conv2d_o8.c).
constexpr int kMostOffsetRows = 5;

// Kernels of groups, and of transposed depthwise convolutions, have no codes.
void code_weights(Kernel &kernel, const ir::Graph &graph, const ir::Node &node,
                  const Convolution &conv, const Numbers &numbers) {
  const bool is_conv2d = kernel.file == "conv2d_i8";
  if (!is_conv2d && kernel.file != "conv_transpose2d_i8" && kernel.file != "depthwise2d_i8") return;
  const std::vector<std::int64_t> &weights = integers(kernel.tables.front());
  std::vector<CodedWeights> codes = packed_weights(weights, conv.out_c);
  // Who rounded weights to few levels wants few bytes of them.
  const bool is_small = !codes.empty() && numbers.chooses_codes();
  if (is_conv2d) std::ranges::move(sparse_weights(weights), std::back_inserter(codes));
  if (!is_small && conv.is_plain() && conv.rows.kernel <= kMostOffsetRows)
    std::ranges::move(offset_weights(graph, node, weights, stays_inside(conv), numbers),
                      std::back_inserter(codes));
  take_code(kernel, codes, numbers);
  if (kernel.file == "conv2d_i8" || is_stream(kernel.file))
    kernel.sizes.emplace_back("inside", stays_inside(conv));
}

// From weights [out][kernel row][kernel column][in] to [out][kernel column][kernel row][in].
std::vector<std::int64_t> by_columns(const std::vector<std::int64_t> &weights,
                                     const Convolution &conv) {
  std::vector<std::int64_t> turned;
  for (int c = 0; c < conv.out_c; ++c)
    for (int kx = 0; kx < conv.cols.kernel; ++kx)
      for (int ky = 0; ky < conv.rows.kernel; ++ky) {
        const int tap = (c * conv.rows.kernel + ky) * conv.cols.kernel + kx;
        const auto first = weights.begin() + std::ptrdiff_t{tap} * conv.in_c;
        turned.insert(turned.end(), first, first + conv.in_c);
      }
  return turned;
}

void pair_weights(Kernel &kernel, const ir::Node &node, const Convolution &conv) {
  if (conv.groups > 1) {
    kernel.file = "depthwise2d_planes_i8";
    return;
  }
  Table &weight = kernel.tables.front();
  kernel.file = "conv2d_pairs_i8";
  weight = pair_table(by_columns(integers(weight), conv), conv.out_c, conv.rows.kernel * conv.in_c,
                      kPairedConvOutputs);
  kernel.sizes.emplace_back("at_once", pixels_at_once(node, conv));
  kernel.sizes.emplace_back("odd", conv.cols.out % 2);
  kernel.sizes.emplace_back("threes", is_in_threes(node));
  kernel.sizes.emplace_back("gathered", is_gathered(conv));
}

void pair_eights(Kernel &kernel, const Convolution &conv, int in_zero) {
  Table &weight = kernel.tables.front();
  const int window = conv.rows.kernel * conv.cols.kernel * conv.in_c;
  kernel.file = "conv2d_eights_i8";
  weight = pair_table(integers(weight), conv.out_c, window, kEights);
  const WindowForm form = window_form(conv);
  kernel.sizes.emplace_back("gathered", form == WindowForm::kGathered);
  kernel.sizes.emplace_back("split", form == WindowForm::kSplit);
  const std::int64_t zeros = form == WindowForm::kSplit ? conv.in_c : 1;
  kernel.tables.push_back({"zeros", "int8_t", std::vector<std::int64_t>(zeros, in_zero), false});
}

// uint8_t taps[column][row] of up to four times four: which weight of a channel, 255: none.
Table taps_table(const Convolution &conv) {
  Table table{"taps", "uint8_t", std::vector<std::int64_t>(16, 255)};
  for (int ky = 0; ky < conv.rows.kernel; ++ky)
    for (int kx = 0; kx < conv.cols.kernel; ++kx)
      std::get<std::vector<std::int64_t>>(table.data)[4 * kx + ky] = ky * conv.cols.kernel + kx;
  return table;
}

// Of a channel on its own the zero point is in the bias: outside the input it is copied.
void take_copied_windows(Kernel &kernel, const ir::Graph &graph, const ir::Node &node,
                         const Convolution &conv) {
  kernel.file = copied_bytes(conv) > 0 ? "conv2d_windows_i8" : "conv2d_points_i8";
  if (conv.groups == 1) return;
  kernel.file = "depthwise2d_windows_i8";
  kernel.tables.push_back(taps_table(conv));
  std::erase_if(kernel.tables, [](const Table &table) { return table.role == "bias"; });
  kernel.tables.push_back(full_bias_table(graph, node, conv));
  kernel.sizes.emplace_back("columns", copied_columns(conv));
}

// The kernel of float or int8 convolutions of this kind.
std::string kernel_name(const Convolution &conv, bool turns) {
  const std::string name = conv.rows.transposed && !turns ? "conv_transpose2d" : "conv2d";
  if (conv.is_plain()) return name;
  const bool depthwise = !conv.rows.transposed && conv.group_in() == 1;
  return depthwise ? "depthwise2d" : name + "_grouped";
}

}  // namespace

Kernels convolution_kernels(const ir::Graph &graph, const ir::Node &node, const Convolution &conv,
                            const Numbers &numbers) {
  const bool turns = is_int8(graph, node) && is_turned_forward(conv);
  Kernel kernel = weighted_kernel(kernel_name(conv, turns), graph, node, numbers);
  const std::pair<const char *, int> sizes[] = {
      {"in_h", conv.rows.in},
      {"in_w", conv.cols.in},
      {"in_c", conv.in_c},
      {"out_c", conv.out_c},
      {"kernel_h", conv.rows.kernel},
      {"kernel_w", conv.cols.kernel},
      {"stride_h", conv.rows.stride},
      {"stride_w", conv.cols.stride},
      {"pad_top", turns ? conv.rows.kernel - 1 - conv.rows.pad : conv.rows.pad},
      {"pad_left", turns ? conv.cols.kernel - 1 - conv.cols.pad : conv.cols.pad},
  };
  kernel.sizes.insert(kernel.sizes.end(), std::begin(sizes), std::end(sizes));
  if (is_int8(graph, node))
    kernel.sizes.emplace_back("in_zero", graph.value(node.inputs[0]).type.quant->zero_point);
  if (!conv.is_plain()) {
    kernel.sizes.emplace_back("groups", conv.groups);
    kernel.sizes.emplace_back("dilation_h", conv.rows.dilation);
    kernel.sizes.emplace_back("dilation_w", conv.cols.dilation);
  } else if (is_int8(graph, node)) {
    order_taps(kernel.tables.front(), conv);
    std::erase_if(kernel.tables, [](const Table &table) { return table.role == "bias"; });
    kernel.tables.push_back(full_bias_table(graph, node, conv));
  }
  if (is_in_eights(node))
    pair_eights(kernel, conv, graph.value(node.inputs[0]).type.quant->zero_point);
  else if (is_in_fours(node))
    kernel.sizes.emplace_back(kFoursSize, 1);
  else if (is_paired(node))
    pair_weights(kernel, node, conv);
  else if (copies_windows(node))
    take_copied_windows(kernel, graph, node, conv);
  else if (is_int8(graph, node))
    code_weights(kernel, graph, node, conv, numbers);
  if (is_twin(node)) kernel.file = twin_kernel(kernel.file);
  Kernels kernels;
  kernels.row = std::move(kernel);
  return kernels;
}

}  // namespace thimble::ops
