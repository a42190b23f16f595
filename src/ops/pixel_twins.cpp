// Which convolutions read two pixels a word (pixel_twins.h).
#include "ops/pixel_twins.h"

#include <algorithm>

#include "ops/byte_pairs.h"
#include "ops/convolution.h"
#include "ops/quantized.h"
#include "ops/weight_code.h"

namespace thimble::ops {

namespace {

// Of fewer, writing a window takes longer than multiplying by its words saves.
constexpr int kLeastOutputs = 4;

// Windows of a transposed one, too, where it has no strides.
bool has_windows(const ir::Node &node, const Convolution &conv) {
  return node.op == "Conv2d" ||
         (node.op == "ConvTranspose2d" && conv.rows.stride == 1 && conv.cols.stride == 1);
}

}  // namespace

bool can_twin(const ir::Graph &graph, const ir::Node &node) {
  if ((node.op != "Conv2d" && node.op != "ConvTranspose2d") || !is_int8(graph, node)) return false;
  if (is_paired(node)) return false;
  const Convolution conv = convolution_of(graph, node, node.op == "ConvTranspose2d");
  if (!has_windows(node, conv) || !conv.is_plain()) return false;
  if (conv.cols.out < 2 || conv.out_c < kLeastOutputs) return false;
  const auto weights = integers(weight_table(graph, node));
  return packed_weights(weights, conv.out_c).empty() && sparse_weights(weights).empty() &&
         std::ranges::find(weights, -128) == weights.end();
}

bool is_twin(const ir::Node &node) { return node.integer("twins", 0) != 0; }

}  // namespace thimble::ops
