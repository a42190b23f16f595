// Linear: every output is the sum of all inputs, each times a weight, plus a bias. Constants: 0
// weight [out][in], both sides flat in stored order, 1 bias [out]; attribute out_shape {rows,
// columns, channels} (absent: a vector), so that passes can absorb the Permute and Reshape on
// either side.
//
// Two modes. "window": each output row reads the whole input. "accumulate" (inputs of several
// rows): the outputs' sums are kept (4 bytes each) and every input row is folded in as it arrives.
#include <algorithm>
#include <iterator>

#include "ops/byte_pairs.h"
#include "ops/families.h"
#include "ops/fused.h"
#include "ops/infer.h"
#include "ops/linear_import.h"
#include "ops/quantized.h"
#include "ops/weight_code.h"

namespace thimble::ops {
namespace {

const ir::Shape &input_shape(const ir::Graph &graph, const ir::Node &node) {
  return graph.value(node.inputs[0]).type.shape;
}

const ir::Shape &output_shape(const ir::Graph &graph, const ir::Node &node) {
  return graph.value(node.outputs[0]).type.shape;
}

Result<std::vector<ir::Type>> infer(const ir::Graph &graph, const ir::Node &node) {
  if (auto found = check_arity(graph, node, 1, 2); !found.empty()) return found;
  if (auto found = check_integers(node, "out_shape", 3, 1, kMaxElements); !found.empty())
    return found;
  const std::vector<int> &dims = graph.constant(node.constants[0]).dims;
  if (dims.size() != 2) return node_error(node, "weight is not [out][in]");
  const auto out = node.integers("out_shape", {1, 1, dims[0]});
  TRY(const ir::Shape shape, checked_shape(node, out[0], out[1], out[2]));
  const std::int64_t in = input_shape(graph, node).elements();
  if (auto found =
          check_weights(graph, node, {static_cast<int>(shape.elements()), static_cast<int>(in)});
      !found.empty())
    return found;
  return output_type(graph, node, shape);
}

// finish(output, sum) makes the output element.
template <class Acc, class T, class Finish>
void multiply(const std::vector<T> &input, Acc in_zero, const std::vector<T> &weight,
              std::vector<T> &output, Finish finish) {
  const T *w = weight.data();
  for (std::size_t o = 0; o < output.size(); ++o, w += input.size()) {
    Acc sum = 0;
    for (std::size_t i = 0; i < input.size(); ++i) sum += (Acc(input[i]) - in_zero) * Acc(w[i]);
    output[o] = finish(static_cast<int>(o), sum);
  }
}

void eval_float(const ir::Graph &graph, const ir::Node &node, std::span<const Tensor *const> inputs,
                std::span<Tensor> outputs) {
  const auto &weight = std::get<std::vector<float>>(graph.constant(node.constants[0]).data);
  const auto &bias = std::get<std::vector<float>>(graph.constant(node.constants[1]).data);
  const RealLimits limits = real_limits(node);
  outputs[0].f32.resize(bias.size());
  multiply<double>(inputs[0]->f32, 0.0, weight, outputs[0].f32, [&](int out, double sum) {
    return limits.clamp(static_cast<float>(sum + bias[out]));
  });
}

void eval_int(const ir::Graph &graph, const ir::Node &node, const Numbers &numbers,
              std::span<const Tensor *const> inputs, std::span<Tensor> outputs) {
  const auto &weight = std::get<std::vector<std::int8_t>>(graph.constant(node.constants[0]).data);
  const Requantizer finish = requantizer(graph, node, numbers);
  outputs[0].i8.resize(finish.bias.size());
  multiply<std::int32_t>(inputs[0]->i8, finish.in_zero, weight, outputs[0].i8, finish);
}

// Sums of two pixels, zero points and halfwords of both (conv2d_pairs_i8).
std::int64_t pixel_workspace(int in_c, int out_c) {
  return std::int64_t{8} * padded_run(out_c) + 5 * padded_run(in_c);
}

std::vector<Mode> modes(const ir::Graph &graph, const ir::Node &node) {
  const bool one_row = input_shape(graph, node).rows == 1;
  Mode window;
  window.name = "window";
  window.inputs = {{AccessKind::kWhole, {}, {}}};
  if (one_row)
    window.inputs[0] = {
        AccessKind::kWindow, std::vector<Range>(output_shape(graph, node).rows, {0, 1}), {}};
  if (is_paired_as_vector(node)) {
    window.workspace_bytes = 2 * input_shape(graph, node).elements();
    window.alignment = 4;
  }
  if (is_paired_as_convolution(node)) {
    window.workspace_bytes =
        pixel_workspace(input_shape(graph, node).channels, output_shape(graph, node).channels);
    window.alignment = 4;
  }
  if (one_row || is_paired_as_vector(node)) return {window};  // for speed, not for little RAM
  Mode accumulate;
  accumulate.name = "accumulate";
  accumulate.inputs = {{AccessKind::kAccumulate, {}, {}, true}};
  accumulate.state_bytes = 4 * output_shape(graph, node).elements();
  accumulate.alignment = 4;
  accumulate.ends_in_order = true;
  return {window, accumulate};
}

// The biases that sums start from: of int8 with the share of the input's zero point taken off.
Table start_table(const ir::Graph &graph, const ir::Node &node) {
  Table table = bias_table(graph, node);
  if (!is_int8(graph, node)) return table;
  auto data = std::get<std::vector<std::int64_t>>(table.data);
  const std::vector<std::int64_t> shares = zero_point_shares(graph, node);
  for (std::size_t o = 0; o < data.size(); ++o) data[o] -= shares[o];
  Table start = int32_table("full_bias", std::move(data));
  start.is_weight = true;
  return start;
}

std::vector<CodedWeights> packed(const Table &weight, const ir::Shape &out) {
  return packed_weights(integers(weight), static_cast<int>(out.elements()));
}

// What a kernel that reads the whole input can read.
std::vector<CodedWeights> codes(const Table &weight, const ir::Shape &out) {
  std::vector<CodedWeights> all = packed(weight, out);
  std::ranges::move(plane_weights(integers(weight), static_cast<int>(out.elements())),
                    std::back_inserter(all));
  // Streams are read from their start: all outputs at once.
  if (out.rows * out.cols == 1)
    std::ranges::move(sparse_weights(integers(weight)), std::back_inserter(all));
  return all;
}

// As folds of input rows read them: [input row][output][element of the row], a stream a row.
std::vector<CodedWeights> sparse_by_row(const Table &weight, const ir::Shape &in) {
  const std::vector<std::int64_t> &weights = integers(weight);
  const std::size_t each = std::size_t(in.cols) * in.channels, all = each * in.rows;
  std::vector<std::int64_t> by_row;
  for (int y = 0; y < in.rows; ++y)
    for (auto output = weights.begin(); output != weights.end(); output += all)
      by_row.insert(by_row.end(), output + y * each, output + (y + 1) * each);
  return sparse_weights(by_row, in.rows);
}

void pair_weights(Kernel &kernel, const ir::Graph &graph, const ir::Node &node) {
  const std::int64_t in_count = input_shape(graph, node).elements();
  const bool is_vector = is_paired_as_vector(node);
  kernel.file = is_vector ? "linear_vector_i8" : "linear_pairs_i8";
  kernel.tables[0] = pair_table(
      integers(kernel.tables[0]), graph.constant(node.constants[0]).dims[0],
      static_cast<int>(in_count), is_vector ? kPairedVectorOutputs : kPairedLinearOutputs);
}

// One pixel of one.
void pair_as_convolution(Kernel &kernel, const ir::Graph &graph, const ir::Node &node) {
  const int in_c = input_shape(graph, node).channels, out_c = output_shape(graph, node).channels;
  kernel.file = "conv2d_pairs_i8";
  kernel.tables[0] = pair_table(integers(kernel.tables[0]), out_c, in_c, kPairedConvOutputs);
  std::erase_if(kernel.sizes, [](const auto &size) {
    return size.first == "in_count" || size.first == "out_w" || size.first == "out_c";
  });
  const std::int64_t in_zero = graph.value(node.inputs[0]).type.quant->zero_point;
  for (const auto &[name, value] :
       std::initializer_list<std::pair<const char *, std::int64_t>>{{"in_h", 1},
                                                                    {"in_w", 1},
                                                                    {"in_c", in_c},
                                                                    {"out_c", out_c},
                                                                    {"kernel_h", 1},
                                                                    {"kernel_w", 1},
                                                                    {"stride_h", 1},
                                                                    {"stride_w", 1},
                                                                    {"pad_top", 0},
                                                                    {"pad_left", 0},
                                                                    {"at_once", 1},
                                                                    {"odd", is_in_threes(node)},
                                                                    {"threes", is_in_threes(node)},
                                                                    {"gathered", 0},
                                                                    {"in_zero", in_zero}})
    kernel.sizes.emplace_back(name, value);
}

Kernels window_kernels(const ir::Graph &graph, const ir::Node &node, const Numbers &numbers) {
  const ir::Shape &out = output_shape(graph, node);
  Kernel kernel = weighted_kernel("linear", graph, node, numbers);
  kernel.tables[1] = start_table(graph, node);
  kernel.sizes.emplace_back("in_count", input_shape(graph, node).elements());
  kernel.sizes.emplace_back("out_w", out.cols);
  kernel.sizes.emplace_back("out_c", out.channels);
  if (is_paired_as_convolution(node))
    pair_as_convolution(kernel, graph, node);
  else if (is_paired(node))
    pair_weights(kernel, graph, node);
  else if (is_int8(graph, node))
    take_code(kernel, codes(kernel.tables.front(), out), numbers);
  Kernels kernels;
  kernels.row = std::move(kernel);
  return kernels;
}

Kernels accumulate_kernels(const ir::Graph &graph, const ir::Node &node, const Numbers &numbers) {
  const ir::Shape &in = input_shape(graph, node), &out = output_shape(graph, node);
  Kernel begin, fold, end;
  begin.file = kernel_file("linear_begin", graph, node);
  begin.sizes = {{"out_count", out.elements()}};
  begin.tables = {start_table(graph, node)};
  fold.file = kernel_file("linear_fold", graph, node);
  fold.sizes = {{"in_c", in.channels},
                {"in_row_count", std::int64_t{in.cols} * in.channels},
                {"out_count", out.elements()}};
  fold.tables = {weight_table(graph, node)};
  if (is_int8(graph, node)) {
    std::vector<CodedWeights> codes = packed(fold.tables[0], out);
    std::ranges::move(sparse_by_row(fold.tables[0], in), std::back_inserter(codes));
    take_code(fold, codes, numbers);
  }
  const bool says_starts = fold.tables.size() > 1;
  if (!says_starts) fold.sizes.emplace_back("in_count", in.elements());
  end.file = kernel_file("linear_end", graph, node);
  end.sizes = {{"out_w", out.cols}, {"out_c", out.channels}};
  if (is_int8(graph, node)) {
    add_requantization(end, graph, node, numbers);
  } else {
    add_real_limits(end, node);
  }
  return {{}, std::move(begin), std::move(fold), std::move(end)};
}

Kernels kernels(const ir::Graph &graph, const ir::Node &node, const Numbers &numbers, int mode) {
  return mode == 0 ? window_kernels(graph, node, numbers)
                   : accumulate_kernels(graph, node, numbers);
}

std::int64_t count_macs(const ir::Graph &graph, const ir::Node &node) {
  return graph.constant(node.constants[0]).elements();
}

}  // namespace

const Operator kLinear = {
    .name = "Linear",
    .summary = "matrix times vector plus bias",
    .imports = linear_import_rules(),
    .infer = infer,
    .eval_float = eval_float,
    .eval_int = eval_int,
    .modes = modes,
    .kernels = kernels,
    .macs = count_macs,
};

}  // namespace thimble::ops
