// Two networks, the second only if its order is another: see search_orders.h.
#include "plan/search_orders.h"

#include "plan/stage_order.h"

namespace thimble::plan {

Result<Searched> search_orders(const ir::Graph &graph, const Behaviours &behaviours,
                               const Options &options, Effort effort) {
  TRY(Network network, make_network(graph, behaviours, options));
  Found found = search(network, options, effort);
  const bool views_only = network.stages[0].node < 0;  // there is nothing to order
  if (views_only) return Searched{std::move(network), std::move(found), {}};
  const OrderProblem problem = order_problem(network);
  const Order least = least_peak_order(problem);
  OrderFound order{false, least.peak, least.lower_bound, least.proven};
  const std::vector<ir::NodeId> nodes = nodes_of(network, least);
  if (nodes == nodes_of(network, given_order(problem)))
    return Searched{std::move(network), std::move(found), order};
  TRY(Network other, make_network(graph, behaviours, options, nodes));
  Found of_other = search(other, options, effort);
  order.changed = of_other.best.solution.bytes < found.best.solution.bytes;
  if (order.changed) return Searched{std::move(other), std::move(of_other), order};
  return Searched{std::move(network), std::move(found), order};
}

}  // namespace thimble::plan
