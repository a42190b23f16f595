// Which convolutions read two pixels a word (pixel_twins.h).
#include "ops/pixel_twins.h"

#include <algorithm>

#include "ops/byte_pairs.h"
#include "ops/convolution.h"
#include "ops/copied_windows.h"
#include "ops/quantized.h"
#include "ops/weight_code.h"

namespace thimble::ops {
namespace {

// Of fewer, writing a window takes longer than multiplying by its words saves.
constexpr int kLeastOutputs = 4;

// Windows of a transposed one, too, where it has no strides.
bool has_windows(const Convolution &conv) {
  return !conv.rows.transposed || (conv.rows.stride == 1 && conv.cols.stride == 1);
}

}  // namespace

bool can_twin(const ir::Graph &graph, const ir::Node &node) {
  const bool is_transposed = node.op == "ConvTranspose2d";
  if ((node.op != "Conv2d" && !is_transposed) || !is_int8(graph, node)) return false;
  const Convolution conv = convolution_of(graph, node, is_transposed);
  if (is_paired(node) || copies_windows(node) || !has_windows(conv) || !conv.is_plain())
    return false;
  if (conv.cols.out < 2 || conv.out_c < kLeastOutputs) return false;
  const auto weights = integers(weight_table(graph, node));
  return sparse_weights(weights).empty() && std::ranges::find(weights, -128) == weights.end();
}

bool is_twin(const ir::Node &node) { return node.integer("twins", 0) != 0; }

std::string twin_kernel(const std::string &file) {
  constexpr std::string_view kPlain = "conv2d_";
  if (!file.starts_with(kPlain)) return file;
  const std::string code = file.substr(kPlain.size());
  return code == "i8" || code.starts_with("w") ? "conv2d_twins_" + code : file;
}

}  // namespace thimble::ops
