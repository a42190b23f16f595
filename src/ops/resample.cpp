// Resample: rows and columns resized by a rule of resampling.h, each output element the weighted
// sum of a window of its own channel.
//
// Attributes: out {rows, columns}; scale_h, scale_w; those of ResizeRule by name: mode,
// transformation, rounding, cubic_a, antialias, exclude_outside, fixed_point.
//
// int8: input and output share their quantization. Weights are in 1/256 and add up to 1, so that
// zero points cancel:
//     out = (sum of row weight * column weight * in + 2^15) >> 16, cut to int8
// With fixed_point weights are in 1/1024 (20 bits in all), and halves go away from zero.
// With window rows from first_h[y] and columns from first_w[x] on.
#include <algorithm>
#include <cmath>

#include "ops/evaluate.h"
#include "ops/families.h"
#include "ops/infer.h"
#include "ops/quantized.h"
#include "ops/resampling.h"

namespace thimble::ops {
namespace {

constexpr std::int64_t kMaxWeights = 1 << 20;
constexpr double kMostGain = 8;  // sums of int8 stay within 32 bits

struct Resampled {
  ir::Shape in, out;
  Resampling rows, cols;
  bool fixed_point;

  int weight_bits() const { return fixed_point ? kFixedPointBits : kResampleBits; }

