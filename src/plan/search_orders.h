// The schedule search (search.h) in the order given and in that of least peak.
#pragma once

#include "ir/graph.h"
#include "plan/network.h"
#include "plan/plan.h"
#include "plan/search.h"

namespace thimble::plan {

struct Searched {
  Network network;  // its stages in the order chosen; `found` points into it
  Found found;
  OrderFound order;
};

// Of both, the one whose plan needs less; the order given where neither does. Errors: as
// resolve_views.
Result<Searched> search_orders(const ir::Graph &graph, const Behaviours &behaviours,
                               const Options &options, Effort effort = Effort::kFull);

}  // namespace thimble::plan
