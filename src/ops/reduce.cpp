// Reduce: one element for all elements along some axes. Attributes: kind "sum", "mean", "max",
// "min", "prod", "l1" (sum of magnitudes) or "sum_square"; axes, those of (rows, columns, channels)
// = (0, 1, 2) that are reduced, which are 1 in the output. Importers bring any axes of a file into
// these (reduce_import.cpp).
//
// Where rows are reduced and there are several, each is folded into the output's sums as it arrives
// ("accumulate"); else output row y reads input row y ("window").
//
// int8 (sum, mean, max, min): the sum, or the extreme, of (element - in_zero) in 32 bits, brought
// to the output's scale by one multiplier; a mean's has the division in it (q31: as TensorFlow Lite
// has it, below).
#include <algorithm>
#include <array>
#include <bit>
#include <cfloat>
#include <cmath>
#include <limits>

#include "ops/families.h"
#include "ops/infer.h"
#include "ops/quantized.h"
#include "ops/reduce_import.h"

namespace thimble::ops {
namespace {

constexpr std::int64_t kMaxInt8Count = 1 << 23;  // 255 times as much is still below 2^31

// In the order of the kernels' `kind`.
constexpr std::array<std::string_view, 7> kKinds = {"sum", "max",  "min",       "prod",
                                                    "l1",  "mean", "sum_square"};
enum Kind { kSum, kMax, kMin, kProd, kL1, kMean, kSumSquare };

int kind_of(const ir::Node &node) {
  const std::string name = node.text("kind", "");
  return static_cast<int>(std::find(kKinds.begin(), kKinds.end(), name) - kKinds.begin());
}

bool is_reduced(const ir::Node &node, std::int64_t axis) {
  const auto axes = node.integers("axes");
  return std::find(axes.begin(), axes.end(), axis) != axes.end();
}

ir::Shape reduced_shape(const ir::Node &node, ir::Shape shape) {
  if (is_reduced(node, 0)) shape.rows = 1;
  if (is_reduced(node, 1)) shape.cols = 1;
  if (is_reduced(node, 2)) shape.channels = 1;
  return shape;
}

const ir::Shape &input_shape(const ir::Graph &graph, const ir::Node &node) {
  return graph.value(node.inputs[0]).type.shape;
}

// Input elements that make one output element.
std::int64_t count_of(const ir::Graph &graph, const ir::Node &node) {
  const ir::Shape &in = input_shape(graph, node);
  return in.elements() / reduced_shape(node, in).elements();
}

// Whether sums of int8 have 16 bits: they start within +-256, and a step changes them by 255.
bool has_narrow_sums(const ir::Graph &graph, const ir::Node &node) {
  return is_int8(graph, node) && count_of(graph, node) <= 128;
}

bool folds_rows(const ir::Graph &graph, const ir::Node &node) {
  return is_reduced(node, 0) && input_shape(graph, node).rows > 1;
}

Result<std::vector<ir::Type>> infer(const ir::Graph &graph, const ir::Node &node) {
  if (auto found = check_arity(graph, node, 1, 0); !found.empty()) return found;
  const std::size_t axes = node.integers("axes").size();
  if (auto found = check_integers(node, "axes", axes, 0, 2, true); !found.empty()) return found;
  const int kind = kind_of(node);
  if (kind == static_cast<int>(kKinds.size()))
    return node_error(node, "reduces in an unknown way, '" + node.text("kind", "") + "'");
  if (is_int8(graph, node)) {
    if (kind != kSum && kind != kMean && kind != kMax && kind != kMin)
      return node_error(node, "has no int8 form of " + std::string(kKinds[kind]));
    if (count_of(graph, node) > kMaxInt8Count)
      return node_error(node, "sums more than 2^23 elements", "int8 sums have 32 bits");
  }
  return output_type(graph, node, reduced_shape(node, input_shape(graph, node)));
}

// Calls f(output element, input element), output by output, inputs in stored order.
template <class F>
void each_pair(const ir::Shape &in, const ir::Shape &out, F f) {
  for (int r = 0; r < in.rows; ++r)
    for (int x = 0; x < in.cols; ++x)
      for (int c = 0; c < in.channels; ++c) {
        const int row = out.rows == 1 ? 0 : r, col = out.cols == 1 ? 0 : x;
        const std::size_t to = (std::size_t(row) * out.cols + col) * out.channels;
        f(to + (out.channels == 1 ? 0 : c), (std::size_t(r) * in.cols + x) * in.channels + c);
      }
}

template <class Acc>
Acc start(int kind, Acc lowest, Acc highest) {
  return kind == kMax ? lowest : kind == kMin ? highest : kind == kProd ? Acc{1} : Acc{0};
}

template <class Acc>
Acc step(Acc sum, Acc x, int kind) {
  switch (kind) {
    case kMax:
      return std::max(sum, x);
    case kMin:
      return std::min(sum, x);
    case kProd:
      return sum * x;
    case kL1:
      return sum + (x < 0 ? -x : x);
    case kSumSquare:
      return sum + x * x;
    default:
      return sum + x;
  }
}

void eval_float(const ir::Graph &graph, const ir::Node &node, std::span<const Tensor *const> inputs,
                std::span<Tensor> outputs) {
  const int kind = kind_of(node);
  const double infinity = std::numeric_limits<double>::infinity();
  const ir::Shape &out = outputs[0].type.shape;
  std::vector<double> sums(out.elements(), start(kind, -infinity, infinity));
  each_pair(inputs[0]->type.shape, out, [&](std::size_t to, std::size_t from) {
    sums[to] = step(sums[to], double{inputs[0]->f32[from]}, kind);
  });
  const double divisor = kind == kMean ? static_cast<double>(count_of(graph, node)) : 1.0;
  outputs[0].f32.clear();
  for (const double sum : sums) outputs[0].f32.push_back(static_cast<float>(sum / divisor));
}

// The multiplier of the scales alone, divided by a count and rounded down, after as many bits have
// been added as the count has.
Multiplier divided_q31(double scales, std::int64_t count) {
  Multiplier multiplier = quantize_multiplier(scales, targets::Requant::kQ31);
  const int count_bits = static_cast<int>(std::bit_width(static_cast<std::uint64_t>(count)));
  const int bits = std::min(count_bits - 1, 31 + multiplier.shift);
  multiplier.multiplier =
      static_cast<std::int32_t>((std::int64_t{multiplier.multiplier} << bits) / count);
  multiplier.shift -= bits;
  return multiplier;
}

Multiplier multiplier_of(const ir::Graph &graph, const ir::Node &node, const Numbers &numbers) {
  const double in = graph.value(node.inputs[0]).type.quant->scale;
  const double out = graph.value(node.outputs[0]).type.quant->scale;
  if (kind_of(node) == kMean && numbers.requant == targets::Requant::kQ31)
    return divided_q31(in / out, count_of(graph, node));
  const double count = kind_of(node) == kMean ? static_cast<double>(count_of(graph, node)) : 1.0;
  return quantize_multiplier(in / (out * count), numbers.requant);
}

void eval_int(const ir::Graph &graph, const ir::Node &node, const Numbers &numbers,
              std::span<const Tensor *const> inputs, std::span<Tensor> outputs) {
  const int kind = kind_of(node);
  const ir::Shape &out = outputs[0].type.shape;
  const int in_zero = inputs[0]->type.quant->zero_point;
  const int out_zero = outputs[0].type.quant->zero_point;
  std::vector<std::int32_t> sums(out.elements(), start<std::int32_t>(kind, -256, 256));
  each_pair(inputs[0]->type.shape, out, [&](std::size_t to, std::size_t from) {
    sums[to] = step<std::int32_t>(sums[to], inputs[0]->i8[from] - in_zero, kind);
  });
  const Multiplier multiplier = multiplier_of(graph, node, numbers);
  outputs[0].i8.clear();
  for (const std::int32_t sum : sums) {
    const std::int64_t scaled = requantize(sum, multiplier, numbers.requant);
    outputs[0].i8.push_back(
        static_cast<std::int8_t>(std::clamp<std::int64_t>(scaled + out_zero, -128, 127)));
  }
}

std::vector<Mode> modes(const ir::Graph &graph, const ir::Node &node) {
  const ir::Shape out = reduced_shape(node, input_shape(graph, node));
  Mode mode;
  if (folds_rows(graph, node)) {
    mode.name = "accumulate";
    mode.inputs = {{AccessKind::kAccumulate, {}, {}, true}};
    const int sum_bytes = has_narrow_sums(graph, node) ? 2 : 4;
    mode.state_bytes = sum_bytes * out.elements();
    mode.alignment = sum_bytes;
    mode.ends_in_order = true;
    return {mode};
  }
  Access access;
  for (int y = 0; y < out.rows; ++y) access.rows.push_back({y, y + 1});
  for (int x = 0; !is_reduced(node, 1) && x < out.cols; ++x) access.cols.push_back({x, x + 1});
  mode.name = "window";
  mode.inputs = {access};
  // An element is written when what it combines has been read: a pixel's channels, or one of them.
  mode.order = is_reduced(node, 1)   ? WriteOrder::kAnywhere
               : is_reduced(node, 2) ? WriteOrder::kPixel
                                     : WriteOrder::kElement;
  return {mode};
}

// What every phase knows: the columns and channels of the input that one output element takes from
// a row, and those of the output.
Kernel phase(const std::string &name, const ir::Graph &graph, const ir::Node &node) {
  const ir::Shape &in = input_shape(graph, node);
  const ir::Shape out = reduced_shape(node, in);
  Kernel kernel;
  kernel.file = kernel_file(name, graph, node);
  kernel.sizes = {{"kind", kind_of(node)},
                  {"run_w", in.cols / out.cols},
                  {"run_c", in.channels / out.channels},
                  {"out_w", out.cols},
                  {"out_c", out.channels}};
  return kernel;
}

// What turns a sum into an output element.
void add_finish(Kernel &kernel, const ir::Graph &graph, const ir::Node &node,
                const Numbers &numbers) {
  if (is_int8(graph, node)) {
    kernel.sizes.emplace_back("out_zero", graph.value(node.outputs[0]).type.quant->zero_point);
    add_multipliers(kernel, {multiplier_of(graph, node, numbers)}, numbers.requant);
  } else {
    const std::int64_t count = kind_of(node) == kMean ? count_of(graph, node) : 1;
    kernel.reals.emplace_back("divisor", static_cast<float>(count));
  }
}

Kernels kernels(const ir::Graph &graph, const ir::Node &node, const Numbers &numbers, int) {
  const auto with_zero = [&](Kernel kernel) {
    if (is_int8(graph, node))
      kernel.sizes.emplace_back("in_zero", graph.value(node.inputs[0]).type.quant->zero_point);
    return kernel;
  };
  if (!folds_rows(graph, node)) {
    Kernel row = with_zero(phase("reduce", graph, node));
    add_finish(row, graph, node, numbers);
    return {.row = row};
  }
  const std::string name = has_narrow_sums(graph, node) ? "reduce_narrow" : "reduce";
  Kernel end = phase(name + "_end", graph, node);
  add_finish(end, graph, node, numbers);
  return {.begin = phase(name + "_begin", graph, node),
          .fold = with_zero(phase(name + "_fold", graph, node)),
          .end = end};
}

}  // namespace

const Operator kReduce = {
    .name = "Reduce",
    .summary = "sum, mean, maximum, minimum, product, sum of magnitudes or squares along axes",
    .imports = reduce_import_rules(),
    .infer = infer,
    .eval_float = eval_float,
    .eval_int = eval_int,
    .modes = modes,
    .kernels = kernels,
    .channelwise = true,
};

}  // namespace thimble::ops
