// The best trial is kept with all that it makes of the samples. Another one takes over the weights
// and values that no changed quantization reaches.
#include "passes/trials.h"

#include <algorithm>

#include "ops/evaluate.h"
#include "ops/infer.h"
#include "passes/quantize_weights.h"
#include "support/check.h"

namespace thimble::passes {
namespace {

bool has_weights(const ir::Node &node) {  // a Constant stays real
  return !node.constants.empty() && !node.inputs.empty();
}

void set_quants(ir::Graph &graph, const Quants &quants) {
  for (ir::ValueId id = 0; id < static_cast<ir::ValueId>(quants.size()); ++id) {
    graph.value(id).type.dtype = ir::DType::kI8;
    graph.value(id).type.quant = quants[id];
  }
}

void make_weights(ir::Graph &graph, ir::NodeId id, const Quants &quants,
                  const std::vector<Observed> &observed) {
  const ir::Node &node = graph.node(id);
  quantize_weights(graph, id,
                   {quants[node.inputs[0]].scale, quants[node.outputs[0]].scale,
                    observed[node.inputs[0]].means});
}

// Those of a node of the float graph again.
void restore_weights(ir::Graph &graph, ir::NodeId id, const ir::Graph &from) {
  for (std::size_t i = 0; i < from.node(id).constants.size(); ++i) {
    ir::Constant &constant = graph.constant(graph.node(id).constants[i]);
    const ir::Constant &real = from.constant(from.node(id).constants[i]);
    constant.data = real.data;
    constant.scales = real.scales;
  }
}

template <class Predicate>
bool is_any(const std::vector<ir::ValueId> &values, Predicate predicate) {
  return std::any_of(values.begin(), values.end(), predicate);
}

}  // namespace

ir::Graph with_quants(ir::Graph graph, const Quants &quants,
                      const std::vector<Observed> &observed) {
  set_quants(graph, quants);
  for (ir::NodeId id = 0; id < static_cast<ir::NodeId>(graph.nodes().size()); ++id)
    if (has_weights(graph.node(id))) make_weights(graph, id, quants, observed);
  const Diagnostics broken = ops::verify(graph);
  CHECK(broken.empty(), "after quantization: " + to_string(broken.front()));
  return graph;
}

Trials::Trials(const ir::Graph &graph, const std::vector<Observed> &observed,
               const Reference &reference)
    : graph_(graph), observed_(observed), reference_(reference) {
  for (const ir::Port &port : graph.outputs()) {
    Deviation real;
    for (const Tensors &values : reference.values) add_reals(real, values[port.value]);
    reals_.push_back(real);
  }
}

double Trials::error(const Quants &quants, double enough) {
  Trial trial = begin(quants);
  const std::vector<bool> stale = stale_values(trial);
  std::vector<double> square_sums(reals_.size(), 0);
  double error = 0;
  for (std::size_t sample = 0; sample < reference_.samples.size(); ++sample) {
    trial.values.push_back(evaluate(trial, stale, sample));
    for (std::size_t i = 0; i < reals_.size(); ++i) {
      const ir::ValueId id = graph_.outputs()[i].value;
      add_errors(square_sums[i], reference_.values[sample][id],
                 stale[id] ? trial.values[sample][id] : best_.values[sample][id]);
    }
    error = output_error(square_sums);
    if (error >= enough) return error;
  }
  for (std::size_t sample = 0; sample < best_.values.size(); ++sample)
    for (std::size_t id = 0; id < stale.size(); ++id)
      if (!stale[id]) trial.values[sample][id] = std::move(best_.values[sample][id]);
  best_ = std::move(trial);
  return error;
}

// The graph, without values.
Trials::Trial Trials::begin(const Quants &quants) const {
  if (best_.quants.empty()) return {quants, with_quants(graph_, quants, observed_), {}};
  Trial trial{quants, best_.graph, {}};
  set_quants(trial.graph, quants);
  for (ir::NodeId id = 0; id < static_cast<ir::NodeId>(graph_.nodes().size()); ++id) {
    const ir::Node &node = trial.graph.node(id);
    if (!has_weights(node)) continue;
    if (quants[node.inputs[0]].scale == best_.quants[node.inputs[0]].scale &&
        quants[node.outputs[0]].scale == best_.quants[node.outputs[0]].scale)
      continue;
    restore_weights(trial.graph, id, graph_);
    make_weights(trial.graph, id, quants, observed_);
  }
  return trial;
}

// By ValueId: whether it is another one than in the best trial.
std::vector<bool> Trials::stale_values(const Trial &trial) const {
  std::vector<bool> stale(trial.quants.size(), best_.quants.empty());
  if (best_.quants.empty()) return stale;
  const auto is_changed = [&](ir::ValueId id) { return trial.quants[id] != best_.quants[id]; };
  for (const ir::Port &port : graph_.inputs()) stale[port.value] = is_changed(port.value);
  for (const ir::Node &node : graph_.nodes())
    if (is_any(node.inputs, is_changed) || is_any(node.outputs, is_changed) ||
        is_any(node.inputs, [&](ir::ValueId id) { return stale[id]; }))
      for (const ir::ValueId id : node.outputs) stale[id] = true;
  return stale;
}

// The stale values; the others are left empty.
Trials::Tensors Trials::evaluate(const Trial &trial, const std::vector<bool> &stale,
                                 std::size_t sample) const {
  Tensors values(stale.size());
  for (std::size_t i = 0; i < graph_.inputs().size(); ++i) {
    const ir::ValueId id = graph_.inputs()[i].value;
    if (stale[id])
      values[id] = ops::from_real(trial.graph.value(id).type, reference_.samples[sample][i].f32);
  }
  for (const ir::Node &node : trial.graph.nodes()) {
    if (!is_any(node.outputs, [&](ir::ValueId id) { return stale[id]; })) continue;
    std::vector<const ops::Tensor *> operands;
    for (const ir::ValueId id : node.inputs)
      operands.push_back(stale[id] ? &values[id] : &best_.values[sample][id]);
    Tensors outputs = ops::evaluate_node(trial.graph, node, {}, operands);
    for (std::size_t i = 0; i < outputs.size(); ++i)
      values[node.outputs[i]] = std::move(outputs[i]);
  }
  return values;
}

double Trials::output_error(const std::vector<double> &square_sums) const {
  double error = 0;
  for (std::size_t i = 0; i < reals_.size(); ++i) {
    Deviation deviation = reals_[i];
    deviation.error_square_sum = square_sums[i];
    error += deviation.relative_error();
  }
  return error;
}

}  // namespace thimble::passes
