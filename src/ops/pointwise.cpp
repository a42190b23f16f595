// Shapes, access and import of operators that work pixel by pixel.
#include "ops/pointwise.h"

#include "ops/infer.h"

namespace thimble::ops {
namespace {

std::vector<Range> one_each(int count) {
  std::vector<Range> ranges(count);
  for (int i = 0; i < count; ++i) ranges[i] = {i, i + 1};
  return ranges;
}

}  // namespace

Result<std::vector<ir::Type>> infer_pointwise(const ir::Graph &graph, const ir::Node &node) {
  if (auto errors = check_arity(graph, node, 1, 0); !errors.empty()) return errors;
  return output_type(graph, node, graph.value(node.inputs[0]).type.shape);
}

Mode pointwise_mode(const ir::Graph &graph, const ir::Node &node, WriteOrder order) {
  const ir::Shape &shape = graph.value(node.outputs[0]).type.shape;
  const Access access{AccessKind::kWindow, one_each(shape.rows), one_each(shape.cols)};
  Mode mode;
  mode.name = "window";
  mode.inputs.assign(node.inputs.size(), access);
  mode.order = order;
  return mode;
}

std::vector<Mode> elementwise_modes(const ir::Graph &graph, const ir::Node &node) {
  return {pointwise_mode(graph, node, WriteOrder::kElement)};
}

Kernel pointwise_kernel(const std::string &file, const ir::Graph &graph, const ir::Node &node) {
  Kernel kernel;
  kernel.file = file;
  kernel.sizes = {{"in_c", graph.value(node.inputs[0]).type.shape.channels}};
  return kernel;
}

void import_pointwise(Builder &builder, const ForeignNode &node, std::string op,
                      ir::Attributes attributes) {
  const Imported *input = builder.activation(node, 0);
  if (!input) return;
  const auto dims = input->dims;
  const ir::ValueId value =
      builder.add(node, std::move(op), {input->value}, {}, std::move(attributes));
  builder.bind(node.outputs.at(0), value, dims);
}

}  // namespace thimble::ops
