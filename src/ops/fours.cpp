// Which convolutions, and their words (fours.h).
#include "ops/fours.h"

#include <algorithm>

#include "ops/convolution.h"
#include "ops/quantized.h"
#include "ops/weight_code.h"

namespace thimble::ops {
namespace {

constexpr int kTaps = 9;

bool reaches_one_out(const Axis &axis) {
  return axis.kernel == 3 && axis.pad <= 1 &&
         (axis.out - 1) * axis.stride - axis.pad + axis.kernel <= axis.in + 1;
}

// Of double rounding on both sides of zero there is no line.
bool may_have_line(const ir::Graph &graph, const ir::Node &node) {
  return graph.requant != "q31" || graph.value(node.outputs[0]).type.quant->zero_point == -128;
}

}  // namespace

bool can_be_in_fours(const ir::Graph &graph, const ir::Node &node) {
  if (node.op != "Conv2d" || !is_int8(graph, node)) return false;
  const Convolution conv = convolution_of(graph, node, false);
  return conv.groups > 1 && conv.groups == conv.in_c && conv.out_c == conv.in_c &&
         conv.in_c % 4 == 0 && !conv.is_dilated() && reaches_one_out(conv.rows) &&
         reaches_one_out(conv.cols) && may_have_line(graph, node) &&
         packed_weights(integers(weight_table(graph, node)), conv.out_c).empty();
}

bool wants_fours(const Kernel &kernel) {
  return std::ranges::any_of(kernel.sizes,
                             [](const auto &size) { return size.first == kFoursSize; });
}

bool is_in_fours(const ir::Node &node) {
  return node.op == "Conv2d" && node.integer("pairs", 0) == kFours;
}

Kernel in_fours(Kernel kernel, const RescaleLine &line) {
  if (!wants_fours(kernel) || line.shift != kUsualShift) return kernel;
  Table &weight = kernel.tables.front();
  const std::vector<std::int64_t> weights = integers(weight);
  std::vector<std::int64_t> words;
  for (std::size_t c = 0; c < line.biases.size(); c += 4) {
    words.insert(words.end(), &line.biases[c], &line.biases[c] + 4);
    for (int tap = 0; tap < kTaps; ++tap) {
      std::uint32_t word = 0;
      for (std::size_t k = 0; k < 4; ++k)
        word |= (static_cast<std::uint32_t>(weights[(c + k) * kTaps + tap]) & 255u) << 8 * k;
      words.push_back(static_cast<std::int32_t>(word));
    }
    words.insert(words.end(), &line.multipliers[c], &line.multipliers[c] + 4);
  }
  weight = {"weight", "int32_t", std::move(words), true};
  weight.plain = weights;
  std::erase_if(kernel.tables, [](const Table &table) {
    return table.role == "bias" || table.role == "multiplier";
  });
  std::erase_if(kernel.sizes, [](const auto &size) { return size.first == "shift"; });
  kernel.file = "depthwise2d_fours_i8";
  return kernel;
}

}  // namespace thimble::ops
