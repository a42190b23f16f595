// Permute: exchanges the axes of a tensor. Importers add it where a file's element order matters
// and passes absorb it into weights; what is left becomes a kernel that needs all its input at
// once.
//
// Attribute: perm {3}, output axis i is input axis perm[i], over (rows, cols, channels).
#include "ops/permute.h"

#include <algorithm>

#include "ops/families.h"
#include "ops/infer.h"
#include "ops/movement.h"
#include "ops/quantized.h"

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
  const auto in = sides_of(graph.value(node.inputs[0]).type.shape);
  return output_type(graph, node, {in[perm[0]], in[perm[1]], in[perm[2]]});
}

void permute(const ir::Graph &, const ir::Node &node, std::span<const Tensor *const> inputs,
             std::span<Tensor> outputs) {
  const auto sources = permuted_sources(inputs[0]->type.shape, permutation(node));
  move_elements(
      *inputs[0], outputs[0], outputs[0].type.shape.elements(),
      [&](std::int64_t i) { return sources[i]; }, same_place);
}

std::vector<Mode> permute_modes(const ir::Graph &, const ir::Node &) {
  Mode mode;
  mode.name = "whole";
  mode.inputs = {{AccessKind::kWhole, {}, {}}};
  return {mode};
}

std::optional<View> permute_view(const ir::Graph &graph, const ir::Node &node) {
  if (moves_elements(graph.value(node.inputs[0]).type.shape, permutation(node)))
    return std::nullopt;
  return View{View::Kind::kReshape, {}};
}

Kernels permute_kernels(const ir::Graph &graph, const ir::Node &node, const Numbers &, int) {
  const ir::Shape &in = graph.value(node.inputs[0]).type.shape;
  const auto perm = permutation(node);
  Kernel kernel;
  kernel.file = kernel_file("permute", graph, node);
  kernel.sizes = {{"rows", in.rows},  {"cols", in.cols},  {"channels", in.channels},
                  {"perm0", perm[0]}, {"perm1", perm[1]}, {"perm2", perm[2]}};
  return {.row = kernel};
}

// Which file axis each stored axis (rows, columns, channels) is, -1 for none: [1,C,H,W], [1,C,L],
// [1,F].
std::array<int, 3> file_axes(std::size_t rank) {
  if (rank == 4) return {2, 3, 1};
  if (rank == 3) return {2, -1, 1};
  return {-1, -1, 1};
}

// The stored permutation of a file's; stored axes that the file lacks stay at the free places.
std::array<std::int64_t, 3> stored_permutation(const std::vector<std::int64_t> &file_perm) {
  const auto axes = file_axes(file_perm.size());
  std::array<std::int64_t, 3> perm{0, 1, 2};
  for (int i = 0; i < 3; ++i)
    if (axes[i] >= 0)
      perm[i] =
          std::find(axes.begin(), axes.end(), static_cast<int>(file_perm[axes[i]])) - axes.begin();
  return perm;
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
  for (std::int64_t i = 0; i < size; ++i) perm[i] = node.domain == "onnx" ? size - 1 - i : i;
  if (node.op == "transpose.int") {
    const std::int64_t a = node.integer("dim0", 0), b = node.integer("dim1", 0);
    if (a < -size || a >= size || b < -size || b >= size) return {};
    std::swap(perm[a < 0 ? a + size : a], perm[b < 0 ? b + size : b]);
  } else {
    perm = node.integers(node.domain == "onnx" ? "perm" : "dims", perm);
  }
  for (std::int64_t &axis : perm) axis += axis < 0 ? size : 0;
  return perm;
}

void import_permute(Builder &builder, const ForeignNode &node) {
  const Imported *found = builder.activation(node, 0);
  if (!found) return;
  const Imported input = *found;
  const auto perm = file_permutation(node, input.dims.size());
  if (!is_permutation_of_axes(perm, input.dims.size()) || perm.size() < 2 || perm.size() > 4)
    return builder.error(node, "does not name each axis of its input once");
  std::vector<std::int64_t> dims;
  for (const std::int64_t axis : perm) dims.push_back(input.dims[axis]);
  if (perm[0] != 0) {
    builder.error(node, "moves the batch axis", "a network runs on one sample at a time");
    return builder.bind(node.outputs.at(0), kFailedValue, dims);
  }
  const auto stored = stored_permutation(perm);
  const ir::ValueId value =
      builder.add(node, "Permute", {input.value}, {},
                  {{"perm", std::vector<std::int64_t>(stored.begin(), stored.end())}});
  builder.bind(node.outputs.at(0), value, dims);
}

}  // namespace

std::array<int, 3> permutation(const ir::Node &node) {
  const auto perm = node.integers("perm", {0, 1, 2});
  return {static_cast<int>(perm.at(0)), static_cast<int>(perm.at(1)), static_cast<int>(perm.at(2))};
}

std::vector<std::int64_t> permuted_sources(const ir::Shape &in, const std::array<int, 3> &perm) {
  const auto sides = sides_of(in);
  const std::array<std::int64_t, 3> strides{std::int64_t{in.cols} * in.channels, in.channels, 1};
  std::vector<std::int64_t> sources;
  sources.reserve(static_cast<std::size_t>(in.elements()));
  for (int a = 0; a < sides[perm[0]]; ++a)
    for (int b = 0; b < sides[perm[1]]; ++b)
      for (int c = 0; c < sides[perm[2]]; ++c)
        sources.push_back(a * strides[perm[0]] + b * strides[perm[1]] + c * strides[perm[2]]);
  return sources;
}

// Axes of one element may stand anywhere; the others must keep their order.
bool moves_elements(const ir::Shape &in, const std::array<int, 3> &perm) {
  const auto sides = sides_of(in);
  int last = -1;
  for (const int axis : perm) {
    if (sides[axis] == 1) continue;
    if (axis < last) return true;
    last = axis;
  }
  return false;
}

const Operator kPermute = {
    .name = "Permute",
    .summary = "exchanges rows, columns and channels",
    .imports = {{"onnx", "Transpose", import_permute},
                {"aten", "permute.default", import_permute},
                {"aten", "transpose.int", import_permute}},
    .infer = infer_permute,
    .eval_float = move_float<permute>,
    .eval_int = move_int<permute>,
    .modes = permute_modes,
    .view = permute_view,
    .kernels = permute_kernels,
    .quant_rule = Operator::QuantRule::kSameAsInput,
};

}  // namespace thimble::ops
