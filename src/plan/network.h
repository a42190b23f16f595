// A graph as the planner sees it: storage (which values share bytes) and every task that the search
// may choose from: each node in each of its modes, each pair that can be fused, each streamed port.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "ir/graph.h"
#include "plan/behaviour.h"
#include "plan/plan.h"
#include "plan/storage.h"
#include "plan/tasks.h"
#include "support/diagnostic.h"

namespace thimble::plan {

// A node that runs, and the ways to run it.
struct Stage {
  ir::NodeId node = -1;
  std::vector<Task> alone;  // by mode
  int fused_with = -1;      // the only reader of its output, as a stage, where they can be fused
  std::vector<Task> fused;  // with that reader as sink: every pair of modes that can be
  int line_reader = -1;     // likewise, where its rows can be made while that one reads them
  std::vector<Task> lines;  // as alone, made by pixel: a line buffer
  std::vector<const Task *> ports;  // fills that its modes read first; emits of what it completes
};

struct Network {
  Storage storage;
  std::vector<Stage> stages;  // in an order in which they can run
  std::vector<std::unique_ptr<Task>> port_tasks;
};

// `order`: of the nodes, in which the stages stand; empty: as in the graph. Errors: as
// resolve_views.
Result<Network> make_network(const ir::Graph &graph, const Behaviours &behaviours,
                             const Options &options, const std::vector<ir::NodeId> &order = {});

}  // namespace thimble::plan
