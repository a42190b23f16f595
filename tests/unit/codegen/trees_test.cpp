// Trees of stages, from programs written by hand; what their stages read, from small networks.
#include "codegen/trees.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "codegen/windows.h"
#include "ir/text.h"
#include "ops/infer.h"

namespace thimble::codegen {
namespace {

using plan::Group;
using plan::LineLane;
using testing::ElementsAre;

// A program of calls 0, 1, ...: each of the node of its number, all of them at its own place.
plan::Program program_of(int calls, std::vector<Group> groups) {
  plan::Program program;
  for (int i = 0; i < calls; ++i) {
    plan::Call call;
    call.node = i;
    call.output.offset = 10 * i;
    program.calls.push_back(call);
  }
  program.groups = std::move(groups);
  return program;
}

LineLane lane_of(int call, int reader, bool follows = false) {
  LineLane lane;
  lane.call = call;
  lane.reader = reader;
  lane.follows = follows;
  return lane;
}

std::vector<int> nodes_of(const Tree &tree) {
  std::vector<int> nodes;
  for (const Stage &stage : tree.stages) nodes.push_back(stage.call.node);
  return nodes;
}

TEST(Trees, StagesAreNumberedFromTheGroupsOwnCallSmallBranchesFirst) {
  // 0 reads 1 and 2; 1 reads 3; 3 is followed by 4.
  const Group group{0, -1, {lane_of(4, 1, true), lane_of(3, 2), lane_of(1, -1), lane_of(2, -1)}};
  const Trees trees = find_trees(program_of(5, {group}));
  ASSERT_EQ(trees.list.size(), 1u);
  const Tree &tree = trees.list[0];
  EXPECT_THAT(nodes_of(tree), ElementsAre(0, 2, 1, 3, 4));
  EXPECT_THAT(tree.stages[0].ahead, ElementsAre(2, 1)) << "in the order of the group's lanes";
  EXPECT_THAT(tree.stages[3].behind, ElementsAre(4));
  EXPECT_EQ(tree.stages[4].reader, 3);
  EXPECT_FALSE(tree.takes_first() || tree.takes_last() || tree.takes_row());
}

TEST(Trees, GroupsThatReachLessDeepOrBeginLowerShareTheFunction) {
  const plan::Program program = program_of(3, {{0, -1, {lane_of(2, 1), lane_of(1, -1)}},
                                               {0, -1, {lane_of(1, -1)}},
                                               {1, -1, {lane_of(2, -1)}},
                                               {2, -1, {}}});
  const Trees trees = find_trees(program);
  ASSERT_EQ(trees.list.size(), 1u);
  EXPECT_THAT(trees.of_group, ElementsAre(0, 0, 0, 0));
  const Tree &tree = trees.list[0];
  EXPECT_EQ(tree.leader(), 0);
  EXPECT_EQ(tree.greatest_first(), 2);
  EXPECT_EQ(tree.least_last(), 1);
  EXPECT_TRUE(tree.has_root(1) && tree.has_root(2) && tree.takes_row());
}

TEST(Trees, OtherPlacesAreOtherTrees) {
  plan::Program program = program_of(4, {{0, -1, {lane_of(1, -1)}}, {2, -1, {lane_of(3, -1)}}});
  program.calls[2].node = 0;  // the same nodes, elsewhere
  program.calls[3].node = 1;
  EXPECT_THAT(find_trees(program).of_group, ElementsAre(0, 1));
}

TEST(Trees, WholeRowsOfNoTreeAndPortsArePrintedOnTheirOwn) {
  plan::Program program = program_of(3, {{0, -1, {lane_of(1, -1)}}, {2, -1, {}}});
  EXPECT_THAT(find_trees(program).of_group, ElementsAre(0, -1));
  program.calls[2].node = -1;
  EXPECT_THAT(find_trees(program).of_group, ElementsAre(0, -1));
}

TEST(Trees, AFoldingSinkWithAProducerIsNoStage) {
  plan::Program program = program_of(3, {{0, 1, {lane_of(2, -1)}}});
  program.calls[0].phase = plan::Phase::kFold;
  const Tree tree = find_trees(program).list.at(0);
  EXPECT_EQ(tree.fold, 0);
  EXPECT_THAT(nodes_of(tree), ElementsAre(1, 2));
}

// Node 0 makes an 8 x 6 map, node 1 convolves it, node 2 pools it.
ir::Graph windowed() {
  ir::Graph graph = *ir::parse(R"(
graph windowed
input x: f32[8x6x1]
node a: Relu(x) -> a
node b: Conv2d(a; w, c) {stride = [2, 1], pad = [1, 1, 1, 1]} -> b
node s: MaxPool2d(a) {kernel = [1, 1], stride = [2, 2]} -> s
output b dims [1, 1, 4, 6]
output s dims [1, 1, 4, 3]
const w: f32[1, 3, 3, 1] = random(1, 0.4)
const c: f32[1] = fill(0)
)",
                               "windowed.thm");
  EXPECT_TRUE(ops::infer_types(graph).ok());
  return graph;
}

Stage stage_of(const ir::Graph &graph, ir::NodeId node, int reader, bool follows = false) {
  Stage stage;
  stage.call.node = node;
  stage.call.input_values = graph.node(node).inputs;
  stage.call.inputs.resize(stage.call.input_values.size());
  stage.call.output_value = graph.node(node).outputs[0];
  stage.lane.follows = follows;
  stage.reader = reader;
  return stage;
}

TEST(Windows, ALaneMakesWhatItsReaderIsAboutToRead) {
  const ir::Graph graph = windowed();
  Tree tree;
  tree.stages = {stage_of(graph, 1, -1), stage_of(graph, 0, 0)};
  EXPECT_THAT(lane_rows(graph, tree, 1), ElementsAre(1, 3, 5, 7));
  EXPECT_THAT(lane_ends(graph, tree, 1), ElementsAre(2, 3, 4, 5, 6, 6));
}

TEST(Windows, ALaneThatFollowsMakesWhatItsReaderIsDoneWith) {
  const ir::Graph graph = windowed();
  Tree tree;
  tree.stages = {stage_of(graph, 1, -1), stage_of(graph, 0, 0), stage_of(graph, 2, 0, true)};
  EXPECT_THAT(lane_rows(graph, tree, 2), ElementsAre(0, 1, 2, 3));
  // After pixel x the next window begins at x: columns 0, 2 and 4 of `a` are then no longer read.
  EXPECT_THAT(lane_ends(graph, tree, 2), ElementsAre(0, 1, 1, 2, 2, 3));
}

TEST(Windows, RowsByStepFollowTheReaders) {
  const ir::Graph graph = windowed();
  plan::Program program;
  program.steps = {{0, 1}, {1, 2}, {0, 2}};
  Tree tree;
  tree.stages = {stage_of(graph, 1, -1), stage_of(graph, 0, 0)};
  tree.branches = {{0, 0, 1}, {1, 1, 1}};
  EXPECT_THAT(rows_made(graph, program, tree),
              ElementsAre(ElementsAre(1, 3), ElementsAre(-1, 2), ElementsAre(2, 5)));
}

}  // namespace
}  // namespace thimble::codegen
