// Constant: a tensor that is there from the start, copied row by row from flash when it is wanted.
//
// Constant 0: the elements as floats, [rows][cols][channels]; an int8 graph rounds them to the
// output's levels.
#include "ops/constant.h"

#include "ops/evaluate.h"
#include "ops/families.h"
#include "ops/infer.h"
#include "ops/layout.h"

namespace thimble::ops {
namespace {

const ir::Constant &elements_of(const ir::Graph &graph, const ir::Node &node) {
  return graph.constant(node.constants.at(0));
}

Result<std::vector<ir::Type>> infer(const ir::Graph &graph, const ir::Node &node) {
  if (auto errors = check_arity(graph, node, 0, 1); !errors.empty()) return errors;
  const ir::Constant &elements = elements_of(graph, node);
  if (elements.dtype() != ir::DType::kF32 || elements.dims.size() != 3)
    return node_error(node, "its elements must be floats of [rows][cols][channels]");
  const auto &dims = elements.dims;
  TRY(const ir::Shape shape, checked_shape(node, dims[0], dims[1], dims[2]));
  if (static_cast<std::int64_t>(std::get<std::vector<float>>(elements.data).size()) !=
      shape.elements())
    return node_error(node, "its elements do not fill its shape");
  ir::Type type{shape, ir::DType::kF32, {}};
  if (node.outputs.empty()) return std::vector{type};
  const ir::Type &current = graph.value(node.outputs[0]).type;
  if (current.dtype == ir::DType::kI8) type = {shape, ir::DType::kI8, current.quant};
  return std::vector{type};
}

Tensor tensor_of(const ir::Graph &graph, const ir::Node &node) {
  return from_real(graph.value(node.outputs[0]).type,
                   std::get<std::vector<float>>(elements_of(graph, node).data));
}

void eval_float(const ir::Graph &graph, const ir::Node &node, std::span<const Tensor *const>,
                std::span<Tensor> outputs) {
  outputs[0] = tensor_of(graph, node);
}

void eval_int(const ir::Graph &graph, const ir::Node &node, const Numbers &,
              std::span<const Tensor *const>, std::span<Tensor> outputs) {
  outputs[0] = tensor_of(graph, node);
}

std::vector<Mode> modes(const ir::Graph &, const ir::Node &) {
  Mode mode;
  mode.name = "window";
  return {mode};
}

Kernels kernels(const ir::Graph &graph, const ir::Node &node, const Numbers &, int) {
  const Tensor tensor = tensor_of(graph, node);
  const bool is_int8 = tensor.type.dtype == ir::DType::kI8;
  Kernel kernel;
  kernel.file = is_int8 ? "constant_i8" : "constant_f32";
  kernel.sizes = {{"out_w", tensor.type.shape.cols}, {"out_c", tensor.type.shape.channels}};
  Table table{"weight", is_int8 ? "int8_t" : "float", tensor.f32, true};
  if (is_int8) table.data = std::vector<std::int64_t>(tensor.i8.begin(), tensor.i8.end());
  kernel.tables = {table};
  return {.row = kernel};
}

}  // namespace

Result<ir::ValueId> add_constant_value(ir::Graph &graph, const std::string &name,
                                       const ForeignTensor &tensor, ir::AxisOrder axes) {
  TRY(const Layout layout, ops::layout_of(tensor.dims, axes));
  const ir::Shape &shape = layout.shape;
  if (static_cast<std::int64_t>(tensor.f32.size()) != shape.elements())
    return model_error("the data of constant '" + name + "' do not fill its dimensions");
  const std::vector<int> dims(tensor.dims.begin(), tensor.dims.end());
  std::vector<float> stored;
  stored.reserve(tensor.f32.size());
  for (const std::int64_t from : ir::stored_order({-1, dims, axes}, shape))
    stored.push_back(tensor.f32.at(static_cast<std::size_t>(from)));
  const ir::ConstantId elements =
      graph.add_constant({name,
                          {shape.rows, shape.cols, shape.channels},
                          std::move(stored),
                          tensor.scales.size() == 1 ? tensor.scales : std::vector<float>{}});
  const ir::ValueId value = graph.add_value(name, {shape, ir::DType::kF32, {}});
  graph.add_node({name, "Constant", {}, {elements}, {value}, {}});
  return value;
}

const Operator kConstant = {
    .name = "Constant",
    .summary = "a tensor that the file holds",
    .imports = {},
    .infer = infer,
    .eval_float = eval_float,
    .eval_int = eval_int,
    .modes = modes,
    .kernels = kernels,
};

}  // namespace thimble::ops
