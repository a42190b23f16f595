// The one loop over a foreign network: ports, every node that an output needs through the importers
// of the table, and every error at once. What importers build with is in builder.cpp.
#include "ops/import.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "ir/verify.h"
#include "ops/composites.h"
#include "ops/constant.h"
#include "ops/fake_quantize.h"
#include "ops/infer.h"
#include "ops/operator.h"
#include "support/check.h"

namespace thimble::ops {
namespace {

using Importer = void (*)(Builder &, const ForeignNode &);

using Rules = std::map<std::pair<std::string_view, std::string_view>, Importer>;

const Rules &rules() {
  static const Rules all = [] {
    Rules rules;
    for (const Operator *op : all_operators())
      for (const ImportRule &rule : op->imports) rules[{rule.domain, rule.op}] = rule.import;
    for (const ImportRule &rule : composite_rules()) rules[{rule.domain, rule.op}] = rule.import;
    return rules;
  }();
  return all;
}

// Which nodes some output needs; exporters leave others behind (counters, shapes), and folding
// leaves nodes whose outputs have become constants.
std::vector<bool> needed_nodes(const ForeignGraph &foreign) {
  std::set<std::string> needed;
  for (const ForeignPort &output : foreign.outputs) needed.insert(output.name);
  std::vector<bool> result(foreign.nodes.size());
  for (std::size_t i = foreign.nodes.size(); i-- > 0;) {
    const ForeignNode &node = foreign.nodes[i];
    result[i] =
        std::any_of(node.outputs.begin(), node.outputs.end(), [&](const std::string &output) {
          return needed.count(output) != 0 && foreign.constants.count(output) == 0;
        });
    if (result[i]) needed.insert(node.inputs.begin(), node.inputs.end());
  }
  return result;
}

std::vector<int> port_dims(const std::vector<std::int64_t> &dims) {
  return {dims.begin(), dims.end()};
}

void import_input(Builder &builder, const ForeignPort &port) {
  const std::string what = fmt::format("network input '{}'", port.name);
  if (builder.find(port.name)) return builder.error(model_error(what + " is there twice"));
  if (std::any_of(port.dims.begin(), port.dims.end(), [](std::int64_t d) { return d < 0; }))
    return builder.error(model_error(what + " has a dimension that the file leaves open", {},
                                     "--dim NAME=N sets it, or export with a fixed shape"));
  if (port.type != ForeignType::kF32)
    return builder.error(model_error(what + " is not float32", {}, "export the float32 model"));
  const auto layout = builder.layout_of(port.dims);
  if (!layout.ok()) {
    const Diagnostic &found = layout.diagnostics().front();
    return builder.error(model_error(what + ": " + found.what, found.why, found.fix));
  }
  ir::Graph &graph = builder.graph();
  const ir::ValueId value = graph.add_value(port.name, {layout->shape, ir::DType::kF32, {}});
  graph.add_input(value, port_dims(port.dims), builder.axes());
  builder.bind(port.name, value, port.dims);
}

// What the file says an output is that is no tensor of real numbers; null where all are.
const std::string *odd_output(const ForeignGraph &foreign, const ForeignNode &node) {
  for (const std::string &output : node.outputs)
    if (const auto found = foreign.odd_types.find(output); found != foreign.odd_types.end())
      return &found->second;
  return nullptr;
}

void import_node(Builder &builder, const ForeignGraph &foreign, const ForeignNode &node) {
  builder.start(node);
  const auto rule = rules().find({node.domain, node.op});
  if (rule == rules().end())
    builder.error(node, "operator is not supported", {}, "`thimble ops` lists those that are");
  else if (const std::string *odd = odd_output(foreign, node))
    builder.error(node, "makes a tensor of " + *odd,
                  "networks compute with float32, or with int8 and one scale a tensor",
                  "convert the model with int8 or float32 activations");
  else
    rule->second(builder, node);
  builder.finish(node);
}

// A network output that no node makes on its own (an input, or another output) becomes a copy.
ir::ValueId own_value(ir::Graph &graph, ir::ValueId value, const std::string &name) {
  if (!graph.is_input(value) && !graph.is_output(value)) return value;
  const ir::ValueId copy = graph.add_value(name + "_copy", graph.value(value).type);
  graph.add_node({name + "_copy", "Copy", {value}, {}, {copy}, {}});
  return copy;
}

void import_output(Builder &builder, const ForeignPort &port) {
  const Imported *made = builder.find(port.name);
  if (made && made->value >= 0) {
    const ir::ValueId value = own_value(builder.graph(), made->value, port.name);
    return builder.graph().add_output(value, port_dims(made->dims), builder.axes());
  }
  const ForeignTensor *constant = builder.constant(port.name);
  if (made && made->value == kConstantValue && constant && constant->is_float()) {
    const auto value = add_constant_value(builder.graph(), port.name, *constant, builder.axes());
    if (value.ok())
      return builder.graph().add_output(*value, port_dims(constant->dims), builder.axes());
  }
  if (made && made->value == kConstantValue)
    builder.error(model_error(fmt::format("network output '{}' is a constant", port.name),
                              "it is not a tensor of floats, or it is too large"));
  else if (builder.diagnostics().empty())
    builder.error(model_error(fmt::format("network output '{}' is made by no node", port.name)));
}

Result<ir::Graph> verified(ir::Graph graph, const ForeignGraph &foreign) {
  Diagnostics found = ops::verify(graph);
  if (found.empty()) return graph;
  for (Diagnostic &diagnostic : found) diagnostic.file = foreign.file;
  return found;
}

}  // namespace

void import_as(Builder &builder, const ForeignNode &node) {
  const auto rule = rules().find({node.domain, node.op});
  CHECK(rule != rules().end(), "'" + node.op + "' can be imported");
  rule->second(builder, node);
}

Result<ir::Graph> import_graph(const ForeignGraph &foreign) {
  ir::Graph graph;
  graph.name = foreign.name;
  graph.requant = foreign.requant;
  Builder builder(foreign, graph);
  for (const ForeignPort &port : foreign.inputs) import_input(builder, port);
  const std::vector<bool> needed = needed_nodes(foreign);
  for (std::size_t i = 0; i < foreign.nodes.size(); ++i) {
    if (needed[i]) import_node(builder, foreign, foreign.nodes[i]);
    if (graph.values().size() > ir::kMaxItems) return verified(std::move(graph), foreign);
  }
  if (foreign.outputs.empty()) builder.error(model_error("the network has no outputs"));
  for (const ForeignPort &port : foreign.outputs) import_output(builder, port);
  if (foreign.inputs.empty())
    builder.error(model_error("the network has no inputs", "it would always give the same"));
  for (const Diagnostic &error : misread_integers(foreign)) builder.error(error);
  if (!builder.diagnostics().empty()) return builder.diagnostics();
  return verified(std::move(graph), foreign);
}

}  // namespace thimble::ops
