// Stages as nodes of an order problem: see stage_order.h.
#include "plan/stage_order.h"

#include <algorithm>

#include "plan/live.h"

namespace thimble::plan {
namespace {

constexpr std::size_t kMostDying = 4;  // inputs of a stage of which every subset is simulated

std::vector<int> tensors_read(const Stage &stage) {
  std::vector<int> tensors;
  for (const Task &task : stage.alone)
    for (const std::vector<Read> *reads : {&task.reads, &task.fold_reads})
      for (const Read &read : *reads) tensors.push_back(read.tensor);
  std::sort(tensors.begin(), tensors.end());
  tensors.erase(std::unique(tensors.begin(), tensors.end()), tensors.end());
  return tensors;
}

// Subsets of these that may die together: all of them, or, of many, each one and all.
std::vector<std::vector<int>> ways_to_die(const std::vector<int> &tensors) {
  std::vector<std::vector<int>> ways;
  if (tensors.size() > kMostDying) {
    for (int tensor : tensors) ways.push_back({tensor});
    ways.push_back(tensors);
    return ways;
  }
  for (unsigned set = 0; set < 1u << tensors.size(); ++set) {
    ways.emplace_back();
    for (std::size_t i = 0; i < tensors.size(); ++i)
      if (set >> i & 1) ways.back().push_back(tensors[i]);
  }
  return ways;
}

// Most bytes alive at once while the stage runs in the mode that needs least, of what it reads,
// makes and works with.
std::int64_t live_while(const Network &network, const Stage &stage, const std::vector<int> &reads,
                        const std::vector<int> &dying) {
  const std::vector<Tensor> &tensors = network.storage.tensors;
  Boundary boundary;
  boundary.made_before.assign(tensors.size(), false);
  boundary.needed_later.resize(tensors.size());
  const auto keep = [&](int t) { boundary.needed_later[t] = tensors[t].wanted; };
  for (int t : reads) {
    boundary.made_before[t] = true;
    if (std::find(dying.begin(), dying.end(), t) == dying.end()) keep(t);
  }
  std::int64_t least = -1;
  for (const Task &task : stage.alone) {
    keep(task.output);
    const Trace trace = simulate(tensors, {Region{{&task}}}, boundary);
    const std::int64_t peak = peak_bytes(network, trace, find_objects(network, trace, boundary));
    if (least < 0 || peak < least) least = peak;
  }
  return least;
}

}  // namespace

OrderProblem order_problem(const Network &network) {
  OrderProblem problem;
  const auto add_tensor = [&](std::int64_t bytes, bool kept) {
    problem.tensors.push_back({bytes, kept});
    return static_cast<int>(problem.tensors.size()) - 1;
  };
  for (const Tensor &tensor : network.storage.tensors)
    add_tensor(tensor.rows * tensor.row_bytes, tensor.kept);
  for (const Stage &stage : network.stages) {
    OrderProblem::Node node;
    node.reads = tensors_read(stage);
    node.writes = {stage.alone[0].output};
    std::int64_t together = 0;
    for (const std::vector<int> *list : {&node.reads, &node.writes})
      for (int t : *list) together += problem.tensors[t].bytes;
    const std::int64_t at_worst = live_while(network, stage, node.reads, {});
    // State and workspace: a tensor that nobody reads.
    if (at_worst > together) node.writes.push_back(add_tensor(at_worst - together, false));
    together = std::max(together, at_worst);
    for (std::vector<int> &dying : ways_to_die(node.reads)) {
      const std::int64_t saved = together - live_while(network, stage, node.reads, dying);
      if (saved > 0) node.savings.push_back({std::move(dying), saved});
    }
    problem.nodes.push_back(std::move(node));
  }
  return problem;
}

std::vector<ir::NodeId> nodes_of(const Network &network, const Order &order) {
  std::vector<ir::NodeId> nodes;
  for (int stage : order.nodes) nodes.push_back(network.stages[stage].node);
  return nodes;
}

}  // namespace thimble::plan
