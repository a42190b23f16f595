// The front holds no point that another beats, and every point of it can be planned again.
#include "plan/front.h"

#include <gtest/gtest.h>

#include "ir/text.h"
#include "ops/operator.h"
#include "plan/strips.h"

namespace thimble::plan {
namespace {

constexpr const char *kWide = R"(
graph wide
input x: f32[16x48x2]
node a: Conv2d(x; aw, ab) {pad = [1, 1, 1, 1], act = "relu"} -> a
node b: Conv2d(a; bw, bb) {pad = [1, 1, 1, 1], act = "relu"} -> b
node c: Conv2d(b; cw, cb) {stride = [2, 2], pad = [1, 1, 1, 1], act = "relu"} -> c
node p: MaxPool2d(c) {kernel = [4, 4], stride = [4, 4]} -> p
node l: Linear(p; lw, lb) {out_shape = [1, 1, 3]} -> l
output l dims [1, 3]
const aw: f32[8, 3, 3, 2] = random(1, 0.4)
const ab: f32[8] = random(2, 0.2)
const bw: f32[8, 3, 3, 8] = random(3, 0.2)
const bb: f32[8] = random(4, 0.2)
const cw: f32[4, 3, 3, 8] = random(5, 0.2)
const cb: f32[4] = random(6, 0.2)
const lw: f32[3, 48] = random(7, 0.4)
const lb: f32[3] = random(8, 0.2)
)";

ir::Graph wide() {
  Result<ir::Graph> graph = ir::parse(kWide, "wide.thm");
  EXPECT_TRUE(graph.ok());
  EXPECT_TRUE(ops::infer_types(*graph).ok());
  return *std::move(graph);
}

TEST(Front, EndsWithStripsThatNeedLessForMoreWork) {
  const ir::Graph graph = wide();
  Options options;
  options.borrow_input = true;
  int told = 0;
  const auto front = find_front(graph, options, [&](int done, int of) {
    told = done;
    EXPECT_LE(done, of);
  });
  ASSERT_TRUE(front.ok());
  EXPECT_GT(told, 2);
  ASSERT_GE(front->size(), 2U);
  EXPECT_EQ(front->front().strips.cut, -1);
  EXPECT_GT(front->back().strips.ends.size(), 1U);
  for (std::size_t i = 1; i < front->size(); ++i) {
    EXPECT_LT((*front)[i].arena_bytes, (*front)[i - 1].arena_bytes);
    EXPECT_GT((*front)[i].macs, (*front)[i - 1].macs);
  }
  const FrontPoint &last = front->back();
  options.lines = last.lines;
  const auto strips = in_strips(graph, last.strips);
  ASSERT_TRUE(strips.has_value());
  const auto plan = make_plan(*strips, options);
  ASSERT_TRUE(plan.ok());
  EXPECT_EQ(plan->arena_bytes, last.arena_bytes);
}

TEST(Front, HasNoStripsOfAStream) {
  const ir::Graph graph = wide();
  Options options;
  options.stream_in = true;
  const auto front = find_front(graph, options, [](int, int) {});
  ASSERT_TRUE(front.ok());
  for (const FrontPoint &point : *front) EXPECT_EQ(point.strips.cut, -1);
}

}  // namespace
}  // namespace thimble::plan
