// Nodes run in the graph's order, each by its operator's function.
#include "train/module.h"

#include <set>

#include "support/check.h"
#include "train/differentiable.h"
#include "train/initialise.h"
#include "train/tensors.h"

namespace thimble::train {
namespace {

Diagnostic not_differentiable(const ir::Node &node) {
  Diagnostic error = model_error(
      "has no gradient", "training follows the slope of every operator between inputs and outputs",
      "leave it out of the model and do it behind the network");
  error.node = node.name;
  error.op = node.op;
  return error;
}

Diagnostic holds_integers(const std::string &what) {
  return model_error(what + " holds integers", "training starts from a network of floats",
                     "train the float model that this one was quantized from");
}

bool is_float(const ir::Constant &constant) { return constant.dtype() == ir::DType::kF32; }

Diagnostics untrainable(const ir::Graph &graph) {
  Diagnostics errors;
  for (const ir::Node &node : graph.nodes())
    if (!find_differentiable(node.op)) errors.push_back(not_differentiable(node));
  for (const ir::Value &value : graph.values())
    if (value.type.dtype != ir::DType::kF32)
      errors.push_back(holds_integers("value '" + value.name + "'"));
  for (const ir::Constant &constant : graph.constants())
    if (!is_float(constant)) errors.push_back(holds_integers("constant '" + constant.name + "'"));
  return errors;
}

std::vector<torch::Tensor> chosen(const std::vector<torch::Tensor> &values,
                                  const std::vector<ir::ValueId> &ids) {
  std::vector<torch::Tensor> tensors;
  for (const ir::ValueId id : ids) tensors.push_back(values[id]);
  return tensors;
}

void check_input(const ir::Graph &graph, const ir::Port &port, const torch::Tensor &input,
                 std::int64_t batch) {
  const auto &[name, type] = graph.value(port.value);
  const bool fits = input.dim() == 4 && input.size(0) == batch &&
                    input.size(1) == type.shape.rows && input.size(2) == type.shape.cols &&
                    input.size(3) == type.shape.channels;
  CHECK(fits, "input '" + name + "' is a tensor of another shape");
}

}  // namespace

Module::Module(ir::Graph graph) : graph_(std::move(graph)) {
  for (const ir::Constant &constant : graph_.constants())
    parameters_.push_back(to_tensor(constant).requires_grad_());
}

Result<Module> Module::make(ir::Graph graph) {
  if (Diagnostics errors = untrainable(graph); !errors.empty()) return errors;
  return Module(std::move(graph));
}

// The constants of a node, through the lens.
std::vector<torch::Tensor> Module::constants_of(ir::NodeId id, const Lens &lens) const {
  std::vector<torch::Tensor> constants;
  for (const ir::ConstantId constant : graph_.node(id).constants) {
    const torch::Tensor &parameter = parameters_[constant];
    constants.push_back(lens.constant ? lens.constant(graph_, id, constants.size(), parameter)
                                      : parameter);
  }
  return constants;
}

std::vector<torch::Tensor> Module::forward(const std::vector<torch::Tensor> &inputs,
                                           const Lens &lens) const {
  CHECK(!inputs.empty() && inputs.size() == graph_.inputs().size(), "one tensor a network input");
  const std::int64_t batch = inputs[0].size(0);
  std::vector<torch::Tensor> values(graph_.values().size());
  const auto set = [&](ir::ValueId id, const torch::Tensor &tensor) {
    values[id] = lens.value ? lens.value(id, tensor) : tensor;
  };
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    check_input(graph_, graph_.inputs()[i], inputs[i], batch);
    set(graph_.inputs()[i].value, inputs[i]);
  }
  for (ir::NodeId id = 0; id < static_cast<ir::NodeId>(graph_.nodes().size()); ++id) {
    const ir::Node &node = graph_.node(id);
    const Forward &forward = *find_differentiable(node.op);
    const Call call{graph_, node, batch, chosen(values, node.inputs), constants_of(id, lens)};
    set(node.outputs.at(0), forward(call));
  }
  std::vector<torch::Tensor> outputs;
  for (const ir::Port &port : graph_.outputs()) outputs.push_back(values[port.value]);
  return outputs;
}

void Module::initialise() {
  const torch::NoGradGuard no_gradients;
  std::set<ir::ConstantId> drawn;
  for (const ir::Node &node : graph_.nodes())
    for (std::size_t i = 0; i < node.constants.size(); ++i)
      if (drawn.insert(node.constants[i]).second)
        initialise_constant(node, i, parameters_[node.constants[i]],
                            parameters_[node.constants[0]].sizes().vec());
}

ir::Graph Module::graph() const {
  ir::Graph graph = graph_;
  for (std::size_t id = 0; id < parameters_.size(); ++id) {
    ir::Constant &constant = graph.constant(static_cast<ir::ConstantId>(id));
    std::vector<float> trained = to_floats(parameters_[id]);
    // Scales are those of weights that are whole multiples of them: trained ones no longer are.
    if (trained != std::get<std::vector<float>>(constant.data)) constant.scales.clear();
    constant.data = std::move(trained);
  }
  return graph;
}

void Module::take(const ir::Graph &graph) {
  const torch::NoGradGuard no_gradients;
  CHECK(graph.constants().size() == parameters_.size(), "a graph of other parameters");
  for (std::size_t id = 0; id < parameters_.size(); ++id)
    parameters_[id].copy_(to_tensor(graph.constant(static_cast<ir::ConstantId>(id))));
}

}  // namespace thimble::train
