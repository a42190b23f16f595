// AveragePool2d: the sum of each window over the number of its elements (pooling.h). Attributes
// besides those of all pooling: counted {top, left, bottom, right}, the padding whose zeros count
// as elements (absent: none); divisor, by which every sum is divided instead (absent or 0: none).
//
// int8: input and output share their quantization. Elements that are padding have the value of the
// zero point; the sum is divided with halves rounded away from zero, as TensorFlow Lite does it:
//     out = (sum + (sum < 0 ? -(count / 2) : count / 2)) / count, cut to int8
//
// A window that is the whole input is summed as its rows arrive ("accumulate"), with the kernels of
// Reduce up to the division.
#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "ops/families.h"
#include "ops/infer.h"
#include "ops/pooling.h"
#include "ops/quantized.h"
#include "ops/reduce_import.h"

namespace thimble::ops {
namespace {

constexpr std::int64_t kMaxCount = 1 << 23;  // sums of int8 stay within 32 bits
constexpr int kSumKind = 0;                  // of the kernels reduce_*

struct Average {
  Pooling pooling;
  std::vector<std::int64_t> counted;
  int divisor;
};

Average average_of(const ir::Graph &graph, const ir::Node &node) {
  return {pooling_of(graph, node), node.integers("counted", {0, 0, 0, 0}),
          static_cast<int>(node.integer("divisor", 0))};
}

// Taps of output `i` in the input or in the padding that counts.
int counted_taps(const Axis &axis, int i, std::int64_t before, std::int64_t after) {
  int count = 0;
  for (int k = 0; k < axis.kernel; ++k) {
    const std::int64_t place =
        std::int64_t{i} * axis.stride + std::int64_t{k} * axis.dilation - axis.pad;
    count += -before <= place && place < axis.in + after ? 1 : 0;
  }
  return count;
}

int divisor_of(const Average &average, int y, int x) {
  if (average.divisor > 0) return average.divisor;
  const auto &counted = average.counted;
  return counted_taps(average.pooling.rows, y, counted[0], counted[2]) *
         counted_taps(average.pooling.cols, x, counted[1], counted[3]);
}

Result<std::vector<ir::Type>> infer(const ir::Graph &graph, const ir::Node &node) {
  if (auto found = check_integers(node, "counted", 4, 0, 1 << 15); !found.empty()) return found;
  if (node.integer("divisor", 0) < 0 || node.integer("divisor", 0) > kMaxCount)
    return node_error(node, "attribute 'divisor' is out of range");
  TRY(auto types, infer_pooling(graph, node));
  const auto kernel = node.integers("kernel");
  if (kernel[0] * kernel[1] > kMaxCount)
    return node_error(node, "has a window of more than 2^23 elements");
  return types;
}

void eval_float(const ir::Graph &graph, const ir::Node &node, std::span<const Tensor *const> inputs,
                std::span<Tensor> outputs) {
  const Average average = average_of(graph, node);
  pool(average.pooling, inputs[0]->f32, outputs[0].f32,
       [&](const std::vector<float> &window, int y, int x) {
         double sum = 0;
         for (const float element : window) sum += element;
         return static_cast<float>(sum / divisor_of(average, y, x));
       });
}

void eval_int(const ir::Graph &graph, const ir::Node &node, const Numbers &,
              std::span<const Tensor *const> inputs, std::span<Tensor> outputs) {
  const Average average = average_of(graph, node);
  const int zero = inputs[0]->type.quant->zero_point;
  pool(average.pooling, inputs[0]->i8, outputs[0].i8,
       [&](const std::vector<std::int8_t> &window, int y, int x) {
         const int count = divisor_of(average, y, x);
         int sum = (count - static_cast<int>(window.size())) * zero;
         for (const std::int8_t element : window) sum += element;
         const int half = count / 2;
         return static_cast<std::int8_t>(
             std::clamp((sum + (sum < 0 ? -half : half)) / count, -128, 127));
       });
}

// All of the input, where the sums need less than half of it.
bool is_whole_input(const Pooling &pooling) {
  const auto covers = [](const Axis &axis) {
    return axis.out == 1 && axis.pad == 0 && axis.dilation == 1 && axis.kernel == axis.in;
  };
  return covers(pooling.rows) && covers(pooling.cols) && pooling.rows.in > 1 &&
         pooling.rows.in * pooling.cols.in >= 8;
}

// Sums of int8 have 16 bits where so many are within them.
bool has_narrow_sums(const ir::Graph &graph, const ir::Node &node) {
  const Pooling pooling = pooling_of(graph, node);
  return is_int8(graph, node) && pooling.rows.in * pooling.cols.in <= 255;
}

std::vector<Mode> modes(const ir::Graph &graph, const ir::Node &node) {
  const Pooling pooling = pooling_of(graph, node);
  if (!is_whole_input(pooling)) return pooling_modes(graph, node);
  Mode mode;
  mode.name = "accumulate";
  mode.inputs = {{AccessKind::kAccumulate, {}, {}, true}};
  mode.alignment = has_narrow_sums(graph, node) ? 2 : 4;
  mode.state_bytes = std::int64_t{mode.alignment} * pooling.channels;
  mode.ends_in_order = true;
  return {mode};
}

Kernels accumulating_kernels(const ir::Graph &graph, const ir::Node &node) {
  const Average average = average_of(graph, node);
  const bool int8 = is_int8(graph, node);
  Kernel begin;
  begin.sizes = {{"kind", kSumKind},
                 {"run_w", average.pooling.cols.in},
                 {"run_c", 1},
                 {"out_w", 1},
                 {"out_c", average.pooling.channels}};
  Kernel fold = begin, end = begin;
  const std::string narrow = has_narrow_sums(graph, node) ? "narrow_" : "";
  begin.file = kernel_file("reduce_" + narrow + "begin", graph, node);
  fold.file = kernel_file("reduce_" + narrow + "fold", graph, node);
  if (int8) fold.sizes.emplace_back("in_zero", 0);
  end.file = int8 ? "average_pool2d_" + narrow + "end_i8" : "reduce_end_f32";
  if (int8)
    end.sizes.emplace_back("divisor", divisor_of(average, 0, 0));
  else
    end.reals.emplace_back("divisor", static_cast<float>(divisor_of(average, 0, 0)));
  return {.begin = begin, .fold = fold, .end = end};
}

Kernels kernels(const ir::Graph &graph, const ir::Node &node, const Numbers &, int) {
  if (is_whole_input(pooling_of(graph, node))) return accumulating_kernels(graph, node);
  const Average average = average_of(graph, node);
  Kernel kernel = pooling_kernel("average_pool2d", graph, node);
  static constexpr const char *kNames[] = {"counted_top", "counted_left", "counted_bottom",
                                           "counted_right"};
  for (int i = 0; i < 4; ++i) kernel.sizes.emplace_back(kNames[i], average.counted[i]);
  kernel.sizes.emplace_back("divisor", average.divisor);
  if (is_int8(graph, node))
    kernel.sizes.emplace_back("in_zero", graph.value(node.inputs[0]).type.quant->zero_point);
  return {.row = kernel};
}

void import_average_pool(Builder &builder, const ForeignNode &node) {
  const bool counts = node.integer("count_include_pad", node.domain == "aten" ? 1 : 0) != 0;
  ir::Attributes attributes;
  if (const auto divisor = node.integer("divisor_override", 0); divisor != 0)
    attributes["divisor"] = divisor;
  import_pooling(builder, node, "AveragePool2d", std::move(attributes), counts);
}

// Windows that share the input evenly, as many as are asked for; one is the mean of all.
void import_adaptive(Builder &builder, const ForeignNode &node) {
  const auto input = operand_of(builder, node, 0);
  if (!input || input->number) return;
  const Dims dims = input->value.dims;
  const std::size_t axes = node.op == "adaptive_avg_pool1d.default" ? 1 : 2;
  auto sizes = node.integers("output_size");
  if (sizes.size() == 1) sizes.resize(axes, sizes[0]);
  if (dims.size() != axes + 2 || sizes.size() != axes)
    return builder.error(node, "pools a tensor of other dimensions",
                         "[1,C,L] or [1,C,H,W] is meant");
  ForeignNode window = node;
  std::vector<std::int64_t> kernel;
  for (std::size_t i = 0; i < axes; ++i) {
    if (sizes[i] < 1 || dims[2 + i] % sizes[i] != 0)
      return builder.error(node, fmt::format("makes {} windows of {}", sizes[i], dims[2 + i]),
                           "they would differ in size",
                           "choose an output size that divides the input's");
    kernel.push_back(dims[2 + i] / sizes[i]);
  }
  if (std::all_of(sizes.begin(), sizes.end(), [](std::int64_t size) { return size == 1; })) {
    std::vector<std::size_t> behind(axes);
    std::iota(behind.begin(), behind.end(), std::size_t{2});
    return bind_result(builder, node, add_reduce(builder, node, "mean", *input, behind, true));
  }
  window.attributes = {{"kernel_size", kernel}, {"stride", kernel}};
  import_pooling(builder, window, "AveragePool2d", {});
}

}  // namespace

const Operator kAveragePool2d = {
    .name = "AveragePool2d",
    .summary = "mean over a sliding window",
    .imports = {{"onnx", "AveragePool", import_average_pool},
                {"aten", "avg_pool2d.default", import_average_pool},
                {"aten", "avg_pool1d.default", import_average_pool},
                {"aten", "adaptive_avg_pool1d.default", import_adaptive},
                {"aten", "adaptive_avg_pool2d.default", import_adaptive},
                {"tflite", "AVERAGE_POOL_2D", import_average_pool}},
    .infer = infer,
    .eval_float = eval_float,
    .eval_int = eval_int,
    .modes = modes,
    .kernels = kernels,
    .quant_rule = Operator::QuantRule::kSameAsInput,
    .sliding = true,
    .channelwise = true,
};

}  // namespace thimble::ops
