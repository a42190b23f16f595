// Permute: exchanges the axes of a tensor. Importers add it where a file's element order matters
// and passes absorb it into weights; what is left is made as AsStrided is.
//
// Attribute: perm {3}, output axis i is input axis perm[i], over (rows, cols, channels).
#include "ops/permute.h"

#include <algorithm>

#include "ops/as_strided.h"
#include "ops/families.h"
#include "ops/infer.h"
#include "ops/integer_list.h"
#include "ops/movement.h"
#include "ops/strided_view.h"

namespace thimble::ops {
namespace {

std::array<int, 3> sides_of(const ir::Shape &shape) {
  return {shape.rows, shape.cols, shape.channels};
}

Result<std::vector<ir::Type>> infer_permute(const ir::Graph &graph, const ir::Node &node) {
  Diagnostics errors = check_arity(graph, node, 1, 0);
  if (errors.empty()) errors = check_integers(node, "perm", 3, 0, 2, true);
  if (!errors.empty()) return errors;
  const auto perm = permutation(node);
  if (perm[0] == perm[1] || perm[1] == perm[2] || perm[0] == perm[2])
    return node_error(node, "attribute 'perm' names an axis twice");
  return output_type(graph, node, permuted_shape(graph.value(node.inputs[0]).type.shape, perm));
}

Strided elements_of(const ir::Graph &graph, const ir::Node &node) {
  return permuted_axes(graph.value(node.inputs[0]).type.shape, permutation(node));
}

void permute(const ir::Graph &graph, const ir::Node &node, std::span<const Tensor *const> inputs,
             std::span<Tensor> outputs) {
  move_strided(elements_of(graph, node), *inputs[0], outputs[0]);
}

std::vector<Mode> permute_modes(const ir::Graph &graph, const ir::Node &node) {
  return strided_modes(graph, node, elements_of(graph, node));
}

std::optional<View> permute_view(const ir::Graph &graph, const ir::Node &node) {
  if (moves_elements(graph.value(node.inputs[0]).type.shape, permutation(node)))
    return std::nullopt;
  return View{View::Kind::kReshape, {}};
}

Kernels permute_kernels(const ir::Graph &graph, const ir::Node &node, const Numbers &, int) {
  return strided_kernels(graph, node, elements_of(graph, node));
}

bool is_permutation_of_axes(std::vector<std::int64_t> perm, std::size_t rank) {
  std::sort(perm.begin(), perm.end());
  for (std::size_t i = 0; i < perm.size(); ++i)
    if (perm[i] != static_cast<std::int64_t>(i)) return false;
  return perm.size() == rank;
}

std::vector<std::int64_t> file_permutation(const ForeignNode &node, std::size_t rank) {
  const auto size = static_cast<std::int64_t>(rank);
  std::vector<std::int64_t> perm(rank);
  const bool reverses =
      node.domain == "onnx" || node.op == "t.default" || node.op == "numpy_T.default";
  for (std::int64_t i = 0; i < size; ++i) perm[i] = reverses ? size - 1 - i : i;
  if (node.op == "transpose.int") {
    const std::int64_t a = node.integer("dim0", 0), b = node.integer("dim1", 0);
    if (a < -size || a >= size || b < -size || b >= size) return {};
    std::swap(perm[a < 0 ? a + size : a], perm[b < 0 ? b + size : b]);
  } else {
    perm = node.integers(node.domain == "aten" ? "dims" : "perm", perm);
  }
  for (std::int64_t &axis : perm) axis += axis < 0 ? size : 0;
  return perm;
}

// TensorFlow Lite has the order in input 1.
void import_tflite_transpose(Builder &builder, const ForeignNode &node) {
  const Imported *input = builder.activation(node, 0);
  const auto perm = integer_list(builder, node, "perm", 1);
  if (!input || !perm) return;
  if (!is_permutation_of_axes(*perm, input->dims.size()))
    return builder.error(node, "does not name each axis of its input once");
  builder.bind_view(node, permuted(builder.view_of(*input), *perm));
}

void import_permute(Builder &builder, const ForeignNode &node) {
  const Imported *input = builder.activation(node, 0);
  if (!input) return;
  const auto perm = file_permutation(node, input->dims.size());
  if (!is_permutation_of_axes(perm, input->dims.size()))
    return builder.error(node, "does not name each axis of its input once");
  builder.bind_view(node, permuted(builder.view_of(*input), perm));
}

}  // namespace

std::array<int, 3> permutation(const ir::Node &node) {
  const auto perm = node.integers("perm", {0, 1, 2});
  return {static_cast<int>(perm.at(0)), static_cast<int>(perm.at(1)), static_cast<int>(perm.at(2))};
}

ir::Shape permuted_shape(const ir::Shape &in, const std::array<int, 3> &perm) {
  const auto sides = sides_of(in);
  return {sides[perm[0]], sides[perm[1]], sides[perm[2]]};
}

Strided permuted_axes(const ir::Shape &in, const std::array<int, 3> &perm) {
  const auto sides = sides_of(in);
  const std::array<std::int64_t, 3> strides{std::int64_t{in.cols} * in.channels, in.channels, 1};
  Strided strided;
  for (const int axis : perm) strided.axes.push_back({sides[axis], strides[axis]});
  return strided;
}

// Axes of one element may stand anywhere; the others must keep their order.
bool moves_elements(const ir::Shape &in, const std::array<int, 3> &perm) {
  return coalesced(permuted_axes(in, perm)) != coalesced(permuted_axes(in, {0, 1, 2}));
}

const Operator kPermute = {
    .name = "Permute",
    .summary = "exchanges rows, columns and channels",
    .imports = {{"onnx", "Transpose", import_permute},
                {"aten", "permute.default", import_permute},
                {"aten", "transpose.int", import_permute},
                {"aten", "t.default", import_permute},
                {"aten", "numpy_T.default", import_permute},
                {"tflite", "TRANSPOSE", import_tflite_transpose}},
    .infer = infer_permute,
    .eval_float = move_float<permute>,
    .eval_int = move_int<permute>,
    .modes = permute_modes,
    .view = permute_view,
    .kernels = permute_kernels,
    .quant_rule = Operator::QuantRule::kSameAsInput,
};

}  // namespace thimble::ops
