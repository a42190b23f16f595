// First every value gets its quantization: that of the FakeQuantize that makes it, of the one that
// alone reads it, or of what its operator keeps; then types, weights, and the FakeQuantizes that no
// longer change anything.
#include "passes/absorb_qdq.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "ops/infer.h"
#include "ops/operator.h"
#include "passes/integer_weights.h"
#include "passes/make_integer.h"
#include "passes/rewrite.h"

namespace thimble::passes {
namespace {

using Rule = ops::Operator::QuantRule;

constexpr const char *kWhy =
    "the file quantizes this network, and an int8 network has no float steps";
constexpr const char *kFix =
    "quantize this operator too, or give the float model and samples (--calib)";

bool is_fake_quantize(const ir::Node &node) { return node.op == "FakeQuantize"; }

ir::Quant quant_of(const ir::Node &node) {
  return {static_cast<float>(node.real("scale", 1)),
          static_cast<int>(node.integer("zero_point", 0))};
}

// The same elements in another shape.
bool is_view(const ir::Node &node) {
  const ops::Operator &op = ops::operator_of(node);
  return op.view && op.quant_rule == Rule::kSameAsInput;
}

// Every FakeQuantize that reads the value, or a view of it, says the same, and nothing else does.
std::optional<ir::Quant> quant_of_readers(const ir::Graph &graph, ir::ValueId value) {
  auto readers = graph.consumers(value);
  while (readers.size() == 1 && is_view(graph.node(readers[0])) && !graph.is_output(value)) {
    value = graph.node(readers[0]).outputs[0];
    readers = graph.consumers(value);
  }
  if (readers.empty() || graph.is_output(value)) return std::nullopt;
  const ir::Quant quant = quant_of(graph.node(readers[0]));
  const bool agreed = std::all_of(readers.begin(), readers.end(), [&](ir::NodeId reader) {
    return is_fake_quantize(graph.node(reader)) && quant_of(graph.node(reader)) == quant;
  });
  return agreed ? std::optional(quant) : std::nullopt;
}

// FakeQuantize of a Concat is a Concat of FakeQuantizes, whose inputs then share a scale as the
// operator asks.
void quantize_parts(ir::Graph &graph) {
  const auto count = static_cast<ir::NodeId>(graph.nodes().size());
  for (ir::NodeId id = 0; id < count; ++id) {
    if (ops::operator_of(graph.node(id)).quant_rule != Rule::kShared) continue;
    const auto quant = quant_of_readers(graph, graph.node(id).outputs[0]);
    if (!quant) continue;
    for (std::size_t i = 0; i < graph.node(id).inputs.size(); ++i) {
      const ir::ValueId part = graph.node(id).inputs[i];
      const auto maker = graph.producer(part);
      if (maker && is_fake_quantize(graph.node(*maker)) && quant_of(graph.node(*maker)) == *quant)
        continue;
      const std::string name = graph.value(part).name + "_requantized";
      const ir::ValueId made = graph.add_value(name, graph.value(part).type);
      graph.add_node(
          {name,
           "FakeQuantize",
           {part},
           {},
           {made},
           {{"scale", double{quant->scale}}, {"zero_point", std::int64_t{quant->zero_point}}}});
      graph.node(id).inputs[i] = made;
    }
  }
  graph.sort();
}

// Of the node's first output; none where the file does not say.
std::optional<ir::Quant> output_quant(const ir::Graph &graph, const ir::Node &node,
                                      const Quants &quants) {
  if (is_fake_quantize(node)) return quant_of(node);
  const ops::Operator &op = ops::operator_of(node);
  if (op.quant_rule == Rule::kFixed) return op.fixed_quant;
  if (op.quant_rule == Rule::kSameAsInput || op.quant_rule == Rule::kShared)
    return quants[node.inputs[0]];
  if (const auto asked = quant_of_readers(graph, node.outputs[0])) return asked;
  if (node.inputs.empty() && node.constants.size() == 1)
    return exact_quant(graph.constant(node.constants[0]));
  return std::nullopt;
}

Diagnostics choose_quants(const ir::Graph &graph, Quants &quants) {
  Diagnostics errors;
  for (const ir::Port &input : graph.inputs()) {
    quants[input.value] = quant_of_readers(graph, input.value);
    if (!quants[input.value])
      errors.push_back(model_error(
          fmt::format("network input '{}' is not quantized", graph.value(input.value).name), kWhy,
          "let one QuantizeLinear read it, and nothing else"));
  }
  for (const ir::Node &node : graph.nodes()) {
    const bool fed = std::all_of(node.inputs.begin(), node.inputs.end(),
                                 [&](ir::ValueId input) { return quants[input].has_value(); });
    const auto quant = output_quant(graph, node, quants);
    if (!ops::operator_of(node).eval_int)
      errors.push_back(ops::node_error(node, "has no int8 kernel", kWhy, kFix));
    else if (!quant && fed)  // else what it reads has been reported
      errors.push_back(ops::node_error(
          node, "its output is not quantized, or not by one scale alone", kWhy, kFix));
    for (const ir::ValueId output : node.outputs) quants[output] = quant;
  }
  return errors;
}

void bypass_idle(ir::Graph &graph) {
  for (ir::NodeId id = 0; id < static_cast<ir::NodeId>(graph.nodes().size()); ++id) {
    const ir::Node node = graph.node(id);
    if (!is_fake_quantize(node)) continue;
    const ir::ValueId in = node.inputs[0], out = node.outputs[0];
    const bool moves = graph.is_output(out) && (graph.is_input(in) || graph.is_output(in));
    if (!moves && graph.value(in).type.quant == graph.value(out).type.quant) bypass(graph, id);
  }
}

void forget_scales(ir::Graph &graph) {
  for (std::size_t id = 0; id < graph.constants().size(); ++id) {
    ir::Constant &constant = graph.constant(static_cast<ir::ConstantId>(id));
    if (constant.dtype() != ir::DType::kF32) continue;
    constant.scales.clear();
    constant.multiples.clear();
  }
}

bool asks_for_integers(const ir::Graph &graph) {
  return std::any_of(graph.nodes().begin(), graph.nodes().end(), [&](const ir::Node &node) {
    return is_fake_quantize(node) && graph.value(node.outputs[0]).type.dtype == ir::DType::kF32;
  });
}

}  // namespace

Result<ir::Graph> absorb_qdq(ir::Graph graph) {
  if (asks_for_integers(graph)) {
    graph.remove_dead();
    quantize_parts(graph);
    Quants quants(graph.values().size());
    if (auto errors = choose_quants(graph, quants); !errors.empty()) return errors;
    if (auto made = make_integer(graph, quants); !made.ok()) return made.diagnostics();
    bypass_idle(graph);
    clean_up(graph);
  }
  forget_scales(graph);
  return graph;
}

}  // namespace thimble::passes
