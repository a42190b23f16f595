// The front RAM against work: what more multiplications buy.
//
// From the network as it is, by whole rows and by line buffers, to column strips (strips.h): which
// cuts and numbers of strips are worth a plan is estimated; each point that is returned has been
// planned, and has passed check_plan.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "plan/plan.h"
#include "plan/search.h"
#include "plan/strips.h"

namespace thimble::plan {

struct FrontPoint {
  Lines lines = Lines::kNever;
  Strips strips;  // cut -1: none
  std::int64_t arena_bytes = 0;
  std::int64_t macs = 0;
  bool placement_proven = false;
};

// Told after each plan: how many are done, of how many.
using FrontProgress = std::function<void(int done, int of)>;

// Points of which none needs both more bytes and more work than another: work ascends, bytes
// descend. `options` are those of the plans but for lines; strips only where inputs are not
// streamed, planned with this effort. Errors: as make_plan has them.
Result<std::vector<FrontPoint>> find_front(const ir::Graph &graph, const Options &options,
                                           const FrontProgress &progress,
                                           Effort effort = Effort::kQuick);

}  // namespace thimble::plan
