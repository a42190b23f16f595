// Linear, MaxPool2d and BatchNorm: values by hand and against plain formulas, access, modes.
#include "access_of.h"
#include "nodes.h"
#include "ops/requant.h"

namespace thimble::ops {
namespace {

ir::Graph linear_graph(const ir::Type &input, const std::vector<std::int64_t> &out_shape) {
  const int in = static_cast<int>(input.shape.elements());
  const int out = static_cast<int>(out_shape[0] * out_shape[1] * out_shape[2]);
  return one_node("Linear", input,
                  {{"w", {out, in}, noises(in * out, 3), {}}, {"b", {out}, noises(out, 4), {}}},
                  {{"out_shape", out_shape}});
}

TEST(Linear, MultipliesFlatInStoredOrderIntoAnyShape) {
  const ir::Type input = float_type(2, 3, 4);
  const ir::Graph graph = linear_graph(input, {2, 1, 5});
  const Tensor in = sample(input), out = eval_node(graph, in);
  EXPECT_EQ(out.type.shape, (ir::Shape{2, 1, 5}));
  EXPECT_FALSE(is_constant(out.f32));
  const std::vector<float> weight = noises(240, 3), bias = noises(10, 4);
  for (int o = 0; o < 10; ++o) {
    double sum = bias[o];
    for (int i = 0; i < 24; ++i) sum += double{weight[o * 24 + i]} * in.f32[i];
    EXPECT_NEAR(out.f32[o], sum, 1e-6);
  }
}

TEST(Linear, FoldsRowsWhereThereAreSeveral) {
  const ir::Graph graph = linear_graph(float_type(2, 3, 4), {2, 1, 5});
  const auto modes = kept_modes(graph);
  ASSERT_EQ(modes.size(), 2u);
  EXPECT_EQ(modes[0].inputs[0].kind, AccessKind::kWhole);
  EXPECT_EQ(modes[1].inputs[0].kind, AccessKind::kAccumulate);
  EXPECT_EQ(modes[1].state_bytes, 40);
  const Kernels kernels = operator_of(graph.node(0)).kernels(graph, graph.node(0), {}, 1);
  EXPECT_TRUE(kernels.begin && kernels.fold && kernels.end && !kernels.row);
}

TEST(Linear, ReadsTheOneRowOfAVectorForEveryOutputRow) {
  const auto modes = kept_modes(linear_graph(float_type(1, 1, 7), {4, 4, 2}));
  ASSERT_EQ(modes.size(), 1u);
  EXPECT_EQ(modes[0].inputs[0].kind, AccessKind::kWindow);
  EXPECT_EQ(modes[0].inputs[0].rows, (std::vector<Range>(4, {0, 1})));
}

TEST(Linear, Int8ByHand) {
  const ir::Graph graph =
      one_node("Linear", int_type(1, 1, 2, 0.5f, -3),
               {{"w", {2, 2}, std::vector<std::int8_t>{10, -20, 127, 5}, {0.1f, 0.01f}},
                {"b", {2}, std::vector<std::int32_t>{7, -100}, {}}},
               {}, ir::Quant{0.25f, 4});
  // (5 + 3) * 10 - (-10 + 3) * 20 + 7 = 227, times 0.2: 45.4; 8 * 127 - 7 * 5 - 100 = 881, times
  // 0.02: 17.62.
  EXPECT_EQ(eval_node(graph, {int_type(1, 1, 2, 0.5f, -3), {}, {5, -10}}).i8,
            (std::vector<std::int8_t>{49, 22}));
}

struct PoolCase {
  int h, w, channels;
  std::vector<std::int64_t> kernel, stride, pad;
};
const PoolCase kPools[] = {{4, 6, 2, {2, 2}, {2, 2}, {0, 0, 0, 0}},
                           {5, 5, 3, {3, 3}, {2, 2}, {1, 1, 1, 1}},
                           {7, 4, 1, {2, 3}, {3, 1}, {0, 2, 1, 1}},
                           {5, 5, 2, {2, 2}, {2, 2}, {0, 0, 1, 1}},
                           {6, 6, 1, {1, 1}, {4, 4}, {0, 0, 0, 0}}};

ir::Graph pool_graph(const PoolCase &k, ir::Type input) {
  return one_node("MaxPool2d", input, {},
                  {{"kernel", k.kernel}, {"stride", k.stride}, {"pad", k.pad}});
}

TEST(MaxPool2d, IsTheLargestInsideTheInput) {
  for (const PoolCase &k : kPools) {
    const ir::Type input = float_type(k.h, k.w, k.channels);
    const Tensor in = sample(input), out = eval_node(pool_graph(k, input), in);
    EXPECT_FALSE(is_constant(out.f32));
    const ir::Shape shape = out.type.shape;
    EXPECT_EQ(shape.rows, (k.h + k.pad[0] + k.pad[2] - k.kernel[0]) / k.stride[0] + 1);
    for (std::int64_t i = 0; i < shape.elements(); ++i) {
      const std::int64_t c = i % shape.channels, x = i / shape.channels % shape.cols,
                         y = i / shape.channels / shape.cols;
      float most = -9;
      for (int r = 0; r < k.h; ++r)
        for (int q = 0; q < k.w; ++q)
          if (r >= y * k.stride[0] - k.pad[0] && r < y * k.stride[0] - k.pad[0] + k.kernel[0] &&
              q >= x * k.stride[1] - k.pad[1] && q < x * k.stride[1] - k.pad[1] + k.kernel[1])
            most = std::max(most, in.f32[(r * k.w + q) * k.channels + c]);
      ASSERT_EQ(out.f32[i], most);
    }
  }
}

TEST(MaxPool2d, ReadsExactlyTheRowsAndColumnsItSays) {
  for (const PoolCase &k : kPools)
    expect_exact_access(pool_graph(k, float_type(k.h, k.w, k.channels)), 10.0f);
}

TEST(MaxPool2d, WorksOnIntegersAsOnNumbers) {
  const PoolCase k = kPools[1];
  const ir::Type input = int_type(k.h, k.w, k.channels, 1, 0);
  const Tensor in = sample(input);
  Tensor real{float_type(k.h, k.w, k.channels), {in.i8.begin(), in.i8.end()}, {}};
  const Tensor out = eval_node(pool_graph(k, input), in);
  const Tensor expected = eval_node(pool_graph(k, real.type), real);
  EXPECT_FALSE(is_constant(out.i8));
  EXPECT_EQ(std::vector<float>(out.i8.begin(), out.i8.end()), expected.f32);
}

TEST(MaxPool2d, FoldsWhereWindowsLeaveOutNothingAndBeginApart) {
  const auto folds = [](std::vector<std::int64_t> kernel, std::vector<std::int64_t> stride,
                        std::vector<std::int64_t> pad) {
    const std::vector<Mode> modes =
        kept_modes(pool_graph({9, 9, 2, kernel, stride, pad}, float_type(9, 9, 2)));
    return modes.size() == 2 && modes[1].in_output && modes[1].state_bytes == 0;
  };
  EXPECT_TRUE(folds({3, 3}, {3, 3}, {0, 0, 0, 0}));
  EXPECT_TRUE(folds({3, 3}, {2, 2}, {1, 1, 1, 1}));
  EXPECT_TRUE(folds({2, 3}, {2, 2}, {0, 0, 0, 0}));   // the last row is in no window
  EXPECT_FALSE(folds({3, 2}, {2, 2}, {0, 0, 0, 0}));  // nor the last column
  EXPECT_FALSE(folds({2, 2}, {3, 3}, {0, 0, 0, 0}));
  EXPECT_FALSE(folds({3, 3}, {1, 1}, {1, 1, 1, 1}));  // two windows begin with the first element
  EXPECT_FALSE(folds({1, 3}, {1, 3}, {0, 0, 0, 0}));  // no row waits
}

TEST(MaxPool2d, RefusesAWindowOfPaddingAlone) {
  ir::Graph graph = pool_graph(kPools[0], float_type(4, 6, 2));
  graph.node(0).attributes["pad"] = list({2, 0, 0, 0});
  EXPECT_FALSE(infer_types(graph).ok());
  graph.node(0).attributes["pad"] = list({0, 0, 2, 0});
  EXPECT_FALSE(infer_types(graph).ok());
}

TEST(BatchNorm, ScalesAndShiftsEachChannel) {
  const ir::Graph graph = one_node(
      "BatchNorm", float_type(1, 2, 2),
      {{"s", {2}, std::vector<float>{2, -1}, {}}, {"t", {2}, std::vector<float>{0.5f, 10}, {}}},
      {});
  EXPECT_EQ(eval_node(graph, {float_type(1, 2, 2), {1, 2, 3, 4}, {}}).f32,
            (std::vector<float>{2.5f, 8, 6.5f, 6}));
  expect_exact_access(graph, 1.0f);
}

TEST(BatchNorm, Int8ByHand) {
  const ir::Graph graph = one_node("BatchNorm", int_type(1, 1, 2, 0.5f, 1),
                                   {{"w", {2}, std::vector<std::int8_t>{127, -127}, {0.01f, 0.02f}},
                                    {"b", {2}, std::vector<std::int32_t>{-301, 40}, {}}},
                                   {}, ir::Quant{0.1f, 2});
  // (11 - 1) * 127 - 301 = 969, times 0.05: 48.45; (4 - 1) * -127 + 40 = -341, times 0.1: -34.1.
  EXPECT_EQ(eval_node(graph, {int_type(1, 1, 2, 0.5f, 1), {}, {11, 4}}).i8,
            (std::vector<std::int8_t>{50, -32}));
}

}  // namespace
}  // namespace thimble::ops
