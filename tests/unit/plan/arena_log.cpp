// What the log of the arena says of plans that are known, and that no two rows are ever alive in
// the same bytes.
#include "plan/arena_log.h"

#include <algorithm>

#include "networks.h"

namespace thimble::plan {
namespace {

struct Logged {
  Plan plan;
  ArenaLog log;
};

Logged logged(const ir::Graph &graph, const Options &options) {
  Result<Plan> plan = make_plan(graph, options);
  EXPECT_TRUE(plan.ok()) << messages(plan.diagnostics());
  if (!plan.ok()) return {};
  return {*plan, arena_log(graph, plan->program)};
}

std::vector<Life> rows_of(const ArenaLog &log, ir::ValueId value) {
  std::vector<Life> rows;
  for (const Life &life : log.lives)
    if (life.kind == LifeKind::kRow && life.value == value) rows.push_back(life);
  return rows;
}

// A row of a window of three is last read two rows later.
TEST(ArenaLog, ARowLivesFromTheStepThatMakesItToTheLastThatReadsIt) {
  NetworkBuilder net;
  const ir::ValueId in = net.input(8, 8, 1);
  const ir::ValueId out = net.conv(in, 1, 3, 1, 1);
  net.output(out);
  Options streamed;
  streamed.stream_in = streamed.stream_out = true;
  const auto [plan, log] = logged(net.graph(), streamed);
  const std::vector<Life> read = rows_of(log, in), made = rows_of(log, out);
  ASSERT_EQ(read.size(), 8u);
  ASSERT_EQ(made.size(), 8u);
  for (int row = 0; row < 8; ++row) {
    EXPECT_EQ(read[row].bytes, 8);
    EXPECT_EQ(read[row].row, row);
    EXPECT_EQ(read[row].dies, made[std::min(row + 1, 7)].born) << row;
  }
}

TEST(ArenaLog, InputsAreThereFromTheFirstStepOutputsToTheLast) {
  NetworkBuilder net;
  const ir::ValueId in = net.input(8, 8, 1);
  const ir::ValueId out = net.relu(in);
  net.output(out);
  const auto [plan, log] = logged(net.graph(), {});
  EXPECT_EQ(log.steps, static_cast<int>(plan.program.steps.size()));
  for (const Life &life : rows_of(log, in)) EXPECT_EQ(life.born, 0);
  for (const Life &life : rows_of(log, out)) EXPECT_EQ(life.dies, log.steps - 1);
}

bool share_bytes(const Life &a, const Life &b) {
  return a.offset < b.offset + b.bytes && b.offset < a.offset + a.bytes;
}

void expect_no_meeting(const ArenaLog &log) {
  for (const Life &a : log.lives) {
    EXPECT_GE(a.offset, 0);
    EXPECT_LE(a.offset + a.bytes, log.arena_bytes);
    EXPECT_LE(a.born, a.dies);
    for (const Life &b : log.lives) {
      if (!share_bytes(a, b) || a.born >= b.born) continue;
      EXPECT_LE(a.dies, b.born);
    }
  }
}

TEST(ArenaLog, NoTwoRowsAreEverAliveInTheSameBytes) {
  for (const ir::Graph &graph : {lenet5(), die_929(), die_3889()})
    for (const Lines lines : {Lines::kNever, Lines::kAlways})
      for (const bool streamed : {false, true}) {
        Options options;
        options.lines = lines;
        options.stream_out = streamed;
        const auto [plan, log] = logged(graph, options);
        expect_no_meeting(log);
        EXPECT_FALSE(log.lives.empty());
      }
}

TEST(ArenaLog, AtThePeakAtLeastTheLiveBytesAreOccupied) {
  const auto [plan, log] = logged(lenet5(), {});
  std::int64_t alive = 0;
  for (const Life &life : log.lives)
    if (life.born <= plan.peak.step && plan.peak.step <= life.dies) alive += life.bytes;
  EXPECT_GE(alive, plan.peak.live_bytes);
}

TEST(ArenaLog, ALineBufferKeepsPixelsOfTheRowThatItReplaces) {
  Options options;
  options.lines = Lines::kAlways;
  options.stream_out = true;
  const auto [plan, log] = logged(die_3889(), options);
  EXPECT_TRUE(std::any_of(log.lives.begin(), log.lives.end(),
                          [](const Life &life) { return life.kind == LifeKind::kSaved; }));
}

}  // namespace
}  // namespace thimble::plan
