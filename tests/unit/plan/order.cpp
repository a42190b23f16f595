// The order of least peak: against all orders of small graphs, and on graphs whose answer is known.
#include "plan/order.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <random>

namespace thimble::plan {
namespace {

// Alive and peak as order.h says it, without sets or bounds.
std::int64_t plain_peak(const OrderProblem &problem, const std::vector<int> &order) {
  const auto last_reader = [&](int t) {
    int last = -1;
    for (int at = 0; at < static_cast<int>(order.size()); ++at) {
      const auto &reads = problem.nodes[order[at]].reads;
      if (std::find(reads.begin(), reads.end(), t) != reads.end()) last = at;
    }
    return problem.tensors[t].kept ? static_cast<int>(order.size()) : last;
  };
  const auto written_at = [&](int t) {
    for (int at = 0; at < static_cast<int>(order.size()); ++at) {
      const auto &writes = problem.nodes[order[at]].writes;
      if (std::find(writes.begin(), writes.end(), t) != writes.end()) return at;
    }
    return -1;
  };
  std::int64_t peak = 0;
  for (int at = -1; at < static_cast<int>(order.size()); ++at) {
    std::int64_t live = 0, saved = 0;
    for (int t = 0; t < static_cast<int>(problem.tensors.size()); ++t) {
      const int from = written_at(t), to = last_reader(t);
      const bool is_alive = from == at ? from >= 0 || to >= 0 : from < at && to >= std::max(at, 0);
      if (is_alive) live += problem.tensors[t].bytes;
    }
    if (at >= 0)
      for (const auto &[dying, bytes] : problem.nodes[order[at]].savings)
        if (std::all_of(dying.begin(), dying.end(), [&](int t) { return last_reader(t) == at; }))
          saved = std::max(saved, bytes);
    peak = std::max(peak, live - saved);
  }
  return peak;
}

std::int64_t least_of_all_orders(const OrderProblem &problem) {
  std::vector<int> order(problem.nodes.size());
  std::iota(order.begin(), order.end(), 0);
  std::int64_t least = -1;
  do {
    std::vector<int> at(order.size());
    for (std::size_t i = 0; i < order.size(); ++i) at[order[i]] = static_cast<int>(i);
    bool can_run = true;
    for (std::size_t v = 0; v < order.size(); ++v)
      for (int t : problem.nodes[v].reads)
        for (std::size_t w = 0; w < order.size(); ++w) {
          const auto &writes = problem.nodes[w].writes;
          can_run &= std::find(writes.begin(), writes.end(), t) == writes.end() || at[w] < at[v];
        }
    if (!can_run) continue;
    const std::int64_t peak = plain_peak(problem, order);
    if (least < 0 || peak < least) least = peak;
  } while (std::next_permutation(order.begin(), order.end()));
  return least;
}

OrderProblem random_problem(std::mt19937 &random, int node_count) {
  const auto draw = [&](std::int64_t bound) { return static_cast<int>(random() % bound); };
  OrderProblem problem;
  problem.tensors.push_back({1 + draw(20), draw(8) == 0});
  for (int v = 0; v < node_count; ++v) {
    OrderProblem::Node node;
    const int there = static_cast<int>(problem.tensors.size());
    for (int i = draw(3); i >= 0; --i)
      node.reads.push_back(draw(3) ? there - 1 - draw(std::min(there, 4)) : draw(there));
    for (int t : node.reads)
      if (draw(3) == 0) node.savings.push_back({{t}, draw(problem.tensors[t].bytes)});
    if (draw(4) == 0) node.savings.push_back({node.reads, problem.tensors[node.reads[0]].bytes});
    for (int i = draw(6) == 0; i >= 0; --i) {
      node.writes.push_back(static_cast<int>(problem.tensors.size()));
      problem.tensors.push_back({1 + draw(20), draw(8) == 0});
    }
    problem.nodes.push_back(node);
  }
  return problem;
}

TEST(Order, HasTheLeastPeakOfAllOrdersOfSmallGraphs) {
  std::mt19937 random(1);
  for (int i = 0; i < 300; ++i) {
    const OrderProblem problem = random_problem(random, 1 + i % 7);
    const Order order = least_peak_order(problem);
    SCOPED_TRACE(i);
    EXPECT_TRUE(order.proven);
    EXPECT_EQ(order.lower_bound, order.peak);
    EXPECT_EQ(order.peak, plain_peak(problem, order.nodes));
    EXPECT_EQ(order.peak, peak_of(problem, order.nodes));
    EXPECT_EQ(order.peak, least_of_all_orders(problem));
  }
}

// At its limit it still gives an order that can run, no worse than the given one, and a true bound.
TEST(Order, GivesABoundWhereItsLimitEndsIt) {
  std::mt19937 random(2);
  int unproven = 0;
  for (int i = 0; i < 100; ++i) {
    const OrderProblem problem = random_problem(random, 7);
    const Order order = least_peak_order(problem, 3);
    const std::int64_t least = least_of_all_orders(problem);
    std::vector<int> given(problem.nodes.size());
    std::iota(given.begin(), given.end(), 0);
    EXPECT_LE(order.lower_bound, least);
    EXPECT_LE(least, order.peak);
    EXPECT_LE(order.peak, plain_peak(problem, given));
    EXPECT_EQ(order.peak, plain_peak(problem, order.nodes));
    unproven += !order.proven;
  }
  EXPECT_GT(unproven, 0);
}

// Two branches of a common tensor, each of which first grows and then shrinks: one after the other.
TEST(Order, FinishesABranchBeforeItBeginsTheNext) {
  OrderProblem problem;
  for (std::int64_t bytes : {10, 80, 80, 10, 10, 20}) problem.tensors.push_back({bytes});
  problem.nodes = {
      {{0}, {1}, {}}, {{0}, {2}, {}}, {{1}, {3}, {}}, {{2}, {4}, {}}, {{3, 4}, {5}, {}}};
  problem.tensors[5].kept = true;
  EXPECT_EQ(peak_of(problem, {0, 1, 2, 3, 4}), 170);
  const Order order = least_peak_order(problem);
  EXPECT_EQ(order.nodes, (std::vector<int>{0, 2, 1, 3, 4}));
  EXPECT_EQ(order.peak, 100);
  EXPECT_TRUE(order.proven);
}

// Where nothing is won it is the order that was given.
TEST(Order, LeavesWhatIsGoodAlone) {
  OrderProblem problem;
  for (std::int64_t bytes : {10, 5, 5, 5, 5, 5}) problem.tensors.push_back({bytes});
  problem.nodes = {
      {{0}, {1}, {}}, {{0}, {2}, {}}, {{2}, {3}, {}}, {{1}, {4}, {}}, {{3, 4}, {5}, {}}};
  EXPECT_EQ(least_peak_order(problem).nodes, (std::vector<int>{0, 1, 2, 3, 4}));
}

// Four chains of 2 * 12 nodes that meet only at their ends: 25^4 states, of which few are needed.
TEST(Order, SolvesManyLongBranchesWithoutTryingAll) {
  OrderProblem problem;
  problem.tensors.push_back({8});
  std::vector<int> ends(4, 0);
  for (int step = 0; step < 24; ++step)
    for (int branch = 0; branch < 4; ++branch) {
      const int t = static_cast<int>(problem.tensors.size());
      problem.tensors.push_back({step % 2 ? 8 - branch : 40 + branch});
      problem.nodes.push_back({{ends[branch]}, {t}, {}});
      ends[branch] = t;
    }
  problem.tensors.push_back({4, true});
  problem.nodes.push_back({ends, {static_cast<int>(problem.tensors.size()) - 1}, {}});
  const Order order = least_peak_order(problem);
  EXPECT_TRUE(order.proven);
  EXPECT_LT(order.states, 5000);
}

}  // namespace
}  // namespace thimble::plan
