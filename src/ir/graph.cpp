// Graph's invariant kept while it changes: names made unique, ids in range, order restored.
#include "ir/graph.h"

#include <algorithm>
#include <numeric>

#include "ir/layout.h"
#include "support/check.h"

namespace thimble::ir {
namespace {

template <class Items>
bool taken(const Items &items, const std::string &name) {
  return std::any_of(items.begin(), items.end(), [&](const auto &i) { return i.name == name; });
}

// `name`, or `name_1`, `name_2`, ... : the first that no item has.
template <class Items>
std::string unique_name(const Items &items, std::string name, const char *when_empty) {
  if (name.empty()) name = when_empty;
  if (!taken(items, name)) return name;
  for (int suffix = 1;; ++suffix) {
    std::string candidate = name + "_" + std::to_string(suffix);
    if (!taken(items, candidate)) return candidate;
  }
}

template <class T>
const T *attribute(const Attributes &attributes, std::string_view key) {
  const auto at = attributes.find(std::string(key));
  return at == attributes.end() ? nullptr : std::get_if<T>(&at->second);
}

// Keeps the items that `used` marks; gives each old index its new one (-1: gone).
template <class T>
std::vector<int> compact(std::vector<T> &items, const std::vector<bool> &used) {
  std::vector<int> renumbered(items.size(), -1);
  std::vector<T> kept;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (!used[i]) continue;
    renumbered[i] = static_cast<int>(kept.size());
    kept.push_back(std::move(items[i]));
  }
  items = std::move(kept);
  return renumbered;
}

void renumber(std::vector<int> &ids, const std::vector<int> &renumbered) {
  for (int &id : ids) id = renumbered[id];
}

}  // namespace

int element_bytes(DType dtype) { return dtype == DType::kI8 ? 1 : 4; }

std::string_view to_string(DType dtype) {
  switch (dtype) {
    case DType::kF32:
      return "f32";
    case DType::kI8:
      return "i8";
    case DType::kI32:
      return "i32";
  }
  return "f32";
}

std::int64_t Constant::elements() const {
  return std::accumulate(dims.begin(), dims.end(), std::int64_t{1}, std::multiplies<>());
}

std::int64_t Node::integer(std::string_view key, std::int64_t otherwise) const {
  const auto *value = attribute<std::int64_t>(attributes, key);
  return value ? *value : otherwise;
}

double Node::real(std::string_view key, double otherwise) const {
  if (const auto *value = attribute<double>(attributes, key)) return *value;
  const auto *whole = attribute<std::int64_t>(attributes, key);
  return whole ? static_cast<double>(*whole) : otherwise;
}

std::vector<std::int64_t> Node::integers(std::string_view key,
                                         std::vector<std::int64_t> otherwise) const {
  const auto *value = attribute<std::vector<std::int64_t>>(attributes, key);
  return value ? *value : otherwise;
}

std::string Node::text(std::string_view key, std::string otherwise) const {
  const auto *value = attribute<std::string>(attributes, key);
  return value ? *value : otherwise;
}

ValueId Graph::add_value(std::string name, Type type) {
  values_.push_back({unique_name(values_, std::move(name), "value"), type});
  return static_cast<ValueId>(values_.size()) - 1;
}

ConstantId Graph::add_constant(Constant constant) {
  constant.name = unique_name(constants_, std::move(constant.name), "constant");
  constants_.push_back(std::move(constant));
  return static_cast<ConstantId>(constants_.size()) - 1;
}

NodeId Graph::add_node(Node node) {
  node.name = unique_name(nodes_, std::move(node.name), "node");
  nodes_.push_back(std::move(node));
  return static_cast<NodeId>(nodes_.size()) - 1;
}

void Graph::add_input(ValueId value, std::vector<int> dims, AxisOrder axes) {
  inputs_.push_back({value, std::move(dims), axes});
}

void Graph::add_output(ValueId value, std::vector<int> dims, AxisOrder axes) {
  outputs_.push_back({value, std::move(dims), axes});
}

std::optional<NodeId> Graph::producer(ValueId value) const {
  for (std::size_t id = 0; id < nodes_.size(); ++id) {
    const auto &outputs = nodes_[id].outputs;
    if (std::find(outputs.begin(), outputs.end(), value) != outputs.end()) {
      return static_cast<NodeId>(id);
    }
  }
  return std::nullopt;
}

