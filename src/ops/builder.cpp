// What importers build with: foreign names to values, constants, element orders, collected errors.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "ops/import.h"
#include "ops/infer.h"
#include "ops/operator.h"
#include "support/check.h"

namespace thimble::ops {

Builder::Builder(const ForeignGraph &foreign, ir::Graph &graph) : foreign_(foreign), graph_(graph) {
  for (const auto &[name, tensor] : foreign.constants) bound_[name] = {tensor.dims, kConstantValue};
}

const Imported *Builder::find(const std::string &foreign_name) const {
  const auto found = bound_.find(foreign_name);
  return found == bound_.end() ? nullptr : &found->second;
}

const ForeignTensor *Builder::constant(const std::string &foreign_name) const {
  const auto found = foreign_.constants.find(foreign_name);
  return found == foreign_.constants.end() ? nullptr : &found->second;
}

bool Builder::has_input(const ForeignNode &node, std::size_t index) const {
  return index < node.inputs.size() && !node.inputs[index].empty();
}

const Imported *Builder::activation(const ForeignNode &node, std::size_t index) {
  if (!has_input(node, index)) {
    error(node, fmt::format("lacks input {}", index));
    return nullptr;
  }
  const std::string &name = node.inputs[index];
  const Imported *found = find(name);
  if (!found) {
    if (!unknown_.count(name)) error(node, fmt::format("reads '{}', which nothing makes", name));
    return nullptr;
  }
  if (found->value != kConstantValue) return found;
  error(node, fmt::format("input {} ('{}') is a constant", index, name),
        "this operator wants a value that the network computes there");
  return nullptr;
}

const ForeignTensor *Builder::weights(const ForeignNode &node, std::size_t index) {
  if (!has_input(node, index)) {
    error(node, fmt::format("lacks input {}", index));
    return nullptr;
  }
  const std::string &name = node.inputs[index];
  const ForeignTensor *tensor = constant(name);
  if (!tensor) {
    if (!unknown_.count(name))
      error(node, fmt::format("input {} ('{}') is not a constant", index, name),
            "weights must be stored in the file");
    return nullptr;
  }
  if (!tensor->is_float())
    error(node, fmt::format("constant '{}' is not an array of floats", name), {},
          "export the float model: Thimble quantizes it itself");
  else if (tensor->elements() != static_cast<std::int64_t>(tensor->f32.size()) ||
           tensor->elements() > kMaxElements)
    error(node, fmt::format("the data of constant '{}' do not fill its dimensions", name));
  else if (!std::all_of(tensor->f32.begin(), tensor->f32.end(),
                        [](float x) { return std::isfinite(x); }))
    error(node, fmt::format("constant '{}' holds a number that is not finite", name),
          "training diverged, or the file is damaged");
  else
    return tensor;
  return nullptr;
}

ir::ValueId Builder::add(const ForeignNode &node, std::string op, std::vector<ir::ValueId> inputs,
                         std::vector<ir::ConstantId> constants, ir::Attributes attributes) {
  return add_named(node, "", std::move(op), std::move(inputs), std::move(constants),
                   std::move(attributes));
}

ir::ValueId Builder::add_named(const ForeignNode &node, const std::string &suffix, std::string op,
                               std::vector<ir::ValueId> inputs,
                               std::vector<ir::ConstantId> constants, ir::Attributes attributes) {
  if (node_failed_ || std::count(inputs.begin(), inputs.end(), kFailedValue)) return kFailedValue;
  ir::Node added{node.name + suffix,   std::move(op), std::move(inputs), std::move(constants), {},
                 std::move(attributes)};
  const Operator &op_of_added = operator_of(added);
  const auto types = op_of_added.infer(graph_, added);
  if (!types.ok()) {
    for (const Diagnostic &found : types.diagnostics())
      error(node, found.what, found.why, found.fix);
    return kFailedValue;
  }
  CHECK(types->size() == 1, "node '" + added.name + "': importers add nodes with one output");
  const std::string &name = node.outputs.empty() ? node.name : node.outputs[0];
  const ir::ValueId value = graph_.add_value(name + suffix, types->front());
  added.outputs = {value};
  graph_.add_node(std::move(added));
  return value;
}

void Builder::bind(const std::string &foreign_name, ir::ValueId value,
                   std::vector<std::int64_t> dims) {
  CHECK(value != kConstantValue, "'" + foreign_name + "' is bound to a value of the graph");
  if (!foreign_name.empty()) bound_[foreign_name] = {std::move(dims), value};
}

ir::ConstantId Builder::add_constant(const std::string &name, std::vector<int> dims,
                                     std::vector<float> data) {
  ir::Constant constant{name, std::move(dims), std::move(data), {}};
  CHECK(static_cast<std::size_t>(constant.elements()) ==
            std::get<std::vector<float>>(constant.data).size(),
        "constant '" + name + "': data fill the dimensions");
  return graph_.add_constant(std::move(constant));
}

ir::ValueId Builder::add_reshape(const ForeignNode &node, ir::ValueId input,
                                 const ir::Shape &shape) {
  if (input == kFailedValue || graph_.value(input).type.shape == shape) return input;
  return add(node, "Reshape", {input}, {},
             {{"out_shape", std::vector<std::int64_t>{shape.rows, shape.cols, shape.channels}}});
}

// The file's order is channel, row, column; it differs from the stored one only where there are
// both several channels and several pixels.
ir::ValueId Builder::to_file_order(const ForeignNode &node, const Imported &input) {
  if (input.value < 0) return kFailedValue;
  const ir::Shape shape = graph_.value(input.value).type.shape;
  ir::ValueId value = input.value;
  if (shape.channels > 1 && shape.rows * shape.cols > 1)
    value = add_named(node, "_order", "Permute", {value}, {},
                      {{"perm", std::vector<std::int64_t>{2, 0, 1}}});
  return add_reshape(node, value, {1, 1, static_cast<int>(shape.elements())});
}

ir::ValueId Builder::from_file_order(const ForeignNode &node, ir::ValueId flat,
                                     const std::vector<std::int64_t> &dims) {
  const auto stored = stored_shape(dims);
  if (!stored.ok()) {
    for (const Diagnostic &found : stored.diagnostics())
      error(node, found.what, found.why, found.fix);
    return kFailedValue;
  }
  if (stored->channels == 1 || stored->rows * stored->cols == 1)
    return add_reshape(node, flat, *stored);
  const ir::ValueId planes =
      add_reshape(node, flat, {stored->channels, stored->rows, stored->cols});
  return add_named(node, "_order", "Permute", {planes}, {},
                   {{"perm", std::vector<std::int64_t>{1, 2, 0}}});
}

void Builder::error(const ForeignNode &node, std::string what, std::string why, std::string fix) {
  Diagnostic diagnostic = model_error(std::move(what), std::move(why), std::move(fix));
  diagnostic.node = node.name;
  diagnostic.op = node.domain == "aten" ? "aten." + node.op : node.op;
  error(std::move(diagnostic));
}

void Builder::error(Diagnostic diagnostic) {
  diagnostic.file = foreign_.file;
  diagnostics_.push_back(std::move(diagnostic));
  node_failed_ = true;
}

void Builder::start(const ForeignNode &node) {
  node_failed_ = false;
  for (const std::string &output : node.outputs)
    if (bound_.count(output)) error(node, fmt::format("makes '{}' a second time", output));
}

void Builder::finish(const ForeignNode &node) {
  for (const std::string &output : node.outputs)
    if (!output.empty() && !bound_.count(output)) unknown_.insert(output);
}

}  // namespace thimble::ops
