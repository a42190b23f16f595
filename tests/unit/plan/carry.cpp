// Plans of networks with states carried from row to row.
#include "networks.h"

namespace thimble::plan {
namespace {

constexpr int kRows = 12, kFeatures = 3, kHidden = 5;

Plan plan_of(const ir::Graph &graph, const Options &options = {}) {
  const auto plan = make_plan(graph, options);
  EXPECT_TRUE(plan.ok()) << messages(plan.diagnostics());
  return *plan;
}

// What the states of an int8 Lstm take: a 16-bit cell and the last output a unit.
constexpr std::int64_t kState = 3 * kHidden;

TEST(Carry, AStreamedLayerNeedsARowARowAndItsState) {
  NetworkBuilder net;
  net.output(net.lstm(net.input(kRows, 1, kFeatures), kHidden));
  const Plan plan = plan_of(net.graph(), {.stream_in = true, .stream_out = true});
  EXPECT_LE(plan.arena_bytes, kState + kFeatures + kHidden + 1) << describe(plan);  // alignment
}

TEST(Carry, StackedLayersRunRowByRow) {
  NetworkBuilder net;
  const ir::ValueId first = net.lstm(net.input(kRows, 1, kFeatures), kHidden);
  net.output(net.lstm(first, kHidden));
  const Plan plan = plan_of(net.graph(), {.stream_in = true, .stream_out = true});
  EXPECT_LE(plan.arena_bytes, 2 * (kState + 1) + kFeatures + 2 * kHidden) << describe(plan);
}

TEST(Carry, RowsThatNobodyReadsAreMadeButNotKept) {
  NetworkBuilder net;
  const ir::ValueId rows = net.lstm(net.input(kRows, 1, kFeatures), kHidden);
  net.output(net.linear(net.row(rows, kRows - 1), 1, 1, 2));
  const Plan plan = plan_of(net.graph(), {.stream_in = true});
  const ir::NodeId lstm = *net.graph().producer(rows);
  int made = 0;
  for (const Step &step : plan.program.steps) {
    const Call &call = plan.program.calls[plan.program.groups[step.group].sink];
    if (call.node == lstm && call.phase == Phase::kRow) ++made;
  }
  EXPECT_EQ(made, kRows);
  EXPECT_LE(plan.arena_bytes, kState + kFeatures + 2 * kHidden + 2 + 1) << describe(plan);
}

TEST(Carry, RowsBehindTheLastReadOneAreNotMade) {
  NetworkBuilder net;
  const ir::ValueId rows = net.lstm(net.input(kRows, 1, kFeatures), kHidden);
  net.output(net.row(rows, 3));
  for (const Step &step : plan_of(net.graph()).program.steps) EXPECT_LE(step.row, 3);
}

TEST(Carry, AllWaysToPlanAreSound) {
  for (int options = 0; options < 8; ++options) {
    NetworkBuilder net;
    const ir::ValueId rows = net.lstm(net.input(kRows, 1, kFeatures), kHidden);
    net.output(net.sum(net.lstm(rows, kHidden), rows));
    Options chosen;
    chosen.stream_in = (options & 1) != 0;
    chosen.stream_out = (options & 2) != 0;
    chosen.layer_by_layer = (options & 4) != 0;
    EXPECT_EQ(messages(check_plan(net.graph(), plan_of(net.graph(), chosen).program)), "");
  }
}

class BrokenCarry : public testing::Test {
 protected:
  void SetUp() override {
    net_.output(net_.lstm(net_.input(kRows, 1, kFeatures), kHidden));
    program_ = plan_of(net_.graph(), {}).program;
    EXPECT_EQ(program_.calls[program_.groups[program_.steps[0].group].sink].phase, Phase::kBegin);
  }
  bool is_found() const { return !check_plan(net_.graph(), program_).empty(); }

  NetworkBuilder net_;
  Program program_;
};

TEST_F(BrokenCarry, RowsWithoutABeginning) {
  program_.steps.erase(program_.steps.begin());
  EXPECT_TRUE(is_found());
}

TEST_F(BrokenCarry, ABeginningBetweenRows) {
  program_.steps.insert(program_.steps.begin() + 5, program_.steps[0]);
  EXPECT_TRUE(is_found());
}

TEST_F(BrokenCarry, AStateThatLiesInTheRows) {
  for (Call &call : program_.calls)
    if (call.node == 0) call.state_offset = call.output.offset;
  EXPECT_TRUE(is_found());
}

}  // namespace
}  // namespace thimble::plan
