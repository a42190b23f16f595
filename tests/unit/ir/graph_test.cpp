#include "ir/graph.h"

#include <gtest/gtest.h>

#include "ir/text.h"
#include "ir/verify.h"

namespace thimble::ir {
namespace {

Graph chain() {
  return *parse(R"(graph chain
input x: f32[2x2x3]
node a: Relu(x) -> u: f32[2x2x3]
node b: Relu(u) -> v: f32[2x2x3]
node c: Conv2d(u; w) -> dead: f32[2x2x3]
output v
const unused: f32[1] = [1]
const w: f32[3, 1, 1, 3] = random(1, 1)
)",
                "chain.thm");
}

bool reports(const Graph &graph, const std::string &words) {
  for (const Diagnostic &found : verify(graph)) {
    if (found.what.find(words) != std::string::npos) return true;
  }
  return false;
}

TEST(Graph, GivesATakenNameASuffix) {
  Graph graph;
  graph.add_value("x", {});
  EXPECT_EQ(graph.value(graph.add_value("x", {})).name, "x_1");
  EXPECT_EQ(graph.value(graph.add_value("x", {})).name, "x_2");
  EXPECT_EQ(graph.node(graph.add_node({})).name, "node");
}

TEST(Graph, RemovesWhatNobodyReads) {
  Graph graph = chain();
  graph.remove_dead();
  EXPECT_EQ(graph.nodes().size(), 2u);
  EXPECT_EQ(graph.values().size(), 3u);
  EXPECT_TRUE(graph.constants().empty());
  EXPECT_TRUE(verify(graph).empty());
}

TEST(Graph, KeepsAnInputThatNobodyReads) {
  Graph graph = chain();
  graph.replace_uses(1, 0);
  graph.replace_uses(2, 0);
  graph.remove_dead();
  EXPECT_TRUE(graph.nodes().empty());
  EXPECT_EQ(graph.outputs()[0].value, graph.inputs()[0].value);
  EXPECT_TRUE(verify(graph).empty());
}

TEST(Graph, SortsStably) {
  Graph graph = chain();
  Node late = graph.node(0);
  late.name = "late";
  late.inputs = {graph.add_value("w", graph.value(0).type)};
  late.outputs = {graph.add_value("z", graph.value(0).type)};
  Node source = graph.node(0);
  source.name = "source";
  source.outputs = {late.inputs[0]};
  graph.add_node(late);
  graph.add_node(source);
  EXPECT_TRUE(reports(graph, "before it is made"));
  graph.sort();
  EXPECT_TRUE(verify(graph).empty());
  EXPECT_EQ(graph.node(3).name, "source");
  EXPECT_EQ(graph.node(4).name, "late");
}

TEST(Graph, KnowsMakersAndReaders) {
  const Graph graph = chain();
  EXPECT_EQ(graph.producer(0), std::nullopt);
  EXPECT_EQ(graph.producer(1), 0);
  EXPECT_EQ(graph.consumers(1), (std::vector<NodeId>{1, 2}));
  EXPECT_TRUE(graph.is_input(0));
  EXPECT_TRUE(graph.is_output(2));
}

TEST(StoredOrder, PutsChannelsLast) {
  const Port port{0, {1, 2, 2, 3}};  // C, H, W
  const std::vector<std::int64_t> order = stored_order(port, {2, 3, 2});
  EXPECT_EQ(order, (std::vector<std::int64_t>{0, 6, 1, 7, 2, 8, 3, 9, 4, 10, 5, 11}));
}

TEST(StoredOrder, PutsChannelsOfASignalLast) {
  EXPECT_EQ(stored_order({0, {1, 2, 3}}, {3, 1, 2}), (std::vector<std::int64_t>{0, 3, 1, 4, 2, 5}));
}

TEST(StoredOrder, LeavesAVectorAlone) {
  EXPECT_EQ(stored_order({0, {1, 4}}, {1, 1, 4}), (std::vector<std::int64_t>{0, 1, 2, 3}));
}

TEST(Verify, FindsEachBrokenSentence) {
  const auto broken = [](auto change) {
    Graph graph = chain();
    change(graph);
    return graph;
  };
  EXPECT_TRUE(reports(broken([](Graph &g) { g.value(1).name = "x"; }), "two values are named"));
  EXPECT_TRUE(reports(broken([](Graph &g) { g.value(1).type.shape.rows = 0; }), "empty shape"));
  EXPECT_TRUE(
      reports(broken([](Graph &g) { g.value(1).type.dtype = DType::kI8; }), "without scale"));
  EXPECT_TRUE(reports(broken([](Graph &g) { g.value(1).type.quant = Quant{}; }), "not i8"));
  EXPECT_TRUE(reports(broken([](Graph &g) { g.constant(0).dims = {2}; }), "1 elements for 2"));
  EXPECT_TRUE(reports(broken([](Graph &g) { g.node(1).inputs = {9}; }), "does not exist"));
  EXPECT_TRUE(reports(broken([](Graph &g) { g.node(1).outputs = {1}; }), "made twice"));
  EXPECT_TRUE(reports(broken([](Graph &g) { g.add_output(2, {1, 5}); }), "do not hold"));
  EXPECT_TRUE(reports(broken([](Graph &g) { g.add_value("orphan", {}); }), "made by nothing"));
}

}  // namespace
}  // namespace thimble::ir
