// The strided convolution gives what the pooling could have chosen; and what it saves.
#include "passes/pool_to_stride.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>

#include "ir/text.h"
#include "ops/evaluate.h"
#include "ops/operator.h"
#include "passes/pipeline.h"

namespace thimble::passes {
namespace {

ir::Graph parsed(const std::string &text) {
  auto graph = ir::parse(text, "test.thm");
  if (!graph.ok()) throw std::runtime_error(to_string(graph.diagnostics().front()));
  if (const auto types = ops::infer_types(*graph); !types.ok())
    throw std::runtime_error(to_string(types.diagnostics().front()));
  return *std::move(graph);
}

std::vector<ops::Tensor> evaluated(const ir::Graph &graph) {
  ops::Tensor x{graph.value(graph.inputs()[0].value).type, {}, {}};
  for (std::int64_t i = 0; i < x.type.shape.elements(); ++i)
    x.f32.push_back(std::sin(1.7f * static_cast<float>(i + 1)));
  return ops::evaluate(graph, {}, {x});
}

struct Case {
  int size, kernel, stride, pad, pool_kernel, pool_stride, pool_pad, pool_after;
};

std::string text_of(const Case &c) {
  return fmt::format(
      "input x: f32[{0}x{0}x2]\n"
      "node conv: Conv2d(x; w, b) {{pad = [{3}, {3}, {3}, {3}], stride = [{2}, {2}]}} -> c\n"
      "node pool: MaxPool2d(c) {{kernel = [{4}, {4}], stride = [{5}, {5}], "
      "pad = [{6}, {6}, {7}, {7}]}} -> y\noutput y\n"
      "const w: f32[3, {1}, {1}, 2] = random(1, 1)\nconst b: f32[3] = random(2, 1)\n",
      c.size, c.kernel, c.stride, c.pad, c.pool_kernel, c.pool_stride, c.pool_pad, c.pool_after);
}

// Whether every element of `strided` is what stands `place` elements in the windows of `full`, as
// far as these places are within it.
bool is_subsampled(const ops::Tensor &full, const ops::Tensor &strided, const Case &c, int place) {
  const ir::Shape &in = full.type.shape, &out = strided.type.shape;
  for (int y = 0; y < out.rows; ++y)
    for (int x = 0; x < out.cols; ++x)
      for (int k = 0; k < out.channels; ++k) {
        const int row = y * c.pool_stride - c.pool_pad + place;
        const int col = x * c.pool_stride - c.pool_pad + place;
        if (row < 0 || col < 0 || row >= in.rows || col >= in.cols) continue;
        if (strided.f32[(y * out.cols + x) * out.channels + k] !=
            full.f32[(row * in.cols + col) * in.channels + k])
          return false;
      }
  return true;
}

std::vector<Case> cases() {
  std::vector<Case> all;
  for (int size : {9, 12})
    for (int kernel : {1, 2, 3, 5})
      for (int stride : {1, 2})
        for (int pad = 0; 2 * pad <= kernel; ++pad)
          for (int pool_kernel : {2, 3})
            for (int pool_stride : {2, 3})
              for (int pool_pad = 0; 2 * pool_pad <= pool_kernel; ++pool_pad)
                for (int more : {0, 1})
                  if (pool_stride <= pool_kernel && pool_pad + more < pool_kernel)
                    all.push_back({size, kernel, stride, pad, pool_kernel, pool_stride, pool_pad,
                                   pool_pad + more});
  return all;
}

TEST(PoolToStride, GivesWhatStandsAtOnePlaceOfEachWindow) {
  int replaced = 0, left = 0;
  for (const Case &c : cases()) {
    SCOPED_TRACE(text_of(c));
    auto text = ir::parse(text_of(c), "test.thm");
    ASSERT_TRUE(text.ok());
    if (!ops::infer_types(*text).ok()) continue;  // too small, or a window in the padding alone
    const ir::Graph before = *text;
    const auto after = pool_to_stride(before);
    ASSERT_TRUE(after.ok());
    EXPECT_EQ(after->nodes().size() == 1, after.diagnostics().empty());
    if (after->nodes().size() == 2) {
      ++left;
      continue;
    }
    ++replaced;
    const ir::ValueId y = before.outputs()[0].value, now = after->outputs()[0].value;
    ASSERT_EQ(after->value(now).type, before.value(y).type);
    const ops::Tensor full = evaluated(before)[before.node(0).outputs[0]];
    const ops::Tensor strided = evaluated(*after)[now];
    bool found = false;
    for (int place = 0; place < c.pool_kernel; ++place)
      found |= is_subsampled(full, strided, c, place);
    EXPECT_TRUE(found);
  }
  EXPECT_GT(replaced, 100);
  EXPECT_GT(replaced, 2 * left);
}

TEST(PoolToStride, SaysWhatItSavesAndWhatThatBuys) {
  const ir::Graph graph = parsed(R"(graph g
input x: f32[224x224x3]
node conv: Conv2d(x; w, b) {pad = [1, 1, 1, 1], act = "relu"} -> c
node pool: MaxPool2d(c) {kernel = [2, 2]} -> y
output y
const w: f32[8, 3, 3, 3] = random(1, 1)
const b: f32[8] = random(2, 1)
)");
  const auto saved = pools_to_strides(graph);
  ASSERT_EQ(saved.size(), 1u);
  EXPECT_EQ(saved[0].pool, "pool");
  EXPECT_EQ(saved[0].convolution, "conv");
  EXPECT_EQ(saved[0].buffer_bytes, 224 * 224 * 8);
  EXPECT_EQ(saved[0].macs_before, 224 * 224 * 8 * 27);
  EXPECT_EQ(saved[0].macs_after, 112 * 112 * 8 * 27);
  EXPECT_EQ(saved[0].channels_for_macs, 32);
  EXPECT_EQ(saved[0].input_for_macs, (ir::Shape{449, 449, 3}));  // an odd row more is for nothing
}

TEST(PoolToStride, SaysWhyAPoolingStays) {
  const auto result = run_passes(parsed(R"(graph g
input x: f32[5x4x1]
node conv: Conv2d(x; w, b) -> c
node pool: MaxPool2d(c) {kernel = [2, 2]} -> y
output y dims [1, 1, 2, 2]
const w: f32[1, 1, 1, 1] = [2]
const b: f32[1] = [1]
)"),
                                 {"pool-to-stride"});
  ASSERT_TRUE(result.ok()) << to_string(result.diagnostics()[0]);
  ASSERT_EQ(result.diagnostics().size(), 1u);
  EXPECT_EQ(to_string(result.diagnostics()[0]),
            "warning: node 'pool' (MaxPool2d): stays: it cannot become the stride of 'conv'\n"
            "  why: no stride and padding make 2 rows of it\n");
}

// Beyond what a convolution may have, though the pooling may.
TEST(PoolToStride, StridesHaveAnEnd) {
  const auto result = pool_to_stride(parsed(R"(
input x: f32[200x2x1]
node conv: Conv2d(x; w, b) {stride = [40, 1]} -> c
node pool: MaxPool2d(c) {kernel = [1, 1], stride = [30000, 1]} -> p
node many: Conv2d(x; w, b) -> m
node other: MaxPool2d(m) {kernel = [2, 1], stride = [2, 1]} -> y
output p
output y
const w: f32[1, 1, 1, 1] = [2]
const b: f32[1] = [1]
)"));
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(result->nodes().size(), 3u);
  EXPECT_EQ(result->nodes()[1].op, "MaxPool2d");
}

}  // namespace
}  // namespace thimble::passes
