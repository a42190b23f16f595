// MatMul: the product of two inputs, row by row. Input 0 is {rows, M, K}; input 1 {rows or 1, K,
// N}, or with attribute transposed = 1 {rows or 1, N, K}; the output {rows, M, N}. Rows are what a
// file calls a batch; a lone matrix is {M, 1, K} against {1, K, N}, so that its rows stream.
//
// int8: the sum of (a - a_zero) * (b - b_zero) in 32 bits, times one multiplier.
#include "ops/matmul.h"

#include <fmt/format.h>

#include <algorithm>

#include "ops/broadcast.h"
#include "ops/families.h"
#include "ops/infer.h"
#include "ops/quantized.h"
#include "ops/reduce_import.h"
#include "ops/strided_view.h"

namespace thimble::ops {
namespace {

constexpr int kMaxInt8Terms = 32768;  // of at most 255 * 255 each

bool is_transposed(const ir::Node &node) { return node.integer("transposed", 0) != 0; }

const ir::Shape &shape_of(const ir::Graph &graph, const ir::Node &node, int input) {
  return graph.value(node.inputs[input]).type.shape;
}

Result<std::vector<ir::Type>> infer(const ir::Graph &graph, const ir::Node &node) {
  if (auto found = check_arity(graph, node, 2, 0); !found.empty()) return found;
  const ir::Shape &a = shape_of(graph, node, 0), &b = shape_of(graph, node, 1);
  const int terms = is_transposed(node) ? b.channels : b.cols;
  if (a.channels != terms || (b.rows != 1 && b.rows != a.rows))
    return node_error(node, fmt::format("multiplies {}x{}x{} by {}x{}x{}", a.rows, a.cols,
                                        a.channels, b.rows, b.cols, b.channels));
  if (is_int8(graph, node) && terms > kMaxInt8Terms)
    return node_error(node, "sums more than 32768 products", "int8 sums have 32 bits");
  TRY(const ir::Shape shape,
      checked_shape(node, a.rows, a.cols, is_transposed(node) ? b.cols : b.channels));
  return output_type(graph, node, shape);
}

// finish(sum) makes the output element.
template <class Acc, class T, class Finish>
void multiply(const ir::Node &node, const ir::Shape &a_shape, const ir::Shape &b_shape,
              const std::vector<T> &a, const std::vector<T> &b, Acc a_zero, Acc b_zero,
              std::vector<T> &out, Finish finish) {
  const bool transposed = is_transposed(node);
  const std::size_t terms = a_shape.channels, b_width = b_shape.channels;
  const std::size_t outputs = transposed ? b_shape.cols : b_shape.channels;
  out.clear();
  for (std::size_t pixel = 0; pixel * terms < a.size(); ++pixel) {
    const std::size_t row = b_shape.rows == 1 ? 0 : pixel / a_shape.cols;
    const T *matrix = &b[row * b_shape.cols * b_width];
    for (std::size_t n = 0; n < outputs; ++n) {
      Acc sum = 0;
      for (std::size_t k = 0; k < terms; ++k) {
        const T factor = matrix[transposed ? n * b_width + k : k * b_width + n];
        sum += (Acc(a[pixel * terms + k]) - a_zero) * (Acc(factor) - b_zero);
      }
      out.push_back(finish(sum));
    }
  }
}

void eval_float(const ir::Graph &, const ir::Node &node, std::span<const Tensor *const> inputs,
                std::span<Tensor> outputs) {
  multiply<double>(node, inputs[0]->type.shape, inputs[1]->type.shape, inputs[0]->f32,
                   inputs[1]->f32, 0, 0, outputs[0].f32,
                   [](double sum) { return static_cast<float>(sum); });
}

Multiplier multiplier_of(const ir::Graph &graph, const ir::Node &node, const Numbers &numbers) {
  const auto scale = [&](ir::ValueId value) {
    return double{graph.value(value).type.quant->scale};
  };
  return quantize_multiplier(scale(node.inputs[0]) * scale(node.inputs[1]) / scale(node.outputs[0]),
                             numbers.requant);
}

void eval_int(const ir::Graph &graph, const ir::Node &node, const Numbers &numbers,
              std::span<const Tensor *const> inputs, std::span<Tensor> outputs) {
  const Multiplier multiplier = multiplier_of(graph, node, numbers);
  const int out_zero = outputs[0].type.quant->zero_point;
  multiply<std::int32_t>(
      node, inputs[0]->type.shape, inputs[1]->type.shape, inputs[0]->i8, inputs[1]->i8,
      inputs[0]->type.quant->zero_point, inputs[1]->type.quant->zero_point, outputs[0].i8,
      [&](std::int32_t sum) {
        const std::int64_t scaled = requantize(sum, multiplier, numbers.requant);
        return static_cast<std::int8_t>(std::clamp<std::int64_t>(scaled + out_zero, -128, 127));
      });
}

std::vector<Mode> modes(const ir::Graph &graph, const ir::Node &node) {
  const ir::Shape &a = shape_of(graph, node, 0), &b = shape_of(graph, node, 1);
  Access left, right;
  for (int y = 0; y < a.rows; ++y) {
    left.rows.push_back({y, y + 1});
    right.rows.push_back(b.rows == 1 ? Range{0, 1} : Range{y, y + 1});
  }
  for (int x = 0; x < a.cols; ++x) left.cols.push_back({x, x + 1});
  Mode mode;
  mode.name = "window";
  mode.inputs = {left, right};
  return {mode};
}

Kernels kernels(const ir::Graph &graph, const ir::Node &node, const Numbers &numbers, int) {
  Kernel kernel;
  kernel.file = kernel_file("matmul", graph, node);
  kernel.sizes = {{"in_c", shape_of(graph, node, 0).channels},
                  {"out_c", graph.value(node.outputs[0]).type.shape.channels},
                  {"transposed", is_transposed(node) ? 1 : 0}};
  if (is_int8(graph, node)) {
    kernel.sizes.emplace_back("a_zero", graph.value(node.inputs[0]).type.quant->zero_point);
    kernel.sizes.emplace_back("b_zero", graph.value(node.inputs[1]).type.quant->zero_point);
    kernel.sizes.emplace_back("out_zero", graph.value(node.outputs[0]).type.quant->zero_point);
    add_multipliers(kernel, {multiplier_of(graph, node, numbers)}, numbers.requant);
  }
  return {.row = kernel};
}

std::int64_t count_macs(const ir::Graph &graph, const ir::Node &node) {
  return graph.value(node.outputs[0]).type.shape.elements() * shape_of(graph, node, 0).channels;
}

// One side of a product: its batch axes, then its matrix, as strides over the value.
struct Factor {
  ir::ValueId value;
  Dims batch;
  std::vector<StridedAxis> batch_axes;
  StridedAxis rows, cols;
};

Factor factor_of(const Builder &builder, const Operand &operand, bool is_left, bool transpose) {
  StridedView view = builder.view_of(operand.value);
  if (view.axes.size() == 1) {  // a vector: one row on the left, one column on the right
    if (is_left != transpose)
      view.axes.insert(view.axes.begin(), {{1, 0}});
    else
      view.axes.push_back({{1, 0}});
  }
  const std::size_t rank = view.axes.size();
  Factor factor{operand.value.value, {}, {}, view.axes[rank - 2][0], view.axes[rank - 1][0]};
  if (transpose) std::swap(factor.rows, factor.cols);
  for (std::size_t i = 0; i + 2 < rank; ++i) {
    factor.batch.push_back(view.axes[i][0].size);
    factor.batch_axes.push_back(view.axes[i][0]);
  }
  return factor;
}

// The batch axes against those of the product, aligned at the last; 0 strides where they repeat.
std::vector<StridedAxis> broadcast_axes(const Factor &factor, const Dims &batch) {
  std::vector<StridedAxis> axes;
  const std::size_t missing = batch.size() - factor.batch.size();
  for (std::size_t i = 0; i < batch.size(); ++i) {
    const bool repeats = i < missing || factor.batch[i - missing] != batch[i];
    axes.push_back({batch[i], repeats ? 0 : factor.batch_axes[i - missing].stride});
  }
  return axes;
}

std::int64_t product(const Dims &dims) {
  std::int64_t count = 1;
  for (const std::int64_t dim : dims) count = std::min(count * dim, kMaxElements + 1);
  return count;
}

// The factor as a tensor {batch, rows, columns}; what lies in columns there must be neighbours.
ir::ValueId add_factor(Builder &builder, const ForeignNode &node, const Factor &factor,
                       std::vector<StridedAxis> axes, const ir::Shape &shape) {
  axes.push_back(factor.rows);
  axes.push_back(factor.cols);
  return builder.add_strided(node, factor.value, {0, axes}, shape);
}

std::optional<Dims> sound_product(Builder &builder, const ForeignNode &node, const Factor &a,
                                  const Factor &b) {
  const auto batch = broadcast_dims(a.batch, b.batch);
  if (!batch || a.cols.size != b.rows.size) {
    builder.error(node, fmt::format("multiplies matrices of {} x {} by {} x {}", a.rows.size,
                                    a.cols.size, b.rows.size, b.cols.size));
    return std::nullopt;
  }
  if (product(*batch) * std::max({a.rows.size * a.cols.size, b.rows.size * b.cols.size,
                                  a.rows.size * b.cols.size}) >
      kMaxElements) {
    builder.error(node, "makes a tensor of too many elements");
    return std::nullopt;
  }
  return batch;
}

// The product's value {batch, M, N} with the file's dimensions; vectors' axes have gone.
std::optional<Operand> bound_product(Builder &builder, const ForeignNode &node, ir::ValueId value,
                                     Dims dims, bool left_vector, bool right_vector) {
  StridedView view{value, 0, {}};
  for (const StridedAxis &axis : dense(dims)) view.axes.push_back({axis});
  if (right_vector) view.axes.pop_back();
  if (left_vector) view.axes.erase(view.axes.end() - (right_vector ? 1 : 2));
  if (value < 0) return Operand{{view.dims(), kFailedValue}, {}};
  const ForeignNode step = step_of(node, "_product");
  builder.bind_view(step, view);
  const Imported *bound = builder.find(step.outputs[0]);
  if (!bound) return std::nullopt;
  return Operand{*bound, {}};
}

void import_product(Builder &builder, const ForeignNode &node) {
  const auto left = operand_of(builder, node, 0), right = operand_of(builder, node, 1);
  if (!left || !right) return;
  bind_result(builder, node, add_matmul(builder, node, *left, *right));
}

}  // namespace

std::optional<Operand> add_matmul(Builder &builder, const ForeignNode &node, const Operand &left,
                                  const Operand &right, bool transpose_right) {
  if (left.number || right.number || left.value.dims.empty() || right.value.dims.empty()) {
    builder.error(node, "multiplies by a number", "matrices are meant");
    return std::nullopt;
  }
  const Factor a = factor_of(builder, left, true, false);
  const Factor b = factor_of(builder, right, false, transpose_right);
  const auto batch = sound_product(builder, node, a, b);
  if (!batch) return std::nullopt;
  Dims dims = *batch;
  dims.insert(dims.end(), {a.rows.size, b.cols.size});
  ir::ValueId value = kFailedValue;
  if (left.value.value >= 0 && right.value.value >= 0) {
    // Right matrices as they lie, if one of their axes is of neighbours.
    const bool transposed = b.rows.stride == 1 && b.cols.stride != 1;
    const int rows = static_cast<int>(product(*batch));
    const int m = static_cast<int>(a.rows.size), k = static_cast<int>(a.cols.size);
    const int n = static_cast<int>(b.cols.size);
    const bool lone = rows == 1, shared = product(b.batch) == 1;
    const ir::Shape left_shape = lone || shared ? ir::Shape{rows * m, 1, k} : ir::Shape{rows, m, k};
    const ir::Shape right_shape = {shared ? 1 : rows, transposed ? n : k, transposed ? k : n};
    const ir::ValueId left_value =
        add_factor(builder, step_of(node, "_left"), a, broadcast_axes(a, *batch), left_shape);
    Factor stored = b;
    if (transposed) std::swap(stored.rows, stored.cols);
    const ir::ValueId right_value =
        add_factor(builder, step_of(node, "_right"), stored,
                   shared ? std::vector<StridedAxis>{} : broadcast_axes(b, *batch), right_shape);
    value = builder.add(node, "MatMul", {left_value, right_value}, {},
                        {{"transposed", std::int64_t{transposed}}});
  }
  return bound_product(builder, node, value, dims, left.value.dims.size() == 1,
                       right.value.dims.size() == 1);
}

const Operator kMatMul = {
    .name = "MatMul",
    .summary = "product of two computed matrices",
    .imports = {{"aten", "bmm.default", import_product}},
    .infer = infer,
    .eval_float = eval_float,
    .eval_int = eval_int,
    .modes = modes,
    .kernels = kernels,
    .macs = count_macs,
};

}  // namespace thimble::ops
