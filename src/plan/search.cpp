#include "plan/search.h"

namespace thimble::plan {

// Until regions are searched: one region a stage, or all in one, fused where possible.
Found search(const Network &network, const Options &options) {
  std::vector<std::vector<Region>> schedules(3);
  for (const Stage &stage : network.stages) {
    Region region;
    for (const Task *task : stage.ports)
      if (task->kind == Task::Kind::kFill) region.push_back(task);
    if (stage.node >= 0) region.push_back(&stage.alone[0]);
    for (const Task *task : stage.ports)
      if (task->kind == Task::Kind::kEmit) region.push_back(task);
    schedules[0].push_back(region);
    if (schedules[1].empty()) schedules[1].emplace_back();
    for (const Task *task : region) schedules[1][0].push_back(task);
  }
  std::vector<const Task *> chosen(network.stages.size());
  for (std::size_t i = 0; i < network.stages.size(); ++i) {
    const Stage &stage = network.stages[i];
    if (stage.node < 0) continue;
    if (!chosen[i] && stage.fused_with >= 0)
      chosen[stage.fused_with] = &stage.fused[0];
    else if (!chosen[i])
      chosen[i] = &stage.alone[0];
  }
  schedules[2].emplace_back();
  for (std::size_t i = 0; i < network.stages.size(); ++i) {
    for (const Task *task : network.stages[i].ports)
      if (task->kind == Task::Kind::kFill) schedules[2][0].push_back(task);
    if (chosen[i]) schedules[2][0].push_back(chosen[i]);
    for (const Task *task : network.stages[i].ports)
      if (task->kind == Task::Kind::kEmit) schedules[2][0].push_back(task);
  }
  if (options.layer_by_layer || options.keep_all) schedules.resize(1);
  Found found;
  for (auto &schedule : schedules) {
    Candidate candidate = work_out(network, schedule, network_boundary(network));
    candidate.solution = place(candidate.problem, options.time_limit_seconds);
    if (found.best.regions.empty() || candidate.solution.bytes < found.best.solution.bytes)
      found.best = std::move(candidate);
  }
  return found;
}

}  // namespace thimble::plan
