// Strips compute what the whole computes, to the bit, and again no more than the halos.
#include "plan/strips.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ir/text.h"
#include "networks.h"
#include "ops/evaluate.h"
#include "ops/infer.h"
#include "plan/strip_ends.h"
#include "plan/strip_region.h"

namespace thimble::plan {
namespace {

using testing::ElementsAre;

// Windows with strides, groups, counted padding, a residual.
constexpr const char *kFloats = R"(
graph floats
input x: f32[9x14x2]
node a: Conv2d(x; aw, ab) {pad = [1, 1, 1, 1], act = "relu"} -> a
node d: Conv2d(a; dw, db) {groups = 4, stride = [2, 2], pad = [1, 1, 1, 1]} -> d
node e: Conv2d(d; ew, eb) {pad = [1, 1, 1, 1]} -> e
node s: Add(d, e) -> s
node p: AveragePool2d(s) {kernel = [3, 3], stride = [1, 1], pad = [1, 1, 1, 1], counted = [1, 1, 1, 1]} -> p
node g: MaxPool2d(p) {kernel = [2, 2], stride = [2, 2]} -> g
node l: Linear(g; lw, lb) {out_shape = [1, 1, 5]} -> l
output l dims [1, 5]
const aw: f32[4, 3, 3, 2] = random(1, 0.4)
const ab: f32[4] = random(2, 0.2)
const dw: f32[4, 3, 3, 1] = random(3, 0.5)
const db: f32[4] = random(4, 0.2)
const ew: f32[4, 3, 3, 4] = random(5, 0.3)
const eb: f32[4] = random(6, 0.2)
const lw: f32[5, 24] = random(7, 0.4)
const lb: f32[5] = random(8, 0.2)
)";

constexpr const char *kIntegers = R"(
graph integers
input x: i8[9x14x2] scale 0.01 zero 5
node a: Conv2d(x; aw, ab) {pad = [1, 1, 1, 1], act = "relu"} -> a: i8[9x14x4] scale 0.012 zero -128
node d: Conv2d(a; dw, db) {groups = 4, stride = [2, 2], pad = [1, 1, 1, 1]} -> d: i8[5x7x4] scale 0.011 zero 3
node e: Conv2d(d; ew, eb) {pad = [1, 1, 1, 1]} -> e: i8[5x7x4] scale 0.013 zero -7
node s: Add(d, e) -> s: i8[5x7x4] scale 0.015 zero 2
node p: AveragePool2d(s) {kernel = [3, 3], stride = [1, 1], pad = [1, 1, 1, 1], counted = [1, 1, 1, 1]} -> p: i8[5x7x4] scale 0.015 zero 2
node g: MaxPool2d(p) {kernel = [2, 2], stride = [2, 2]} -> g: i8[2x3x4] scale 0.015 zero 2
node l: Linear(g; lw, lb) {out_shape = [1, 1, 5]} -> l: i8[1x1x5] scale 0.02 zero 0
output l dims [1, 5]
const aw: i8[4, 3, 3, 2] scales [0.004, 0.005, 0.003, 0.006] = random(1, 127)
const ab: i32[4] = random(2, 3000)
const dw: i8[4, 3, 3, 1] scales [0.006, 0.004, 0.005, 0.003] = random(3, 127)
const db: i32[4] = random(4, 3000)
const ew: i8[4, 3, 3, 4] scales [0.003, 0.002, 0.004, 0.003] = random(5, 127)
const eb: i32[4] = random(6, 3000)
const lw: i8[5, 24] scales [0.004, 0.005, 0.003, 0.006, 0.004] = random(7, 127)
const lb: i32[5] = random(8, 3000)
)";

// A shortcut that is subsampled, as the pass subsample-shortcut leaves it.
constexpr const char *kShortcut = R"(
graph shortcut
input x: f32[8x12x2]
node a: Conv2d(x; aw, ab) {pad = [1, 1, 1, 1], act = "relu"} -> a
node s: MaxPool2d(a) {kernel = [1, 1], stride = [2, 2]} -> s
node b: Conv2d(a; bw, bb) {stride = [2, 2], pad = [0, 0, 1, 1], act = "relu"} -> b
node c: Conv2d(b; cw, cb) {pad = [1, 1, 1, 1]} -> c
node d: Conv2d(s; dw, db) {} -> d
node e: Add(c, d) -> e
node f: Conv2d(e; fw, fb) {pad = [1, 1, 1, 1]} -> f
output f dims [1, 2, 4, 6]
const aw: f32[4, 3, 3, 2] = random(1, 0.4)
const ab: f32[4] = random(2, 0.2)
const bw: f32[6, 3, 3, 4] = random(3, 0.3)
const bb: f32[6] = random(4, 0.2)
const cw: f32[6, 3, 3, 6] = random(5, 0.3)
const cb: f32[6] = random(6, 0.2)
const dw: f32[6, 1, 1, 4] = random(7, 0.4)
const db: f32[6] = random(8, 0.2)
const fw: f32[2, 3, 3, 6] = random(9, 0.2)
const fb: f32[2] = random(10, 0.2)
)";

