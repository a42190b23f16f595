// What is said about a network: numbers add up, JSON has the keys that scripts rely on, and the
// peak is explained.
#include "report/analysis.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ir/text.h"
#include "report/bench.h"
#include "report/memory_map.h"
#include "report/numbers.h"

namespace thimble::report {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

// Two convolutions in a row.
ir::Graph small_graph() {
  auto graph = ir::parse(R"(graph small
input x: f32[8x8x1]
node conv1: Conv2d(x; w1, b1) {pad = [1, 1, 1, 1]} -> a
node conv2: Conv2d(a; w2, b2) {pad = [1, 1, 1, 1]} -> y
output y
const w1: f32[4, 3, 3, 1] = random(1, 0.3)
const b1: f32[4] = random(2, 0.1)
const w2: f32[2, 3, 3, 4] = random(3, 0.3)
const b2: f32[2] = random(4, 0.1)
)",
                         "small.thm");
  EXPECT_TRUE(graph.ok());
  EXPECT_TRUE(ops::infer_types(*graph).ok());
  return *graph;
}

Analysis small_analysis() {
  const ir::Graph graph = small_graph();
  const auto plan = plan::make_plan(graph, {});
  EXPECT_TRUE(plan.ok());
  codegen::Emitted emitted;
  emitted.weight_bytes = 4 * (36 + 72 + 6);
  return analyze(graph, {}, *plan, emitted, {"small.thm", "host", "f32", true});
}

TEST(Analyze, LayersAddUpToTheNetwork) {
  const Analysis analysis = small_analysis();
  EXPECT_EQ(analysis.parameters, 36 + 4 + 72 + 2);
  EXPECT_EQ(analysis.macs, 64 * 36 + 64 * 72);
  ASSERT_EQ(analysis.layers.size(), 2u);
  EXPECT_EQ(analysis.layers[0].macs, 64 * 36);
  EXPECT_GE(analysis.layers[0].weight_bytes, 4 * 36);
  EXPECT_EQ(analysis.layers[1].shape, (ir::Shape{8, 8, 2}));
}

TEST(Analyze, ThePeakSaysWhoHoldsWhichBytesAndWhy) {
  const Analysis analysis = small_analysis();
  ASSERT_FALSE(analysis.peak.parts.empty());
  std::int64_t sum = 0;
  for (const PeakPart &part : analysis.peak.parts) {
    sum += part.bytes;
    EXPECT_NE(part.why, "") << part.tensor;
  }
  EXPECT_EQ(sum, analysis.peak.live_bytes);
  EXPECT_LE(analysis.peak.live_bytes, analysis.arena_bytes);
  EXPECT_THAT(to_text(analysis), HasSubstr("to be read by 'conv"));
}

TEST(Analyze, ABorrowedInputIsNamedAndNotCounted) {
  const ir::Graph graph = small_graph();
  const auto plan = plan::make_plan(graph, {.borrow_input = true});
  ASSERT_TRUE(plan.ok());
  const Analysis analysis = analyze(graph, {}, *plan, {}, {"small.thm", "host", "f32", true});
  EXPECT_EQ(analysis.borrowed_bytes, 4 * 64);
  EXPECT_THAT(summary(analysis), HasSubstr("; 256 B of input stay with the caller, not counted"));
  EXPECT_EQ(to_json(analysis)["ram"]["borrowed_input"], 256);
  EXPECT_FALSE(to_json(small_analysis())["ram"].contains("borrowed_input"));
}

TEST(Analyze, JsonHasTheKeysThatScriptsRelyOn) {
  const Json json = to_json(small_analysis());
  for (const char *key : {"model", "target", "numbers", "parameters", "macs", "fits", "flash",
                          "ram", "arena", "layers", "buffers", "peak", "savings"}) {
    EXPECT_TRUE(json.contains(key)) << key;
  }
  for (const char *key : {"bytes", "lower_bound", "placement_proven", "schedule_proven"}) {
    EXPECT_TRUE(json["arena"].contains(key)) << key;
  }
  for (const char *key : {"name", "op", "shape", "macs", "weight_bytes", "residency"}) {
    EXPECT_TRUE(json["layers"][0].contains(key)) << key;
  }
  for (const char *key : {"tensor", "offset", "bytes", "rows", "first", "last"}) {
    EXPECT_TRUE(json["buffers"][0].contains(key)) << key;
  }
  for (const char *key : {"step", "tensors", "remedies"})
    EXPECT_TRUE(json["peak"].contains(key)) << key;
  EXPECT_EQ(json["arena"]["bytes"], json["ram"]["arena"]);
}

