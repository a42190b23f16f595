// One function a reading. Nothing here compares; verify does.
#include "api/execute.h"

#include "emulate/run.h"
#include "ops/evaluate.h"
#include "support/progress.h"

namespace thimble::api {

std::vector<Sample> evaluate_samples(const ir::Graph &graph, const ops::Numbers &numbers,
                                     const std::vector<Sample> &inputs) {
  Progress progress("evaluating", static_cast<std::int64_t>(inputs.size()));
  std::vector<Sample> outputs;
  for (const Sample &input : inputs) {
    outputs.push_back(ops::evaluate_outputs(graph, numbers, input));
    progress.advance();
  }
  return outputs;
}

std::vector<Sample> evaluate_all_values(const ir::Graph &graph, const ops::Numbers &numbers,
                                        const std::vector<Sample> &inputs) {
  Progress progress("evaluating", static_cast<std::int64_t>(inputs.size()));
  std::vector<Sample> values;
  for (const Sample &input : inputs) {
    values.push_back(ops::evaluate(graph, numbers, input));
    progress.advance();
  }
  return values;
}

Result<std::vector<Sample>> run_on_target(const Network &network, const targets::Target &target,
                                          const PlanOptions &options,
                                          const std::vector<Sample> &inputs, const Notify &notify) {
  TRY(const Build build, build_network(network, target, options, notify));
  TRY(const emulate::RunResult result,
      emulate::build_and_run(build.emitted, target, to_raw(inputs)));
  std::vector<ir::Type> types;
  for (const ir::Port &port : network.model.graph.outputs()) {
    types.push_back(network.model.graph.value(port.value).type);
  }
  return from_raw(types, result.outputs);
}

Exposed expose_all_values(const Network &network) {
  const ir::Graph &graph = network.model.graph;
  ir::Graph all;
  all.name = graph.name;
  all.requant = graph.requant;
  for (const ir::Value &value : graph.values()) all.add_value(value.name, value.type);
  for (const ir::Constant &constant : graph.constants()) all.add_constant(constant);
  for (const ir::Node &node : graph.nodes()) all.add_node(node);
  for (const ir::Port &port : graph.inputs()) all.add_input(port.value, port.dims, port.axes);
  Exposed exposed;
  for (const ir::Node &node : graph.nodes()) {
    for (ir::ValueId id : node.outputs) {
      const ir::Shape &shape = graph.value(id).type.shape;
      // Five dimensions: ir::stored_order leaves them in stored order.
      all.add_output(id, {1, 1, shape.rows, shape.cols, shape.channels});
      exposed.values.push_back(id);
    }
  }
  exposed.network = network;
  exposed.network.model.graph = std::move(all);
  return exposed;
}

}  // namespace thimble::api
