// What importers build with: foreign names to values, constants, element orders, collected errors.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "ops/constant.h"
#include "ops/import.h"
#include "ops/infer.h"
#include "ops/operator.h"
#include "support/check.h"

namespace thimble::ops {

Builder::Builder(const ForeignGraph &foreign, ir::Graph &graph) : foreign_(foreign), graph_(graph) {
  for (const auto &[name, tensor] : foreign.constants) bound_[name] = {tensor.dims, kConstantValue};
  for (const ForeignNode &node : foreign.nodes)
    read_.insert(node.inputs.begin(), node.inputs.end());
  for (const ForeignPort &output : foreign.outputs) read_.insert(output.name);
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
  const ForeignTensor *tensor = weights(node, index);
  if (!tensor) return nullptr;
  const auto value = add_constant_value(graph_, name, *tensor, axes());
  if (value.ok()) return &(bound_[name] = {tensor->dims, *value});
  for (const Diagnostic &wrong : value.diagnostics()) error(node, wrong.what, wrong.why, wrong.fix);
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

bool Builder::is_read(const std::string &foreign_name) const {
  return !foreign_name.empty() && read_.count(foreign_name) != 0;
}

ir::ValueId Builder::add(const ForeignNode &node, std::string op, std::vector<ir::ValueId> inputs,
                         std::vector<ir::ConstantId> constants, ir::Attributes attributes) {
  return add_named(node, "", 0, std::move(op), std::move(inputs), std::move(constants),
                   std::move(attributes));
}

ir::ValueId Builder::add_named(const ForeignNode &node, const std::string &suffix,
                               std::size_t output, std::string op, std::vector<ir::ValueId> inputs,
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
  const std::string &name = output < node.outputs.size() ? node.outputs[output] : node.name;
  const ir::ValueId value = graph_.add_value(name + suffix, types->front());
  added.outputs = {value};
  graph_.add_node(std::move(added));
  return value;
}

void Builder::bind(const std::string &foreign_name, ir::ValueId value, Dims dims) {
  CHECK(value != kConstantValue, "'" + foreign_name + "' is bound to a value of the graph");
  const auto layout = layout_of(dims);
  CHECK(value < 0 || (layout.ok() && layout->shape == graph_.value(value).type.shape),
        "'" + foreign_name + "' is bound to a value that is stored otherwise");
  if (foreign_name.empty() || !layout.ok()) return;
  if (value >= 0 && quant(foreign_name)) value = add_quantized(foreign_name, value);
  bound_[foreign_name] = {std::move(dims), value};
}

const ir::Quant *Builder::quant(const std::string &foreign_name) const {
  const auto found = foreign_.quants.find(foreign_name);
  return found == foreign_.quants.end() ? nullptr : &found->second;
}

// Nothing where the value has just these levels already. Of the two values the one that stays after
// absorb-qdq has the foreign name.
ir::ValueId Builder::add_quantized(const std::string &name, ir::ValueId value) {
  const ir::Attributes levels{{"scale", double{quant(name)->scale}},
                              {"zero_point", std::int64_t{quant(name)->zero_point}}};
  const auto maker = graph_.producer(value);
  if (maker && graph_.node(*maker).op == "FakeQuantize" && graph_.node(*maker).attributes == levels)
    return value;
  std::string quantized_name = name + "_quantized";
  if (is_output(name) && graph_.value(value).name == name)
    std::swap(quantized_name, graph_.value(value).name);
  const ir::ValueId quantized = graph_.add_value(quantized_name, graph_.value(value).type);
  graph_.add_node({name + "_quantized", "FakeQuantize", {value}, {}, {quantized}, levels});
  return quantized;
}

bool Builder::is_output(const std::string &foreign_name) const {
  return std::any_of(foreign_.outputs.begin(), foreign_.outputs.end(),
                     [&](const ForeignPort &port) { return port.name == foreign_name; });
}

bool Builder::one_sample(const ForeignNode &node, const Dims &dims) {
  if (dims.empty() || dims[0] == 1) return true;
  error(node, fmt::format("reads a batch of {}", dims[0]),
        "this operator works on one sample at a time", "export with batch size 1");
  return false;
}

ir::ConstantId Builder::add_constant(const std::string &name, std::vector<int> dims,
                                     std::vector<float> data) {
  ir::Constant constant{name, std::move(dims), std::move(data), {}};
  CHECK(static_cast<std::size_t>(constant.elements()) ==
            std::get<std::vector<float>>(constant.data).size(),
        "constant '" + name + "': data fill the dimensions");
  const ForeignTensor *stored = this->constant(name);
  const std::size_t count = stored ? stored->scales.size() : 0;
  if (count == 1 || (!constant.dims.empty() && count == static_cast<std::size_t>(constant.dims[0])))
    constant.scales = stored->scales;
  if (!constant.scales.empty()) constant.multiples = stored->multiples;
  return graph_.add_constant(std::move(constant));
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