TEST(Analyze, SaysWhatWouldLowerThePeak) {
  Analysis analysis;
  analysis.arena_bytes = 1068;
  analysis.peak.live_bytes = 1000;
  EXPECT_EQ(remedies_text(analysis), "");
  analysis.peak.remedies = {{"--borrow-input", 600, true, 490},
                            {"--residency lines", 970, true},
                            {"no --keep-input", 1000, false}};
  analysis.peak.retrainings = {
      {"pooling into stride", "thimble shrink --pool-to-stride", 800, true}};
  analysis.peak.estimates = {{{"a;long/name", "b", "c", "d"}, 900}};
  analysis.peak.not_better = {"--stream-in", "--stream-out"};
  analysis.peak.not_tried = {"--stream-in --stream-out"};
  EXPECT_EQ(
      remedies_text(analysis),
      "what would lower it:\n"
      "  with --borrow-input: 600 B (-468 B; 490 B of input stay with the caller)\n"
      "  with --residency lines: 970 B (-98 B)\n"
      "  without --keep-input: at most 1,000 B (-68 B)\n"
      "  pooling into stride: 800 B (-268 B), needs retraining (thimble shrink --pool-to-stride)\n"
      "  with half the channels of a, b, c and 1 more: about 900 B alive (-100 B, an estimate)\n"
      "  no less with --stream-in, --stream-out\n"
      "  not tried, planning takes long: --stream-in --stream-out\n");
  const Json json = to_json(analysis)["peak"];
  EXPECT_EQ(json["remedies"][1],
            Json({{"option", "--residency lines"}, {"bytes", 970}, {"proven", true}}));
  EXPECT_EQ(json["estimates"][0]["live_bytes"], 900);
  EXPECT_EQ(json["retrainings"][0]["bytes"], 800);
}

TEST(Analyze, EstimatesThePeakWithHalfTheChannels) {
  const Analysis analysis = small_analysis();
  ASSERT_FALSE(analysis.peak.estimates.empty());
  EXPECT_EQ(analysis.peak.estimates[0].tensors, std::vector<std::string>{"a"});
  EXPECT_LT(analysis.peak.estimates[0].live_bytes, analysis.peak.live_bytes);
}

TEST(Analyze, SaysWhatEachRuleSaves) {
  Analysis analysis;
  EXPECT_EQ(savings_table(analysis.savings), "");
  analysis.savings = {
      {plan::Rule::kApart, 4000}, {plan::Rule::kLives, 1500}, {plan::Rule::kRows, 1600}};
  EXPECT_THAT(savings_table(analysis.savings),
              HasSubstr("every tensor apart               4,000 B\n"));
  EXPECT_THAT(savings_table(analysis.savings), HasSubstr("1,500 B  -2,500 B\n"));
  EXPECT_THAT(savings_table(analysis.savings), HasSubstr("1,600 B  +100 B\n"));
  EXPECT_EQ(to_json(analysis)["savings"][1],
            Json({{"rule", "bytes used again when lives end"}, {"bytes", 1500}}));
}

// Two buffers in 8 bytes, the one after the other, over 4 steps; then a third over all.
Analysis drawn_analysis() {
  Analysis analysis;
  analysis.arena_bytes = 8;
  analysis.peak.step_count = 4;
  analysis.peak.step = 2;
  analysis.buffers = {
      {"first", 0, 4, 1, 0, 1}, {"second", 0, 4, 1, 2, 3}, {"third", 4, 4, 1, 0, 3}};
  return analysis;
}

TEST(MemoryMap, ShowsEachBufferAtItsTimeAndPlace) {
  const std::string map = memory_map(drawn_analysis());
  EXPECT_THAT(map, HasSubstr("        7 |cccc|\n"));
  EXPECT_THAT(map, HasSubstr("        0 |aabb|\n             ^ peak\n"));
  EXPECT_THAT(map, HasSubstr("second"));
}