ir::Graph parsed(const char *text) {
  Result<ir::Graph> graph = ir::parse(text, "strips.thm");
  EXPECT_TRUE(graph.ok()) << (graph.ok() ? "" : to_string(graph.diagnostics().front()));
  EXPECT_TRUE(ops::infer_types(*graph).ok());
  EXPECT_EQ(messages(ops::verify(*graph)), "");
  return *std::move(graph);
}

ops::Tensor noise(const ir::Type &type) {
  std::vector<float> real(type.shape.elements());
  std::uint32_t state = 1;
  for (float &x : real) {
    state = state * 1664525u + 1013904223u;
    x = static_cast<float>(state >> 8) / 8388608.0f - 1.0f;
  }
  return ops::from_real(type, real);
}

ops::Tensor output_of(const ir::Graph &graph) {
  const ir::Type &type = graph.value(graph.inputs()[0].value).type;
  return ops::evaluate_outputs(graph, {}, {noise(type)})[0];
}

// As even as can be.
std::vector<int> even_ends(int cols, int strips) {
  std::vector<int> ends;
  for (int i = 1; i <= strips; ++i) ends.push_back(cols * i / strips);
  return ends;
}

std::vector<std::string> names_of(const ir::Graph &graph, const std::vector<ir::ValueId> &values) {
  std::vector<std::string> names;
  for (const ir::ValueId value : values) names.push_back(graph.value(value).name);
  return names;
}

std::int64_t macs_of(const ir::Graph &graph) {
  std::int64_t sum = 0;
  for (const ir::Node &node : graph.nodes()) sum += ops::macs(graph, node);
  return sum;
}

TEST(Strips, EndWhereNothingButTheCutIsReadBehind) {
  const ir::Graph graph = parsed(kFloats);
  EXPECT_THAT(names_of(graph, strip_cuts(graph)), ElementsAre("a", "d", "s", "p", "g"));
}

class StripsOf : public testing::TestWithParam<const char *> {};

TEST_P(StripsOf, GiveTheBitsOfTheWhole) {
  const ir::Graph graph = parsed(GetParam());
  const ops::Tensor whole = output_of(graph);
  ASSERT_GT(strip_cuts(graph).size(), 0u);
  for (const ir::ValueId cut : strip_cuts(graph)) {
    const int cols = graph.value(cut).type.shape.cols;
    for (int strips = 1; strips <= std::min(cols, 5); ++strips) {
      SCOPED_TRACE(graph.value(cut).name + " in " + std::to_string(strips));
      const auto rewritten = in_strips(graph, {cut, even_ends(cols, strips)});
      ASSERT_TRUE(rewritten.has_value());
      EXPECT_EQ(messages(ops::verify(*rewritten)), "");
      const ops::Tensor output = output_of(*rewritten);
      EXPECT_EQ(output.f32, whole.f32);
      EXPECT_EQ(output.i8, whole.i8);
    }
  }
}

TEST_P(StripsOf, CanBePlanned) {
  const ir::Graph graph = parsed(GetParam());
  for (const ir::ValueId cut : strip_cuts(graph)) {
    const auto rewritten = in_strips(graph, {cut, even_ends(graph.value(cut).type.shape.cols, 3)});
    ASSERT_TRUE(rewritten.has_value());
    for (const Lines lines : {Lines::kNever, Lines::kChosen, Lines::kAlways}) {
      Options options;
      options.time_limit_seconds = 0.2;
      options.lines = lines;
      const auto plan = make_plan(*rewritten, options);
      ASSERT_TRUE(plan.ok()) << messages(plan.diagnostics());
      EXPECT_EQ(messages(check_plan(*rewritten, plan->program)), "");
    }
  }
}

// Every value before the cut kept, one at a time and all together.
std::vector<std::vector<ir::ValueId>> ways_to_keep(const ir::Graph &graph, ir::ValueId cut) {
  std::vector<std::vector<ir::ValueId>> ways;
  std::vector<ir::ValueId> all;
  const StripRegion region(graph, cut);
  for (const ir::NodeId id : region.nodes()) {
    const ir::ValueId value = graph.node(id).outputs[0];
    if (value == cut) continue;
    ways.push_back({value});
    all.push_back(value);
  }
  ways.push_back(all);
  return ways;
}

