// AsStrided: output elements that are input elements at strides, as in torch.as_strided: what is
// left of slices, repetitions, flips, and transpositions of more than three axes.
//
// Attributes: size {n}, stride {n} (0 and negative ones too), offset; out_shape {rows, cols,
// channels}. Stored element number e of the output, with the digits i0, i1, ... in the mixed base
// `size`, is stored element offset + sum of ik * stride[k] of the input.
#include "ops/as_strided.h"

#include <algorithm>
#include <cstdlib>

#include "ops/families.h"
#include "ops/infer.h"
#include "ops/movement.h"
#include "ops/quantized.h"
#include "ops/strided_import.h"

namespace thimble::ops {
namespace {

constexpr std::size_t kMaxAxes = 8;  // digits that the kernel holds

Strided elements_of(const ir::Node &node) {
  const auto size = node.integers("size"), stride = node.integers("stride");
  Strided strided{node.integer("offset", 0), {}};
  for (std::size_t i = 0; i < size.size(); ++i) strided.axes.push_back({size[i], stride[i]});
  return strided;
}

Result<std::vector<ir::Type>> infer(const ir::Graph &graph, const ir::Node &node) {
  Diagnostics errors = check_arity(graph, node, 1, 0);
  const std::size_t axes = node.integers("size").size();
  if (axes > kMaxAxes)
    return node_error(node, "takes its elements from more than 8 axes", {},
                      "do it in two steps, a few axes at a time");
  if (errors.empty()) errors = check_integers(node, "size", axes, 1, kMaxElements, true);
  if (errors.empty())
    errors = check_integers(node, "stride", axes, -kMaxElements, kMaxElements, true);
  if (errors.empty()) errors = check_integers(node, "out_shape", 3, 1, kMaxElements, true);
  if (!errors.empty()) return errors;
  const auto sides = node.integers("out_shape");
  TRY(const ir::Shape shape, checked_shape(node, sides[0], sides[1], sides[2]));
  std::int64_t count = 1, lo = node.integer("offset", 0), hi = lo;
  for (const StridedAxis &axis : elements_of(node).axes) {
    count = std::min(count * axis.size, kMaxElements + 1);
    const std::int64_t reach = (axis.size - 1) * axis.stride;
    (reach < 0 ? lo : hi) += reach;
  }
  if (std::abs(node.integer("offset", 0)) > kMaxElements)
    return node_error(node, "attribute 'offset' is out of range");
  if (count != shape.elements()) return node_error(node, "its sizes do not fill its output");
  if (lo < 0 || hi >= graph.value(node.inputs[0]).type.shape.elements())
    return node_error(node, "reads beyond its input");
  return output_type(graph, node, shape);
}

void as_strided(const ir::Graph &, const ir::Node &node, std::span<const Tensor *const> inputs,
                std::span<Tensor> outputs) {
  move_strided(elements_of(node), *inputs[0], outputs[0]);
}

std::vector<Mode> modes(const ir::Graph &graph, const ir::Node &node) {
  return strided_modes(graph, node, elements_of(node));
}

Kernels kernels(const ir::Graph &graph, const ir::Node &node, const Numbers &, int) {
  return strided_kernels(graph, node, elements_of(node));
}

}  // namespace

// The slowest axis by itself, so that the list of places is short.
void move_strided(const Strided &strided, const Tensor &input, Tensor &output) {
  const std::vector<StridedAxis> axes = coalesced(strided).axes;
  const std::int64_t outer = axes.empty() ? 0 : axes[0].stride;
  const auto inner = sources({strided.offset, {axes.begin() + (axes.empty() ? 0 : 1), axes.end()}});
  const auto count = static_cast<std::int64_t>(inner.size());
  const auto source = [&](std::int64_t i) {
    return i / count * outer + inner[static_cast<std::size_t>(i % count)];
  };
  move_elements(input, output, output.type.shape.elements(), source, same_place);
}

std::vector<Mode> strided_modes(const ir::Graph &graph, const ir::Node &node,
                                const Strided &strided) {
  Mode mode;
  mode.name = "window";
  mode.inputs = {strided_access(strided, graph.value(node.inputs[0]).type.shape,
                                graph.value(node.outputs[0]).type.shape)};
  return {mode};
}

Kernels strided_kernels(const ir::Graph &graph, const ir::Node &node, const Strided &strided) {
  const ir::Shape &in = graph.value(node.inputs[0]).type.shape;
  const ir::Shape &out = graph.value(node.outputs[0]).type.shape;
  std::vector<StridedAxis> axes = coalesced(strided).axes;
  if (axes.empty()) axes.push_back({});
  std::vector<std::int64_t> table;
  for (const StridedAxis &axis : axes) table.insert(table.end(), {axis.size, axis.stride});
  Kernel kernel;
  kernel.file = kernel_file("as_strided", graph, node);
  kernel.sizes = {{"out_w", out.cols},
                  {"out_c", out.channels},
                  {"in_count", std::int64_t{in.cols} * in.channels},
                  {"offset", strided.offset},
                  {"last", static_cast<std::int64_t>(axes.size()) - 1}};
  kernel.tables = {{"axes", "int32_t", table}};
  return {.row = kernel};
}

const Operator kAsStrided = {
    .name = "AsStrided",
    .summary = "elements at strides: slices, repetitions, flips, other orders of axes",
    .imports = strided_import_rules(),
    .infer = infer,
    .eval_float = move_float<as_strided>,
    .eval_int = move_int<as_strided>,
    .modes = modes,
    .kernels = kernels,
    .quant_rule = Operator::QuantRule::kSameAsInput,
};

}  // namespace thimble::ops
