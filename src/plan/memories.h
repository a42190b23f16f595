// Two memories, a fast one that is too small and a slow one: each object lies whole in one of them,
// so that least is read from and written to the slow one.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ir/graph.h"
#include "plan/plan.h"
#include "plan/traffic.h"

namespace thimble::plan {

struct TwoMemories {
  struct Object {
    std::string name;
    bool is_fast = false;
    std::int64_t offset = 0;  // in its memory
    std::int64_t bytes = 0;
    Traffic traffic;  // of one run
  };
  std::vector<Object> objects;
  std::int64_t fast_bytes = 0, slow_bytes = 0;  // used
  Traffic traffic, slow_traffic;                // of all, of those in the slow memory
  std::int64_t least_slow_traffic = 0;  // with this schedule; proven if it is slow_traffic.total()
  bool layer_by_layer = false;          // the schedule: whichever of both has less slow traffic
  double seconds = 0;                   // CPU
};

// In the schedule of least RAM or layer by layer. check_plan has passed it, both memories as one
// arena. Errors: as make_plan.
Result<TwoMemories> plan_memories(const ir::Graph &graph, const Behaviours &behaviours,
                                  const Options &options, std::int64_t fast_capacity);

}  // namespace thimble::plan