  std::int64_t at(int row, int col, int channel) const {
    return (std::int64_t{row} * in.cols + col) * in.channels + channel;
  }
};

Resampled resampled_of(const ir::Graph &graph, const ir::Node &node) {
  const ResizeRule rule = resize_rule(node);
  const ir::Shape &in = graph.value(node.inputs[0]).type.shape;
  const auto out = node.integers("out");
  const int rows = static_cast<int>(out[0]), cols = static_cast<int>(out[1]);
  return {in,
          {rows, cols, in.channels},
          resampling(rule, in.rows, rows, node.real("scale_h", 0)),
          resampling(rule, in.cols, cols, node.real("scale_w", 0)),
          rule.fixed_point};
}

// Taps of one axis, for any scale that infer accepts: those of a window of 2 / scale positions.
bool is_too_wide(const ir::Node &node, const char *scale_name, std::int64_t in, std::int64_t out) {
  const double scale = node.real(scale_name, 0);
  const double taps = std::min(static_cast<double>(in), 4 / std::min(scale, 1.0) + 4);
  return taps * static_cast<double>(out) > static_cast<double>(kMaxWeights);
}

// The sum of the weights' sizes of any position, which is 1 where none is negative.
double gain(const Resampling &axis) {
  double most = 0;
  for (std::size_t i = 0; i < axis.weights.size(); i += axis.taps) {
    double sum = 0;
    for (int k = 0; k < axis.taps; ++k) sum += std::abs(axis.weights[i + k]);
    most = std::max(most, sum);
  }
  return most;
}

Result<std::vector<ir::Type>> infer(const ir::Graph &graph, const ir::Node &node) {
  Diagnostics errors = check_arity(graph, node, 1, 0);
  if (errors.empty()) errors = check_integers(node, "out", 2, 1, kMostResampled, true);
  if (!errors.empty()) return errors;
  if (const std::string unknown = unknown_rule(resize_rule(node)); !unknown.empty())
    return node_error(node, unknown);
  const ir::Shape &in = graph.value(node.inputs[0]).type.shape;
  const auto out = node.integers("out");
  if (in.rows > kMostResampled || in.cols > kMostResampled)
    return node_error(node, "resizes more than 32768 rows or columns");
  for (const char *name : {"scale_h", "scale_w"})
    if (const double scale = node.real(name, 0); !(scale >= 1e-5 && scale <= 1e5))
      return node_error(node, "a scale is not between 0.00001 and 100000");
  if (is_too_wide(node, "scale_h", in.rows, out[0]) ||
      is_too_wide(node, "scale_w", in.cols, out[1]))
    return node_error(node, "needs more than 2^20 weights");
  TRY(const ir::Shape shape, checked_shape(node, out[0], out[1], in.channels));
  const Resampled resampled = resampled_of(graph, node);
  if (!(gain(resampled.rows) <= kMostGain && gain(resampled.cols) <= kMostGain))
    return node_error(node, "its weights are too large");
  return output_type(graph, node, shape);
}

// sum(y, x, c, row weights, column weights) of every output element, in T.
template <class T, class Weight, class F>
void resample(const Resampled &resampled, const std::vector<Weight> &row_weights,
              const std::vector<Weight> &col_weights, const std::vector<T> &input, F store) {
  const auto &[in, out, rows, cols, fixed_point] = resampled;
  for (int y = 0; y < out.rows; ++y)
    for (int x = 0; x < out.cols; ++x)
      for (int c = 0; c < out.channels; ++c) {
        Weight sum = 0;
        for (int i = 0; i < rows.taps; ++i) {
          Weight row_sum = 0;
          for (int j = 0; j < cols.taps; ++j)
            row_sum +=
                col_weights[x * cols.taps + j] *
                static_cast<Weight>(input[resampled.at(rows.first[y] + i, cols.first[x] + j, c)]);
          sum += row_weights[y * rows.taps + i] * row_sum;
        }
        store(sum);
      }
}

void eval_float(const ir::Graph &graph, const ir::Node &node, std::span<const Tensor *const> inputs,
                std::span<Tensor> outputs) {
  const Resampled resampled = resampled_of(graph, node);
  outputs[0].f32.clear();
  resample(resampled, resampled.rows.weights, resampled.cols.weights, inputs[0]->f32,
           [&](double sum) { outputs[0].f32.push_back(static_cast<float>(sum)); });
}

void eval_int(const ir::Graph &graph, const ir::Node &node, const Numbers &,
              std::span<const Tensor *const> inputs, std::span<Tensor> outputs) {
  const Resampled resampled = resampled_of(graph, node);
  outputs[0].i8.clear();
  const int weight_bits = resampled.weight_bits(), bits = 2 * weight_bits;
  resample(resampled, integer_weights(resampled.rows, weight_bits),
           integer_weights(resampled.cols, weight_bits), inputs[0]->i8, [&](std::int64_t sum) {
             const int away = resampled.fixed_point && sum < 0 ? 1 : 0;
             const std::int64_t value = (sum + (1 << (bits - 1)) - away) >> bits;
             outputs[0].i8.push_back(
                 static_cast<std::int8_t>(std::clamp<std::int64_t>(value, -128, 127)));
           });
}

std::vector<Mode> modes(const ir::Graph &graph, const ir::Node &node) {
  const Resampled resampled = resampled_of(graph, node);
  Mode mode;
  mode.name = "window";
  // Rows are looked up one by one: no window slides over their columns.
  mode.inputs = {{AccessKind::kWindow, resampled.rows.reads(), {}, true}};
  return {mode};
}

void add_tables(Kernel &kernel, const std::string &axis, const Resampling &resampling,
                bool integers, int weight_bits) {
  kernel.sizes.emplace_back("taps_" + axis, resampling.taps);
  kernel.tables.push_back(
      {"first_" + axis, "int16_t",
       std::vector<std::int64_t>(resampling.first.begin(), resampling.first.end())});
  if (integers) {
    kernel.tables.push_back(
        {"weight_" + axis, "int16_t", integer_weights(resampling, weight_bits)});
  } else {
    kernel.tables.push_back(
        {"weight_" + axis, "float",
         std::vector<float>(resampling.weights.begin(), resampling.weights.end())});
  }
}

Kernels kernels(const ir::Graph &graph, const ir::Node &node, const Numbers &, int) {
  const Resampled resampled = resampled_of(graph, node);
  Kernel kernel;
  kernel.file = kernel_file("resample", graph, node);
  kernel.sizes = {{"in_c", resampled.in.channels}};
  const bool integers = is_int8(graph, node);
  add_tables(kernel, "h", resampled.rows, integers, resampled.weight_bits());
  add_tables(kernel, "w", resampled.cols, integers, resampled.weight_bits());
  if (integers) {
    kernel.sizes.emplace_back("bits", 2 * resampled.weight_bits());
    kernel.sizes.emplace_back("away", resampled.fixed_point ? 1 : 0);
  }
  return {.row = kernel};
}

std::int64_t resample_macs(const ir::Graph &graph, const ir::Node &node) {
  const Resampled resampled = resampled_of(graph, node);
  return resampled.out.elements() * resampled.rows.taps * (resampled.cols.taps + 1);
}

}  // namespace

const Operator kResample = {
    .name = "Resample",
    .summary = "rows and columns resized: linear, cubic, any neighbour",
    .imports = {},
    .infer = infer,
    .eval_float = eval_float,
    .eval_int = eval_int,
    .modes = modes,
    .kernels = kernels,
    .macs = resample_macs,
    .quant_rule = Operator::QuantRule::kSameAsInput,
    .channelwise = true,
};

}  // namespace thimble::ops
