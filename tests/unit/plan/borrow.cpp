// Borrowed inputs: they stay with the caller, outside the arena.
#include "networks.h"

namespace thimble::plan {
namespace {

Plan lent(const ir::Graph &graph) {
  const Result<Plan> plan = make_plan(graph, {.borrow_input = true});
  EXPECT_TRUE(plan.ok()) << messages(plan.diagnostics());
  return plan.ok() ? *plan : Plan{};
}

TEST(Borrow, OnlyWhatIsMadeIsInTheArena) {
  NetworkBuilder net;
  net.output(net.relu(net.input(8, 8, 1)));
  const Plan plan = lent(net.graph());
  EXPECT_EQ(plan.arena_bytes, 64);
  EXPECT_EQ(plan.program.input_offsets, std::vector<std::int64_t>{-1});
  EXPECT_EQ(plan.residencies[0].kind, ResidencyKind::kBorrowed);
  EXPECT_EQ(plan.residencies[0].buffer, -1);
  EXPECT_EQ(plan.residencies[0].rows, 8);
}

TEST(Borrow, LeNet5NeedsNoMoreThanWithItsInputStreamed) {
  EXPECT_LE(lent(lenet5()).arena_bytes, 1200);
}

TEST(Borrow, AViewOfTheInputIsReadThere) {
  NetworkBuilder net;
  const ir::ValueId view = net.reshape(net.input(8, 4, 2), 4, 8, 2);
  net.output(net.conv(view, 1, 3, 1, 1));
  const Plan plan = lent(net.graph());
  EXPECT_EQ(plan.residencies[view].kind, ResidencyKind::kView);
  EXPECT_EQ(plan.program.calls[0].inputs[0], (Address{0, 4, 8, 16, 2, 0}));
}

TEST(Borrow, EachInputHasItsPort) {
  NetworkBuilder net;
  const ir::ValueId a = net.input(4, 4, 2), b = net.input(4, 4, 2);
  net.output(net.sum(b, a));
  const Plan plan = lent(net.graph());
  EXPECT_EQ(plan.program.calls[0].inputs[0].port, 1);
  EXPECT_EQ(plan.program.calls[0].inputs[1].port, 0);
  EXPECT_EQ(plan.arena_bytes, 32);
}

void expect_error(const ir::Graph &graph, const Options &options, const std::string &what) {
  const Result<Plan> plan = make_plan(graph, options);
  ASSERT_FALSE(plan.ok());
  EXPECT_NE(messages(plan.diagnostics()).find(what), std::string::npos)
      << messages(plan.diagnostics());
}

TEST(Borrow, APartOfAConcatCannotStayWithTheCaller) {
  NetworkBuilder net;
  const ir::ValueId in = net.input(4, 4, 2);
  net.output(net.concat({in, net.relu(in)}, 0));
  expect_error(net.graph(), {.borrow_input = true}, "an input cannot lie inside the output");
}

TEST(Borrow, AnOutputCannotStayWithTheCaller) {
  NetworkBuilder net;
  net.output(net.reshape(net.input(4, 4, 2), 8, 2, 2));
  expect_error(net.graph(), {.borrow_input = true}, "is an input that stays with the caller");
}

TEST(Borrow, AStreamedInputCannotBeBorrowed) {
  expect_error(lenet5(), {.stream_in = true, .borrow_input = true},
               "--borrow-input contradicts --stream-in");
}

}  // namespace
}  // namespace thimble::plan
