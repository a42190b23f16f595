// Outputs that grow over the sums that they are made of: programs written by hand, then plans.
#include "networks.h"

namespace thimble::plan {
namespace {

// Two rows of 4 bytes, folded into 8 sums, of which a picture of two rows of 4 bytes is made.
ir::Graph folding_network() {
  NetworkBuilder net;
  net.output(net.linear(net.input(2, 1, 4), 2, 1, 4));
  return net.graph();
}

Call folding_call(Phase phase, std::int64_t in_at, std::int64_t sums_at, std::int64_t out_at) {
  Call call;
  call.phase = phase;
  call.node = 0;
  call.mode = 1;
  call.inputs = {{in_at, 2, 1, 4, 4}};
  call.input_values = {0};
  call.output = {out_at, 2, 1, 4, 4};
  call.output_value = 1;
  call.state_offset = sums_at;
  return call;
}

Program folding_program(std::int64_t in_at, std::int64_t sums_at, std::int64_t out_at) {
  Program program;
  program.arena_bytes = 64;
  program.input_offsets = {in_at};
  program.output_offsets = {out_at};
  for (const Phase phase : {Phase::kBegin, Phase::kFold, Phase::kEnd})
    program.calls.push_back(folding_call(phase, in_at, sums_at, out_at));
  Call emit;
  emit.phase = Phase::kEmit;
  emit.port = 0;
  emit.inputs = {program.calls[2].output};
  emit.input_values = {1};
  program.calls.push_back(emit);
  program.groups = {{0}, {1}, {2}, {3}};
  program.steps = {{0, 0}, {1, 0}, {1, 1}, {2, 0}, {3, 0}, {2, 1}, {3, 1}};
  return program;
}

std::string found_in(const Program &program) {
  return messages(check_plan(folding_network(), program));
}

TEST(CheckPlan, OutputsMayGrowOverTheirOwnSums) {
  EXPECT_EQ(found_in(folding_program(48, 8, 8)), "");
  EXPECT_EQ(found_in(folding_program(48, 8, 0)), "");
  EXPECT_EQ(found_in(folding_program(48, 8, 5)), "");
  EXPECT_EQ(found_in(folding_program(48, 8, 11)), "");  // sum 0 is read when byte 3 of it goes
}

TEST(CheckPlan, NoOutputLiesInASumStillToBeRead) {
  for (const std::int64_t out_at : {12, 20, 32, 39})
    EXPECT_NE(found_in(folding_program(48, 8, out_at)).find("a sum is destroyed by 't'"),
              std::string::npos)
        << out_at;
  EXPECT_EQ(found_in(folding_program(48, 8, 40)), "");
}

TEST(CheckPlan, SumsEndWhenAllRowsAreFolded) {
  Program program = folding_program(48, 8, 8);
  program.steps.erase(program.steps.begin() + 2);
  EXPECT_NE(found_in(program).find("ends before every row is folded in"), std::string::npos);
}

Plan planned(const ir::Graph &graph, const Options &options) {
  Result<Plan> plan = make_plan(graph, options);  // insists on check_plan
  EXPECT_TRUE(plan.ok()) << messages(plan.diagnostics());
  return plan.ok() ? *std::move(plan) : Plan{};
}

TEST(Sums, GiveWayToWhatIsMadeOfThem) {
  NetworkBuilder net;
  net.output(net.linear(net.input(8, 1, 16), 1, 1, 20));
  const Plan plan = planned(net.graph(), {.stream_in = true});
  EXPECT_EQ(plan.arena_bytes, 80 + 16) << describe(plan);
  EXPECT_TRUE(plan.placement_proven);
}

TEST(Sums, GiveWayRowByRow) {
  NetworkBuilder net;
  net.output(net.linear(net.input(8, 1, 16), 4, 1, 5));
  for (const bool streams : {false, true}) {
    const Plan plan = planned(net.graph(), {.stream_in = true, .stream_out = streams});
    EXPECT_EQ(plan.arena_bytes, 80 + 16) << describe(plan);
    EXPECT_TRUE(plan.placement_proven);
  }
}

TEST(Sums, OfANetworkOfVectorsInPiecesAreAllThatCounts) {
  NetworkBuilder net;
  const ir::ValueId hidden = net.linear(net.input(20, 1, 32), 1, 1, 128);
  net.output(net.linear(net.linear(hidden, 1, 1, 8), 20, 1, 32));
  const Plan plan = planned(net.graph(), {.stream_in = true, .stream_out = true});
  EXPECT_EQ(plan.arena_bytes, 4 * 128 + 32) << describe(plan);
  EXPECT_TRUE(plan.placement_proven);
}

}  // namespace
}  // namespace thimble::plan