TEST(MemoryMap, IsColouredOnlyWhenAsked) {
  EXPECT_THAT(memory_map(drawn_analysis()), Not(HasSubstr("\033")));
  EXPECT_THAT(memory_map(drawn_analysis(), {.color = true}), HasSubstr("\033[31maa\033[0m"));
}

TEST(MemoryMap, ALongRunFitsItsWidth) {
  Analysis analysis = drawn_analysis();
  analysis.peak.step_count = 100000;
  analysis.arena_bytes = 1 << 20;
  const std::string map = memory_map(analysis, {.width = 60});
  std::size_t longest = 0, start = 0;
  for (std::size_t end; (end = map.find('\n', start)) != std::string::npos; start = end + 1) {
    longest = std::max(longest, end - start);
  }
  EXPECT_LE(longest, 60u);
}

TEST(Numbers, AreGroupedByThousands) {
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(1000), "1,000");
  EXPECT_EQ(grouped(-123456789), "-123,456,789");
}

TEST(Bench, JsonKeepsTheScalarsAndAddsWhatWasMeasured) {
  emulate::RunResult run;
  run.outputs = {{{1, 2, 3}}};
  run.count_per_run = 1234;
  run.bill = {10, 20, 30, 60, 100, 4, 40, 144, {}};
  targets::Target target;
  target.emulator = "qemu-arm";
  target.count_unit = "instructions";
  const Json json = to_json(bench(drawn_analysis(), run, target));
  EXPECT_EQ(json["flash"]["code"], 30);
  EXPECT_EQ(json["ram"]["total"], 144);
  EXPECT_EQ(json["instructions"], 1234);
  EXPECT_EQ(json["emulator"], "qemu-arm");
  EXPECT_EQ(json["output_sha256"],
            "039058c6f2c0cb492c533b0a4d14ef77cc0f78abccced5287d84a1a2011cfb81");
  EXPECT_TRUE(json.contains("macs"));
  EXPECT_FALSE(json.contains("layers"));
}

TEST(Bench, ModelCyclesStandBesideInstructions) {
  emulate::RunResult run;
  run.count_per_run = 1234;
  targets::Target target;
  target.emulator = "qemu-arm";
  target.count_unit = "instructions";
  EXPECT_FALSE(to_json(bench(drawn_analysis(), run, target)).contains("model_cycles"));
  target.cycle_model.emplace();
  EXPECT_FALSE(to_json(bench(drawn_analysis(), run, target)).contains("model_cycles"));
  EXPECT_THAT(to_text(bench(drawn_analysis(), run, target)), HasSubstr("no model cycles: "));
  run.model_cycles = 1500;
  EXPECT_EQ(to_json(bench(drawn_analysis(), run, target))["model_cycles"], 1500);
  EXPECT_THAT(to_text(bench(drawn_analysis(), run, target)), HasSubstr(", 1,500 model cycles"));
}

TEST(Bench, GroupsOfOneLayerAreOneLine) {
  const ir::Graph graph = small_graph();
  const auto plan = plan::make_plan(graph, {.layer_by_layer = true});
  ASSERT_TRUE(plan.ok());
  emulate::RunResult run;
  run.group_counts.assign(plan->program.groups.size(), 5);
  run.group_model_cycles.assign(plan->program.groups.size(), 7);
  std::int64_t sum = 0, cycles = 0;
  std::string names;
  const std::vector<std::vector<codegen::Work>> work(run.group_counts.size(), {{"step", 1}});
  std::int64_t steps = 0;
  for (const LayerCount &layer : layer_counts(graph, *plan, work, run)) {
    sum += layer.count;
    cycles += layer.model_cycles.value_or(0);
    ASSERT_EQ(layer.work.size(), 1u);
    steps += layer.work.front().runs;
    names += layer.name + "; ";
  }
  EXPECT_EQ(sum, 5 * static_cast<std::int64_t>(run.group_counts.size()));
  EXPECT_EQ(cycles, 7 * static_cast<std::int64_t>(run.group_counts.size()));
  EXPECT_EQ(steps, static_cast<std::int64_t>(run.group_counts.size()));
  EXPECT_THAT(names, HasSubstr("conv1; "));
  EXPECT_THAT(names, HasSubstr("conv2; "));
}

}  // namespace
}  // namespace thimble::report
