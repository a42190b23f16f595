// Outlines: the same plans as the networks they outline, and what does not fit is said.
#include "plan/outline.h"

#include <gtest/gtest.h>

#include "networks.h"
#include "plan/plan.h"

namespace thimble::plan {
namespace {

class OutlineBuilder {
 public:
  int tensor(std::vector<int> dims) {
    outline_.tensors.push_back({"t" + std::to_string(outline_.tensors.size()), std::move(dims)});
    return static_cast<int>(outline_.tensors.size()) - 1;
  }
  int input(std::vector<int> dims) {
    outline_.inputs.push_back(tensor(std::move(dims)));
    return outline_.inputs.back();
  }
  int op(std::string type, std::vector<int> in, std::vector<int> dims, Outline::Op like = {}) {
    like.type = std::move(type);
    like.in = std::move(in);
    like.out = {tensor(std::move(dims))};
    outline_.ops.push_back(like);
    return like.out[0];
  }
  int conv(int in, std::vector<int> dims, int kernel, int stride, int pad) {
    return op("Conv", {in}, std::move(dims), window(kernel, stride, pad));
  }
  static Outline::Op window(int kernel, int stride, int pad) {
    Outline::Op op;
    op.kernel = {kernel, kernel};
    op.strides = {stride, stride};
    op.pads = {pad, pad, pad, pad};
    return op;
  }
  Outline finish(std::vector<int> outputs) {
    outline_.outputs = std::move(outputs);
    return outline_;
  }

 private:
  Outline outline_;
};

// make_plan has every plan checked on tagged bytes.
Plan plan_of(const Outline &outline, const Options &options = {}) {
  const auto graph = outlined(outline);
  EXPECT_TRUE(graph.ok());
  return *make_plan(graph->graph, graph->behaviours, options);
}

TEST(Outline, NeedsWhatItsNetworkNeeds) {
  OutlineBuilder o;
  int x = o.conv(o.input({1, 3, 16, 12}), {1, 8, 16, 12}, 3, 1, 1);
  x = o.op("MaxPool", {x}, {1, 8, 8, 6}, OutlineBuilder::window(2, 2, 0));
  const int skip = x;
  x = o.conv(x, {1, 8, 8, 6}, 3, 1, 1);
  x = o.op("Add", {x, skip}, {1, 8, 8, 6});
  x = o.op("Gemm", {x}, {1, 5});
  const Outline outline = o.finish({x});

  NetworkBuilder n;
  int y = n.conv(n.input(16, 12, 3), 8, 3, 1, 1);
  y = n.pool(y, 2, 2);
  y = n.sum(n.conv(y, 8, 3, 1, 1), y);
  n.output(n.linear(y, 1, 1, 5));
  for (const bool layer_by_layer : {false, true}) {
    Options options;
    options.layer_by_layer = layer_by_layer;
    EXPECT_EQ(plan_of(outline, options).arena_bytes, make_plan(n.graph(), options)->arena_bytes);
  }
}

// What is not known is there whole, input beside output.
TEST(Outline, TakesAnUnknownOperatorAtItsWorst) {
  OutlineBuilder o;
  const int x = o.op("Mystery", {o.input({1, 4, 8, 8})}, {1, 4, 8, 8});
  EXPECT_EQ(plan_of(o.finish({x})).arena_bytes, 2 * 256);
}

TEST(Outline, FollowsASequenceRowByRow) {
  OutlineBuilder o;
  const int x = o.op("LSTM", {o.input({20, 1, 6})}, {20, 1, 1, 6});
  Options options;
  options.stream_in = options.stream_out = true;
  EXPECT_EQ(plan_of(o.finish({o.op("Gemm", {x}, {20, 3})}), options).arena_bytes,
            6 + 3 * 6 + 6);  // a row in, the state, a row between; a row out over the first
}

// The parts of a dense block are made where the whole of them will lie: nothing is copied.
TEST(Outline, GrowsAConcatInOnePlace) {
  OutlineBuilder o;
  std::vector<int> parts = {o.conv(o.input({1, 1, 8, 8}), {1, 4, 8, 8}, 3, 1, 1)};
  for (int i = 2; i <= 4; ++i) {
    const int last = parts.size() == 1 ? parts[0] : o.op("Concat", parts, {1, 4 * (i - 1), 8, 8});
    parts.push_back(o.conv(last, {1, 4, 8, 8}, 3, 1, 1));
  }
  Options options;
  options.layer_by_layer = true;
  const Plan plan = plan_of(o.finish({o.op("Concat", parts, {1, 16, 8, 8})}), options);
  EXPECT_LE(plan.arena_bytes, 16 * 64 + 64);  // and the input
}

TEST(Outline, SaysWhichWindowsContradictTheirShapes) {
  OutlineBuilder o;
  const int x = o.conv(o.input({1, 3, 16, 16}), {1, 8, 15, 16}, 3, 1, 1);
  const int y = o.conv(x, {1, 8, 7, 5}, 3, 2, 1);
  const auto graph = outlined(o.finish({y}));
  ASSERT_FALSE(graph.ok());
  ASSERT_EQ(graph.diagnostics().size(), 3u);
  EXPECT_EQ(to_string(graph.diagnostics()[0]),
            "error: node 't1' (Conv): its window contradicts its shapes\n"
            "  why: 16 rows give 16, the shape says 15\n"
            "  fix: kernel_shape, strides, pads and dilations as ONNX has them, shapes as [1, "
            "channels, rows, columns]\n");
  EXPECT_EQ(graph.diagnostics()[2].why, "16 columns give 8, the shape says 5");
}

TEST(Outline, RefusesWhatIsTooLongToFollow) {
  OutlineBuilder o;
  const int x = o.op("Relu", {o.input({1, 1, 5000, 2})}, {1, 1, 5000, 2});
  const auto graph = outlined(o.finish({x}));
  ASSERT_FALSE(graph.ok());
  EXPECT_EQ(graph.diagnostics()[0].what, "tensor 't0' is too long to plan");
}

}  // namespace
}  // namespace thimble::plan
