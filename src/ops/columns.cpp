// Columns: some neighbouring columns of a tensor, read where they lie. The strips of plan/strips.h
// are made of them; no importer makes one.
//
// Attributes: begin, end: columns [begin, end) of the input.
#include <fmt/format.h>

#include "ops/families.h"
#include "ops/infer.h"
#include "ops/movement.h"

namespace thimble::ops {
namespace {

Result<std::vector<ir::Type>> infer_columns(const ir::Graph &graph, const ir::Node &node) {
  if (auto errors = check_arity(graph, node, 1, 0); !errors.empty()) return errors;
  const ir::Shape &in = graph.value(node.inputs[0]).type.shape;
  const std::int64_t begin = node.integer("begin", -1), end = node.integer("end", -1);
  if (begin < 0 || begin >= end || end > in.cols)
    return node_error(node, fmt::format("takes columns {} to {} of {}", begin, end, in.cols));
  TRY(const ir::Shape shape, checked_shape(node, in.rows, end - begin, in.channels));
  return output_type(graph, node, shape);
}

void columns(const ir::Graph &, const ir::Node &node, std::span<const Tensor *const> inputs,
             std::span<Tensor> outputs) {
  const ir::Shape &in = inputs[0]->type.shape, &out = outputs[0].type.shape;
  const std::int64_t run = std::int64_t{out.cols} * out.channels;
  const std::int64_t pitch = std::int64_t{in.cols} * in.channels;
  const std::int64_t start = node.integer("begin", 0) * in.channels;
  move_elements(
      *inputs[0], outputs[0], out.elements(),
      [&](std::int64_t i) { return start + i / run * pitch + i % run; }, same_place);
}

std::optional<View> columns_view(const ir::Graph &, const ir::Node &node) {
  return View{View::Kind::kColumns, {static_cast<int>(node.integer("begin", 0))}};
}

}  // namespace

const Operator kColumns = {
    .name = "Columns",
    .summary = "some neighbouring columns, read where they lie; costs nothing",
    .imports = {},
    .infer = infer_columns,
    .eval_float = move_float<columns>,
    .eval_int = move_int<columns>,
    .view = columns_view,
    .quant_rule = Operator::QuantRule::kSameAsInput,
};

}  // namespace thimble::ops