TEST_P(StripsOf, KeepColumnsToTheSameBits) {
  const ir::Graph graph = parsed(GetParam());
  const ops::Tensor whole = output_of(graph);
  for (const ir::ValueId cut : strip_cuts(graph))
    for (const std::vector<ir::ValueId> &kept : ways_to_keep(graph, cut))
      for (const int count : {2, 3}) {
        const Strips strips{cut, even_ends(graph.value(cut).type.shape.cols, count), kept,
                            count == 3};
        const auto rewritten = in_strips(graph, strips);
        ASSERT_TRUE(rewritten.has_value());
        EXPECT_EQ(messages(ops::verify(*rewritten)), "");
        const ops::Tensor output = output_of(*rewritten);
        EXPECT_EQ(output.f32, whole.f32);
        EXPECT_EQ(output.i8, whole.i8);
        if (kept.size() < 2) continue;
        EXPECT_EQ(macs_of(*rewritten), macs_of(graph));  // nothing is computed again
        Options options;
        options.time_limit_seconds = 0.2;
        const auto plan = make_plan(*rewritten, options);
        EXPECT_TRUE(plan.ok()) << messages(plan.diagnostics());
      }
}

std::string name_of(const testing::TestParamInfo<const char *> &info) {
  constexpr const char *kNames[] = {"floats", "integers", "shortcut"};
  return kNames[info.index];
}

INSTANTIATE_TEST_SUITE_P(Networks, StripsOf, testing::Values(kFloats, kIntegers, kShortcut),
                         name_of);

TEST(Strips, ComputeTheirHalosAgainAndNoMore) {
  NetworkBuilder net;
  const ir::ValueId first = net.conv(net.input(6, 8, 3), 4, 3, 1, 1);
  const ir::ValueId cut = net.conv(first, 5, 3, 1, 1);
  net.output(net.relu(cut));
  const std::int64_t column_of_first = 6 * 4 * 9 * 3, column_of_cut = 6 * 5 * 9 * 4;
  ASSERT_EQ(macs_of(net.graph()), 8 * column_of_first + 8 * column_of_cut);
  // At each of the places between strips, the first convolution makes a column more on both sides.
  for (int strips = 1; strips <= 4; ++strips) {
    const auto rewritten = in_strips(net.graph(), {cut, even_ends(8, strips)});
    ASSERT_TRUE(rewritten.has_value());
    EXPECT_EQ(macs_of(*rewritten), (8 + 2 * (strips - 1)) * column_of_first + 8 * column_of_cut);
  }
}

TEST(Strips, OneIsTheWhole) {
  const ir::Graph graph = parsed(kIntegers);
  const ir::ValueId cut = strip_cuts(graph).back();
  const auto rewritten = in_strips(graph, {cut, {graph.value(cut).type.shape.cols}});
  ASSERT_TRUE(rewritten.has_value());
  EXPECT_EQ(macs_of(*rewritten), macs_of(graph));
}

// Three convolutions, the last of stride 2.
ir::Graph narrowing() {
  NetworkBuilder net;
  ir::ValueId x = net.conv(net.input(24, 24, 3), 8, 3, 1, 1);
  x = net.conv(x, 8, 3, 1, 1);
  net.output(net.relu(net.conv(x, 16, 3, 2, 1)));
  return net.graph();
}

TEST(StripEnds, MoreStripsNeedLessForMoreWork) {
  const ir::Graph graph = narrowing();
  const ir::ValueId cut = strip_cuts(graph).back();
  StripEnds ends(graph, cut);
  std::int64_t bytes = ends.bytes(ends.find(1)), macs = ends.macs(ends.find(1));
  EXPECT_EQ(macs, macs_of(graph));
  for (const int count : {2, 3, 4}) {
    const Strips strips = ends.find(count);
    EXPECT_EQ(strips.ends.size(), static_cast<std::size_t>(count));
    EXPECT_LT(ends.bytes(strips), bytes);
    EXPECT_GT(ends.macs(strips), macs);
    bytes = ends.bytes(strips);
    macs = ends.macs(strips);
    EXPECT_EQ(macs, macs_of(*in_strips(graph, strips)));
  }
}

TEST(StripEnds, KeptColumnsSaveTheWorkOfWhatComesBefore) {
  const ir::Graph graph = narrowing();
  const ir::ValueId cut = strip_cuts(graph).back(), kept = strip_cuts(graph)[1];
  StripEnds again(graph, cut), once(graph, cut, {kept});
  const Strips strips = once.find(3);
  EXPECT_EQ(strips.kept, std::vector<ir::ValueId>{kept});
  EXPECT_LT(once.macs(strips), again.macs({cut, strips.ends}));
  EXPECT_EQ(once.macs(strips), macs_of(*in_strips(graph, strips)));
}

}  // namespace
}  // namespace thimble::plan
