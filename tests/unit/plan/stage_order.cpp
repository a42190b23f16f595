// Orders of real networks: peaks are those of simulated rows, and plans run the better order.
#include "plan/stage_order.h"

#include <algorithm>

#include "networks.h"

namespace thimble::plan {
namespace {

constexpr int kFirstOut = 700, kSecondOut = 1000;

// Both layers that grow stand before those that shrink; or each before the one that shrinks it.
ir::Graph two_branches(bool one_after_the_other) {
  NetworkBuilder net;
  const ir::ValueId in = net.input(1, 1, 80);
  const ir::ValueId p = net.linear(in, 1, 1, kFirstOut);
  const ir::ValueId early = one_after_the_other ? net.linear(p, 1, 1, 10) : -1;
  const ir::ValueId r = net.linear(in, 1, 1, kSecondOut);
  const ir::ValueId q = one_after_the_other ? early : net.linear(p, 1, 1, 10);
  net.output(net.sum(q, net.linear(r, 1, 1, 10)));
  return net.graph();
}

Plan planned(const ir::Graph &graph, bool layer_by_layer = false) {
  Options options;
  options.layer_by_layer = layer_by_layer;
  Result<Plan> plan = make_plan(graph, options);
  EXPECT_TRUE(plan.ok()) << messages(plan.diagnostics());
  return *std::move(plan);
}

TEST(StageOrder, PlansOfARealNetworkRunTheBetterOrder) {
  for (const bool layer_by_layer : {true, false}) {
    const Plan plan = planned(two_branches(false), layer_by_layer);
    EXPECT_EQ(plan.order.changed, layer_by_layer);  // else one region, which has its own order
    EXPECT_TRUE(plan.order.proven);
    EXPECT_EQ(plan.arena_bytes, planned(two_branches(true), layer_by_layer).arena_bytes);
    EXPECT_LT(plan.arena_bytes, kFirstOut + kSecondOut);
  }
}

TEST(StageOrder, AGoodOrderStays) {
  for (const ir::Graph &graph : {two_branches(true), lenet5(), die_929()}) {
    const Plan plan = planned(graph);
    EXPECT_FALSE(plan.order.changed);
    EXPECT_TRUE(plan.order.proven);
  }
}

// Residual blocks, a Concat whose parts lie in it, a skip that is read twice.
ir::Graph branching() {
  NetworkBuilder net;
  const ir::ValueId x = net.conv(net.input(12, 12, 3), 6, 3, 2, 1);
  const ir::ValueId skip = net.conv(x, 6, 3, 1, 1);
  const ir::ValueId sum = net.sum(skip, x);
  const ir::ValueId join = net.concat({sum, net.resize(net.pool(skip, 2, 2), 2)}, 2);
  net.output(net.linear(net.relu(join), 1, 1, 5));
  return net.graph();
}

TEST(StageOrder, PeaksAreThoseOfSimulatedRows) {
  for (const ir::Graph &graph : {lenet5(), die_929(), branching(), two_branches(true)}) {
    Options options;
    options.layer_by_layer = true;
    const Plan plan = planned(graph, true);
    const Network network = *make_network(graph, behaviours_of(graph), options);
    EXPECT_FALSE(plan.order.changed);
    EXPECT_EQ(given_order(order_problem(network)).peak, plan.peak.live_bytes);
  }
}

}  // namespace
}  // namespace thimble::plan
