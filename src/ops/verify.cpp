// Types and operators of a whole graph: what ir::verify, which knows neither, leaves open. Also the
// sums over a node's work and constants that the reports ask for.
#include "ir/verify.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "ops/infer.h"
#include "ops/operator.h"

namespace thimble::ops {
namespace {

void append(Diagnostics &all, const Diagnostics &more) {
  all.insert(all.end(), more.begin(), more.end());
}

std::string describe(const ir::Type &type) {
  std::string text = fmt::format("{} x {} x {} {}", type.shape.rows, type.shape.cols,
                                 type.shape.channels, ir::to_string(type.dtype));
  if (type.quant) text += fmt::format(" ({}, {})", type.quant->scale, type.quant->zero_point);
  return text;
}

// ir::verify has seen to the rest of its type.
Diagnostics verify_size(const ir::Value &value) {
  if (value.type.shape.elements() <= kMaxElements) return {};
  return {model_error(fmt::format("value '{}' is {}", value.name, describe(value.type)),
                      fmt::format("at most {} elements are supported", kMaxElements))};
}

// The output's quantization as the operator's rule has it.
Diagnostics verify_quant(const ir::Graph &graph, const ir::Node &node, const Operator &op) {
  const auto &output = graph.value(node.outputs[0]).type.quant;
  if (!output) return {};
  const auto differs = [&](ir::ValueId input) { return graph.value(input).type.quant != output; };
  bool sound = true;
  if (op.quant_rule == Operator::QuantRule::kSameAsInput) sound = !differs(node.inputs[0]);
  if (op.quant_rule == Operator::QuantRule::kShared)
    for (const ir::ValueId input : node.inputs) sound = sound && !differs(input);
  if (op.quant_rule == Operator::QuantRule::kFixed && op.fixed_quant)
    sound = *output == *op.fixed_quant;
  if (sound) return {};
  return {node_error(
      node, fmt::format("output is quantized as ({}, {})", output->scale, output->zero_point),
      op.quant_rule == Operator::QuantRule::kFixed
          ? "this operator's output has a fixed scale and zero point"
          : "this operator's inputs and output share scale and zero point")};
}

// Importers write a bias of zeros where a file has none.
bool is_absent_bias(const ir::Constant &constant) {
  return constant.dims.size() == 1 &&
         std::visit(
             [](const auto &data) {
               return std::all_of(data.begin(), data.end(), [](auto x) { return x == 0; });
             },
             constant.data);
}

Diagnostics verify_node(const ir::Graph &graph, const ir::Node &node) {
  const Operator *op = find_operator(node.op);
  if (!op) return {node_error(node, "is not an operator of Thimble", {}, "see `thimble ops`")};
  const auto types = op->infer(graph, node);
  if (!types.ok()) return types.diagnostics();
  if (types->size() != node.outputs.size())
    return {node_error(
        node, fmt::format("has {} outputs, makes {}", node.outputs.size(), types->size()))};
  for (std::size_t i = 0; i < types->size(); ++i)
    if (graph.value(node.outputs[i]).type != (*types)[i])
      return {node_error(
          node, fmt::format("output '{}' is {}, inferred {}", graph.value(node.outputs[i]).name,
                            describe(graph.value(node.outputs[i]).type), describe((*types)[i])))};
  return verify_quant(graph, node, *op);
}

}  // namespace

Diagnostics verify(const ir::Graph &graph) {
  Diagnostics found = ir::verify(graph);
  if (!found.empty()) return found;
  if (!graph.requant.empty() && !targets::parse_requant(graph.requant).ok())
    return {model_error("the graph asks for an unknown requantization, '" + graph.requant + "'")};
  for (const ir::Value &value : graph.values()) append(found, verify_size(value));
  if (!found.empty()) return found;
  for (const ir::Node &node : graph.nodes()) append(found, verify_node(graph, node));
  return found;
}

Status infer_types(ir::Graph &graph) {
  for (const ir::Node &node : graph.nodes()) {
    const Operator *op = find_operator(node.op);
    if (!op) return node_error(node, "is not an operator of Thimble", {}, "see `thimble ops`");
    TRY(const auto types, op->infer(graph, node));
    if (types.size() != node.outputs.size())
      return node_error(node,
                        fmt::format("has {} outputs, makes {}", node.outputs.size(), types.size()));
    for (std::size_t i = 0; i < types.size(); ++i) graph.value(node.outputs[i]).type = types[i];
  }
  return Unit{};
}

bool reads_whole_rows(const std::vector<Mode> &modes, std::size_t input) {
  return std::any_of(modes.begin(), modes.end(), [&](const Mode &mode) {
    const Access &access = mode.inputs.at(input);
    return !access.pitched && (access.kind != AccessKind::kWindow || access.cols.empty());
  });
}

std::int64_t macs(const ir::Graph &graph, const ir::Node &node) {
  const Operator &op = operator_of(node);
  return op.macs ? op.macs(graph, node) : 0;
}

std::int64_t macs(const ir::Graph &graph) {
  std::int64_t sum = 0;
  for (const ir::Node &node : graph.nodes()) sum += macs(graph, node);
  return sum;
}

std::int64_t parameter_count(const ir::Graph &graph) {
  std::set<ir::ConstantId> used;
  for (const ir::Node &node : graph.nodes())
    used.insert(node.constants.begin(), node.constants.end());
  std::int64_t count = 0;
  for (const ir::ConstantId id : used)
    if (!is_absent_bias(graph.constant(id))) count += graph.constant(id).elements();
  return count;
}

}  // namespace thimble::ops