std::vector<NodeId> Graph::consumers(ValueId value) const {
  std::vector<NodeId> found;
  for (std::size_t id = 0; id < nodes_.size(); ++id) {
    const auto &inputs = nodes_[id].inputs;
    if (std::find(inputs.begin(), inputs.end(), value) != inputs.end()) {
      found.push_back(static_cast<NodeId>(id));
    }
  }
  return found;
}

bool Graph::is_input(ValueId value) const {
  return std::any_of(inputs_.begin(), inputs_.end(), [&](auto &p) { return p.value == value; });
}

bool Graph::is_output(ValueId value) const {
  return std::any_of(outputs_.begin(), outputs_.end(), [&](auto &p) { return p.value == value; });
}

void Graph::replace_uses(ValueId from, ValueId to) {
  for (Node &node : nodes_) std::replace(node.inputs.begin(), node.inputs.end(), from, to);
  for (Port &port : outputs_) {
    if (port.value == from) port.value = to;
  }
}

void Graph::remove_dead() {
  std::vector<bool> value_read(values_.size()), node_used(nodes_.size()),
      constant_used(constants_.size());
  for (const Port &port : outputs_) value_read[port.value] = true;
  for (std::size_t id = nodes_.size(); id-- > 0;) {  // readers stand after what they read
    const Node &node = nodes_[id];
    node_used[id] = std::any_of(node.outputs.begin(), node.outputs.end(),
                                [&](ValueId value) { return value_read[value]; });
    if (!node_used[id]) continue;
    for (ValueId value : node.inputs) value_read[value] = true;
    for (ConstantId constant : node.constants) constant_used[constant] = true;
  }
  compact(nodes_, node_used);

  std::vector<bool> value_kept = value_read;
  for (const Port &port : inputs_) value_kept[port.value] = true;
  for (const Node &node : nodes_) {
    for (ValueId value : node.outputs) value_kept[value] = true;
  }
  const std::vector<int> new_values = compact(values_, value_kept);
  const std::vector<int> new_constants = compact(constants_, constant_used);
  for (Node &node : nodes_) {
    renumber(node.inputs, new_values);
    renumber(node.outputs, new_values);
    renumber(node.constants, new_constants);
  }
  for (Port &port : inputs_) port.value = new_values[port.value];
  for (Port &port : outputs_) port.value = new_values[port.value];
}

void Graph::sort() {
  std::vector<bool> made(values_.size(), false), placed(nodes_.size(), false);
  for (const Port &port : inputs_) made[port.value] = true;
  std::vector<Node> sorted;
  // Always the first node that can run: what is in order already stays as it is.
  for (std::size_t round = 0; round < nodes_.size(); ++round) {
    std::size_t id = 0;
    while (id < nodes_.size() &&
           (placed[id] || !std::all_of(nodes_[id].inputs.begin(), nodes_[id].inputs.end(),
                                       [&](ValueId value) { return made[value]; }))) {
      ++id;
    }
    CHECK(id < nodes_.size(), "graph '" + name + "' has a cycle or a value that nothing makes");
    placed[id] = true;
    for (ValueId value : nodes_[id].outputs) made[value] = true;
    sorted.push_back(std::move(nodes_[id]));
  }
  nodes_ = std::move(sorted);
}

std::vector<std::int64_t> stored_order(const Port &port, const Shape &shape) {
  std::int64_t count = 1;
  for (int dim : port.dims) count *= dim;
  CHECK(count == shape.elements(), "a port's dimensions do not match its value's shape");
  const std::vector<std::int64_t> dims(port.dims.begin(), port.dims.end());
  const std::vector<std::int64_t> strides = layout_of(dims, port.axes).strides;
  std::vector<std::int64_t> order(static_cast<std::size_t>(count));
  for (std::int64_t i = 0; i < count; ++i) {
    std::int64_t at = 0, rest = i;
    for (std::size_t axis = dims.size(); axis-- > 0; rest /= dims[axis])
      at += rest % dims[axis] * strides[axis];
    order[static_cast<std::size_t>(at)] = i;
  }
  return order;
}

}  // namespace thimble::ir
