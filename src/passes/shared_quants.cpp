// Union-find over the values, joined node by node.
#include "passes/shared_quants.h"

#include <numeric>

#include "ops/operator.h"

namespace thimble::passes {
namespace {

using Rule = ops::Operator::QuantRule;

ir::ValueId find_root(std::vector<ir::ValueId> &parent, ir::ValueId value) {
  while (parent[value] != value) value = parent[value] = parent[parent[value]];
  return value;
}

}  // namespace

std::vector<SharedQuant> shared_quants(const ir::Graph &graph) {
  std::vector<ir::ValueId> parent(graph.values().size());
  std::iota(parent.begin(), parent.end(), 0);
  for (const ir::Node &node : graph.nodes()) {
    const Rule rule = ops::operator_of(node).quant_rule;
    if (rule != Rule::kSameAsInput && rule != Rule::kShared) continue;
    for (const ir::ValueId input : node.inputs)
      parent[find_root(parent, input)] = find_root(parent, node.outputs[0]);
  }
  std::vector<int> index(parent.size(), -1);
  std::vector<SharedQuant> groups;
  for (ir::ValueId value = 0; value < static_cast<ir::ValueId>(parent.size()); ++value) {
    int &group = index[find_root(parent, value)];
    if (group < 0) {
      group = static_cast<int>(groups.size());
      groups.emplace_back();
    }
    groups[group].values.push_back(value);
  }
  for (const ir::Node &node : graph.nodes()) {
    const ops::Operator &op = ops::operator_of(node);
    SharedQuant &group = groups[index[find_root(parent, node.outputs[0])]];
    if (op.quant_rule == Rule::kFixed) group.fixed = op.fixed_quant;
    if (op.quant_rule == Rule::kPreferred) group.preferred = op.fixed_quant;
  }
  return groups;
}

}  // namespace thimble::passes
