// Inputs, nodes in order, outputs. Every int8 value passes a QuantizeLinear and a DequantizeLinear
// once, behind the operator that makes it.
#include "frontends/onnx/write_onnx.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "frontends/onnx/write_nodes.h"
#include "ir/layout.h"
#include "ops/infer.h"

namespace thimble::frontends::onnx {
namespace {

Dims wide(const std::vector<int> &dims) { return {dims.begin(), dims.end()}; }

// Whether the port's array is file_dims of its value but for dimensions of 1.
bool lies_alike(const ir::Port &port, const ir::Shape &shape) {
  const auto steps = [](const Dims &dims, ir::AxisOrder axes) {
    const auto layout = ir::layout_of(dims, axes);
    std::vector<std::pair<std::int64_t, std::int64_t>> found;
    for (std::size_t i = 0; i < dims.size(); ++i)
      if (dims[i] != 1) found.emplace_back(dims[i], layout.strides[i]);
    return found;
  };
  return steps(wide(port.dims), port.axes) == steps(file_dims(shape), {});
}

bool has_file_dims(const ir::Port &port, const ir::Shape &shape) {
  return wide(port.dims) == file_dims(shape);
}

void write_from_port(Writing &writing, const ir::Port &port, const std::string &from,
                     const std::string &to) {
  const ir::Shape &shape = shape_of(writing, port.value);
  if (lies_alike(port, shape)) return write_reshape(writing, from, to, file_dims(shape));
  const auto layout = ir::layout_of(wide(port.dims), port.axes);
  const std::string ordered = writing.model.fresh(to + "_ordered");
  writing.model.node(
      "Transpose", {from}, ordered,
      {{"perm", std::vector<std::int64_t>(layout.order.begin(), layout.order.end())}});
  write_from_stored(writing, ordered, to, shape);
}

void write_to_port(Writing &writing, const ir::Port &port, const std::string &from,
                   const std::string &to) {
  const ir::Shape &shape = shape_of(writing, port.value);
  if (lies_alike(port, shape)) return write_reshape(writing, from, to, wide(port.dims));
  const auto layout = ir::layout_of(wide(port.dims), port.axes);
  Dims ordered_dims, back(port.dims.size());
  for (std::size_t i = 0; i < layout.order.size(); ++i) {
    ordered_dims.push_back(port.dims[layout.order[i]]);
    back[layout.order[i]] = static_cast<std::int64_t>(i);
  }
  const std::string stored = writing.model.fresh(to + "_stored");
  const std::string ordered = writing.model.fresh(to + "_ordered");
  write_to_stored(writing, from, stored, shape);
  write_reshape(writing, stored, ordered, ordered_dims);
  writing.model.node("Transpose", {ordered}, to, {{"perm", back}});
}

bool is_int8(const Writing &writing, ir::ValueId value) {
  return writing.graph.value(value).type.quant.has_value();
}

void write_input(Writing &writing, const ir::Port &port) {
  const std::string &name = writing.graph.value(port.value).name;
  std::string at = name;
  writing.model.input(name, port.dims);
  if (is_int8(writing, port.value)) {  // first: what quantizes an input reads it as it is
    at = writing.model.fresh(name + "_dequantized");
    write_quantization(writing, port.value, name, at);
  }
  if (!has_file_dims(port, shape_of(writing, port.value))) {
    const std::string from = at;
    at = writing.model.fresh(name + "_picture");
    write_from_port(writing, port, from, at);
  }
  writing.names[port.value] = at;
}

// Names of what nodes make: a network output that must be turned into its own dimensions leaves its
// name to the last step.
void name_values(Writing &writing) {
  for (const ir::Value &value : writing.graph.values()) {
    writing.model.fresh(value.name);
    writing.names.push_back(value.name);
  }
  for (const ir::Port &port : writing.graph.outputs())
    if (!has_file_dims(port, shape_of(writing, port.value)))
      writing.names[port.value] = writing.model.fresh(writing.names[port.value] + "_picture");
}

void write_output(Writing &writing, const ir::Port &port) {
  const std::string &name = writing.graph.value(port.value).name;
  if (!has_file_dims(port, shape_of(writing, port.value)))
    write_to_port(writing, port, writing.names[port.value], name);
  writing.model.output(name, port.dims);
}

Diagnostics check_zero_points(const ir::Graph &graph) {
  Diagnostics errors;
  for (const ir::Value &value : graph.values())
    if (value.type.quant && std::abs(value.type.quant->zero_point + 0.5) > 128)
      errors.push_back(model_error(
          fmt::format("'{}' has the zero point {}", value.name, value.type.quant->zero_point),
          "ONNX keeps it in an int8: zero must be among the levels",
          "calibrate with samples whose range of it holds zero"));
  return errors;
}

}  // namespace

Result<std::string> write_onnx(const ir::Graph &graph) {
  Diagnostics errors = check_zero_points(graph);
  Writing writing{graph, ModelWriter(graph.name.empty() ? "network" : graph.name), {}};
  name_values(writing);
  for (const ir::Port &port : graph.inputs()) write_input(writing, port);
  for (const ir::Node &node : graph.nodes()) {
    const ir::ValueId value = node.outputs[0];
    const bool rounds = is_int8(writing, value);
    const std::string made =
        rounds ? writing.model.fresh(writing.names[value] + "_real") : writing.names[value];
    const Status written =
        node.outputs.size() == 1
            ? write_node(writing, node, made)
            : Status(ops::node_error(node, "has several outputs", "none such is written as ONNX"));
    errors.insert(errors.end(), written.diagnostics().begin(), written.diagnostics().end());
    if (rounds) write_quantization(writing, value, made, writing.names[value]);
  }
  for (const ir::Port &port : graph.outputs()) write_output(writing, port);
  if (!errors.empty()) return errors;
  return writing.model.finish();
}

}  // namespace thimble::frontends::onnx
