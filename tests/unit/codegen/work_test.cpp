// What kernels do, counted by hand.
#include "codegen/work.h"

#include <gtest/gtest.h>

#include "ir/text.h"
#include "ops/infer.h"
#include "plan/plan.h"

namespace thimble::codegen {
namespace {

constexpr const char *kNetwork = R"(graph g
input x: f32[6x8x2]
node a: Conv2d(x; w, b) {pad = [1, 1, 1, 1]} -> a: f32[6x8x4]
node p: MaxPool2d(a) {kernel = [2, 2], stride = [2, 2]} -> p: f32[3x4x4]
output p
const w: f32[4, 3, 3, 2] = random(1, 1)
const b: f32[4] = random(2, 1)
)";

// All groups together, every call of a kernel named after its node; functions `shared` or not.
std::vector<Work> work_in(const ir::Graph &graph, const plan::Options &options,
                          bool shared = false) {
  const auto plan = plan::make_plan(graph, options);
  EXPECT_TRUE(plan.ok());
  KernelUses uses;
  for (const plan::Call &call : plan->program.calls)
    for (const plan::Phase phase : {plan::Phase::kRow, plan::Phase::kFold})
      if (call.node >= 0)
        uses[{call.node, call.mode, phase}] = {
            .name = graph.node(call.node).name, .bytes_a_weight = 0.5, .shared = shared};
  std::vector<Work> sum;
  for (const auto &group : work_of(graph, plan->program, uses)) add(sum, group);
  return sum;
}

const Work &of(const std::vector<Work> &all, const std::string &kernel) {
  for (const Work &one : all)
    if (one.kernel == kernel) return one;
  ADD_FAILURE() << "no " << kernel;
  return all.front();
}

TEST(Work, OfWholeRows) {
  const auto graph = ir::parse(kNetwork, "g.thm");
  ASSERT_TRUE(graph.ok());
  plan::Options options;
  options.whole_rows = true;
  const std::vector<Work> all = work_in(*graph, options);
  const Work &conv = of(all, "a");
  EXPECT_EQ(conv.runs, 6);
  EXPECT_EQ(conv.pixels, 48);
  EXPECT_EQ(conv.outputs, 192);
  EXPECT_EQ(conv.windows, (2 + 4 * 3 + 2) * 8 * 4) << "rows at the border have two of three";
  EXPECT_EQ(conv.reads, (2 + 4 * 3 + 2) * (2 + 6 * 3 + 2) * 2);
  EXPECT_EQ(conv.macs, 48 * 4 * 18);
  EXPECT_EQ(conv.weights, conv.macs / 2);
  EXPECT_EQ(conv.vectors, conv.windows) << "a row of a window has at most six products";
  EXPECT_EQ(conv.borders, (48 - 4 * 6) * 4);
  EXPECT_EQ(conv.starts, 6);
  EXPECT_EQ(of(all, "p").reads, 192);
  EXPECT_EQ(of(all, "p").pixels, 48) << "each is folded in";
}

// However rows are made: none is made twice, and pooling takes all of them in.
TEST(Work, OfPixelsFoldedIntoTheNextLayer) {
  const auto graph = ir::parse(kNetwork, "g.thm");
  ASSERT_TRUE(graph.ok());
  const std::vector<Work> all = work_in(*graph, {});
  EXPECT_EQ(of(all, "a").pixels, 48);
  EXPECT_EQ(of(all, "a").outputs, 192);
  EXPECT_EQ(of(all, "a").macs, 48 * 4 * 18);
  EXPECT_GT(of(all, "a").runs, 6);
  EXPECT_EQ(of(all, "p").reads, 192);
}

TEST(Work, OfWindowsOfOneColumnIsApart) {
  const auto graph = ir::parse(R"(graph g
input x: f32[4x5x20]
node a: Conv2d(x; w, b) {} -> a: f32[4x5x5]
output a
const w: f32[5, 1, 1, 20] = random(1, 1)
const b: f32[5] = random(2, 1)
)",
                               "g.thm");
  ASSERT_TRUE(graph.ok());
  const std::vector<Work> all = work_in(*graph, {});
  EXPECT_EQ(of(all, "a_narrow").vectors, 4 * 5 * (4 + 2) * 2)
      << "of twenty products sixteen and four; the fifth output as two of the others";
  EXPECT_EQ(of(all, "a_narrow").borders, 0);
}

TEST(Work, OfFunctionsOfSeveralNodesIsApart) {
  const auto graph = ir::parse(kNetwork, "g.thm");
  ASSERT_TRUE(graph.ok());
  EXPECT_EQ(of(work_in(*graph, {}, true), "a_shared").pixels, 48);
}

}  // namespace
}  // namespace thimble::codegen
