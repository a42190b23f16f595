// Which weights a sparsity leaves, and how dense layers are.
#include "passes/sparse_weights.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ir/text.h"
#include "ops/operator.h"

namespace thimble::passes {
namespace {

using ::testing::ElementsAre;

ir::Constant weights(std::vector<float> data) {
  const int count = static_cast<int>(data.size());
  return {"w", {1, count}, std::move(data), {}};
}

TEST(SparseWeights, TheLargestStayOfEqualOnesTheFirst) {
  ir::Constant w = weights({-3, 1, 2, -1, 1, 0});
  EXPECT_THAT(largest_weights(w, 0.5), ElementsAre(true, true, true, false, false, false));
  apply_mask(w, largest_weights(w, 2.0 / 3));
  EXPECT_THAT(std::get<std::vector<float>>(w.data), ElementsAre(-3, 0, 2, 0, 0, 0));
  EXPECT_THAT(largest_weights(w, 0.99), ElementsAre(true, false, false, false, false, false));
  EXPECT_THAT(largest_weights(w, 1), ElementsAre(false, false, false, false, false, false));
  EXPECT_THAT(largest_weights(w, 0), ElementsAre(true, true, true, true, true, true));
}

TEST(SparseWeights, DensityIsCountedByLayerWithoutBiases) {
  auto graph = ir::parse(R"(graph g
input x: f32[1x1x3]
node first: Linear(x; w, b) -> h
node relu: Relu(h) -> r
node second: Linear(r; v, c) -> y
output y
const w: f32[2, 3] = [0, 1, 0, 2, 0, 3]
const b: f32[2] = [0, 0]
const v: f32[1, 2] = [1, 2]
const c: f32[1] = [0]
)",
                         "test.thm");
  ASSERT_TRUE(graph.ok() && ops::infer_types(*graph).ok());
  const auto layers = weight_density(*graph);
  ASSERT_EQ(layers.size(), 2u);
  EXPECT_EQ(layers[0].node, "first");
  EXPECT_EQ(layers[0].weights, 6);
  EXPECT_EQ(layers[0].nonzero, 3);
  EXPECT_EQ(layers[1].nonzero, 2);
}

}  // namespace
}  // namespace thimble::passes
