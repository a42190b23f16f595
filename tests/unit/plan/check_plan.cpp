// Unsafe programs, written by hand: each must be found.
#include "networks.h"

namespace thimble::plan {
namespace {

// One node from `in` (8 rows of 8 pixels of one byte) to `t`, both whole.
Program one_call(const ir::Graph &graph, std::int64_t in_at, std::int64_t out_at,
                 std::int64_t arena_bytes) {
  Program program;
  program.arena_bytes = arena_bytes;
  program.input_offsets = {in_at};
  program.output_offsets = {out_at};
  Call make;
  make.node = 0;
  make.inputs = {{in_at, 8, 8, 8, 1}};
  make.input_values = {0};
  make.output = {out_at, 8, 8, 8, 1};
  make.output_value = 1;
  Call emit;
  emit.phase = Phase::kEmit;
  emit.port = 0;
  emit.inputs = {make.output};
  emit.input_values = {1};
  program.calls = {make, emit};
  program.groups = {{0, -1}, {1, -1}};
  for (int row = 0; row < graph.value(1).type.shape.rows; ++row) {
    program.steps.push_back({0, row});
    program.steps.push_back({1, row});
  }
  return program;
}

ir::Graph relu_network() {
  NetworkBuilder net;
  net.output(net.relu(net.input(8, 8, 1)));
  return net.graph();
}

ir::Graph conv_network() {
  NetworkBuilder net;
  net.output(net.conv(net.input(8, 8, 1), 1, 3, 1, 1));
  return net.graph();
}

TEST(CheckPlan, AnElementwiseOperatorMayRunInPlace) {
  EXPECT_EQ(messages(check_plan(relu_network(), one_call(relu_network(), 0, 0, 64))), "");
}

TEST(CheckPlan, AConvolutionMayNotRunInPlace) {
  EXPECT_FALSE(check_plan(conv_network(), one_call(conv_network(), 0, 0, 64)).empty());
}

TEST(CheckPlan, AConvolutionMayGrowOverItsInputTwoRowsBehind) {
  EXPECT_EQ(messages(check_plan(conv_network(), one_call(conv_network(), 16, 0, 80))), "");
  EXPECT_FALSE(check_plan(conv_network(), one_call(conv_network(), 15, 0, 79)).empty());
}

// As one_call, the rows from the last to the first, handed out at the end.
Program mirrored_call(const ir::Graph &graph, std::int64_t in_at, std::int64_t out_at,
                      std::int64_t arena_bytes) {
  Program program = one_call(graph, in_at, out_at, arena_bytes);
  program.steps.clear();
  for (int row = 7; row >= 0; --row) program.steps.push_back({0, row});
  for (int row = 0; row < 8; ++row) program.steps.push_back({1, row});
  return program;
}

TEST(CheckPlan, RowsFromTheLastToTheFirstGrowUpwards) {
  const ir::Graph conv = conv_network();
  EXPECT_EQ(messages(check_plan(conv, mirrored_call(conv, 0, 16, 80))), "");
  EXPECT_FALSE(check_plan(conv, mirrored_call(conv, 0, 15, 80)).empty());
  EXPECT_FALSE(check_plan(conv, mirrored_call(conv, 16, 0, 80)).empty());
}

TEST(CheckPlan, ColumnsDescendInPairsAlone) {
  Program program = one_call(conv_network(), 0, 64, 128);
  program.groups[0].columns_descend = true;
  EXPECT_FALSE(check_plan(conv_network(), program).empty());
}

TEST(CheckPlan, AddressesStayInTheArena) {
  EXPECT_FALSE(check_plan(relu_network(), one_call(relu_network(), 0, 0, 63)).empty());
  Program program = one_call(relu_network(), 0, 64, 128);
  program.calls[0].output.offset = -8;
  EXPECT_FALSE(check_plan(relu_network(), program).empty());
}

TEST(CheckPlan, EveryRowIsMadeOnceAndHandedOutInOrder) {
  Program twice = one_call(relu_network(), 0, 64, 128);
  twice.steps.insert(twice.steps.begin(), {0, 0});
  EXPECT_FALSE(check_plan(relu_network(), twice).empty());
  Program never = one_call(relu_network(), 0, 64, 128);
  never.steps.resize(never.steps.size() - 2);
  EXPECT_FALSE(check_plan(relu_network(), never).empty());
  Program swapped = one_call(relu_network(), 0, 64, 128);
  std::swap(swapped.steps[0], swapped.steps[2]);
  EXPECT_FALSE(check_plan(relu_network(), swapped).empty());
}

// As one_call, the input with the caller.
Program lent_call(const ir::Graph &graph) {
  Program program = one_call(graph, 0, 0, 64);
  program.input_offsets = {-1};
  program.borrows_inputs = true;
  program.calls[0].inputs[0].port = 0;
  return program;
}

TEST(CheckPlan, ABorrowedInputIsReadWhereTheCallerHasIt) {
  EXPECT_EQ(messages(check_plan(conv_network(), lent_call(conv_network()))), "");
  Program in_arena = lent_call(conv_network());
  in_arena.calls[0].inputs[0].port = -1;
  EXPECT_FALSE(check_plan(conv_network(), in_arena).empty());
  Program not_lent = lent_call(conv_network());
  not_lent.borrows_inputs = false;
  EXPECT_FALSE(check_plan(conv_network(), not_lent).empty());
  Program no_such_port = lent_call(conv_network());
  no_such_port.calls[0].inputs[0].port = 1;
  EXPECT_FALSE(check_plan(conv_network(), no_such_port).empty());
}

TEST(CheckPlan, ABorrowedInputIsNeverWritten) {
  Program program = lent_call(relu_network());
  program.calls[0].output.port = 0;
  EXPECT_NE(messages(check_plan(relu_network(), program))
                .find("writes into input 'in', which is the caller's"),
            std::string::npos);
}

TEST(CheckPlan, ABorrowedInputIsNotReadBeyondItsEnd) {
  Program program = lent_call(relu_network());
  program.calls[0].inputs[0].offset = 8;
  const std::string findings = messages(check_plan(relu_network(), program, 100));
  EXPECT_NE(findings.find("reads 'in' row 0 column 0 where 'in' row 1 column 0 lies"),
            std::string::npos);
  EXPECT_NE(findings.find("lies outside of input 'in'"), std::string::npos);
}

TEST(CheckPlan, WhatIsNotThereIsNotExecuted) {
  Program program = one_call(relu_network(), 0, 64, 128);
  program.calls[0].node = 7;
  EXPECT_FALSE(check_plan(relu_network(), program).empty());
  program = one_call(relu_network(), 0, 64, 128);
  program.steps[0] = {9, 0};
  EXPECT_FALSE(check_plan(relu_network(), program).empty());
  program = one_call(relu_network(), 0, 64, 128);
  program.steps[0].row = 8;
  EXPECT_FALSE(check_plan(relu_network(), program).empty());
}

}  // namespace
}  // namespace thimble::plan
