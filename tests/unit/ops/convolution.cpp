// Convolutions, forward and transposed: imported from both formats and held against plain sums in
// the file's own order (channel, row, column), which share nothing with the code.
#include "access_of.h"
#include "nodes.h"
#include "ops/requant.h"

namespace thimble::ops {
namespace {

struct Case {
  int in_c, out_c, in_h, in_w, kernel_h, kernel_w, stride_h, stride_w;
  int top, left, bottom, right;
  int extra_h = 0, extra_w = 0;  // output padding
};

// A 3-D array in the file's order.
struct Planes {
  int c, h, w;
  std::vector<double> data;
  Planes(int c, int h, int w) : c(c), h(h), w(w), data(std::size_t(c) * h * w) {}
  double &at(int k, int y, int x) { return data[(std::size_t(k) * h + y) * w + x]; }
  bool has(int y, int x) const { return 0 <= y && y < h && 0 <= x && x < w; }
};

Planes random_planes(int c, int h, int w) {
  Planes planes(c, h, w);
  for (std::size_t i = 0; i < planes.data.size(); ++i) planes.data[i] = noise(900 + i);
  return planes;
}

Tensor stored(const Planes &planes) {
  Tensor tensor{float_type(planes.h, planes.w, planes.c), {}, {}};
  for (int y = 0; y < planes.h; ++y)
    for (int x = 0; x < planes.w; ++x)
      for (int c = 0; c < planes.c; ++c)
        tensor.f32.push_back(static_cast<float>(Planes(planes).at(c, y, x)));
  return tensor;
}

// Weights [out][in][h][w].
Planes convolved(const Case &k, Planes in, const std::vector<float> &w,
                 const std::vector<float> &b) {
  Planes out(k.out_c, (k.in_h + k.top + k.bottom - k.kernel_h) / k.stride_h + 1,
             (k.in_w + k.left + k.right - k.kernel_w) / k.stride_w + 1);
  for (int o = 0; o < out.c; ++o)
    for (int y = 0; y < out.h; ++y)
      for (int x = 0; x < out.w; ++x) {
        double &sum = out.at(o, y, x) = b[o];
        for (int i = 0; i < k.in_c; ++i)
          for (int ky = 0; ky < k.kernel_h; ++ky)
            for (int kx = 0; kx < k.kernel_w; ++kx) {
              const int r = y * k.stride_h + ky - k.top, c = x * k.stride_w + kx - k.left;
              if (in.has(r, c))
                sum += in.at(i, r, c) * w[((o * k.in_c + i) * k.kernel_h + ky) * k.kernel_w + kx];
            }
      }
  return out;
}

// Weights [in][out][h][w]; each input pixel is spread over the output.
Planes spread(const Case &k, Planes in, const std::vector<float> &w, const std::vector<float> &b) {
  Planes out(k.out_c, (k.in_h - 1) * k.stride_h - k.top - k.bottom + k.kernel_h + k.extra_h,
             (k.in_w - 1) * k.stride_w - k.left - k.right + k.kernel_w + k.extra_w);
  for (int o = 0; o < out.c; ++o)
    for (int i = 0; i < out.h * out.w; ++i) out.data[std::size_t(o) * out.h * out.w + i] = b[o];
  for (int i = 0; i < k.in_c; ++i)
    for (int y = 0; y < k.in_h; ++y)
      for (int x = 0; x < k.in_w; ++x)
        for (int o = 0; o < k.out_c; ++o)
          for (int ky = 0; ky < k.kernel_h; ++ky)
            for (int kx = 0; kx < k.kernel_w; ++kx) {
              const int r = y * k.stride_h + ky - k.top, c = x * k.stride_w + kx - k.left;
              if (out.has(r, c))
                out.at(o, r, c) +=
                    in.at(i, y, x) * w[((i * k.out_c + o) * k.kernel_h + ky) * k.kernel_w + kx];
            }
  return out;
}

ForeignNode onnx_node(const Case &k, const std::string &op) {
  ForeignNode node{"conv", "onnx", op, 20, {"x", "w", "b"}, {"y"}, {}};
  node.attributes = {{"kernel_shape", list({k.kernel_h, k.kernel_w})},
                     {"strides", list({k.stride_h, k.stride_w})},
                     {"pads", list({k.top, k.left, k.bottom, k.right})},
                     {"dilations", list({1, 1})},
                     {"group", std::int64_t{1}}};
  if (op == "ConvTranspose") node.attributes["output_padding"] = list({k.extra_h, k.extra_w});
  return node;
}

ir::Graph imported(const Case &k, const std::string &op) {
  const bool forward = op == "Conv";
  const auto result = import_graph(foreign(
      {1, k.in_c, k.in_h, k.in_w}, onnx_node(k, op),
      {{"w",
        floats({forward ? k.out_c : k.in_c, forward ? k.in_c : k.out_c, k.kernel_h, k.kernel_w})},
       {"b", floats({k.out_c}, 77)}}));
  EXPECT_TRUE(result.ok()) << messages(result);
  return result.ok() ? *result : ir::Graph{};
}

void expect_equal(const Tensor &actual, const Planes &expected) {
  const Tensor wanted = stored(expected);
  ASSERT_EQ(actual.type.shape, wanted.type.shape);
  EXPECT_FALSE(is_constant(actual.f32));
  for (std::size_t i = 0; i < wanted.f32.size(); ++i)
    ASSERT_NEAR(actual.f32[i], wanted.f32[i], 1e-5) << "element " << i;
}

const Case kForward[] = {
    {1, 1, 5, 5, 3, 3, 1, 1, 0, 0, 0, 0}, {2, 3, 6, 5, 3, 3, 1, 1, 1, 1, 1, 1},
    {3, 2, 7, 9, 3, 2, 2, 3, 1, 0, 0, 1}, {2, 2, 8, 8, 1, 1, 3, 3, 0, 0, 0, 0},
    {1, 4, 4, 6, 4, 6, 1, 1, 0, 0, 0, 0}, {2, 1, 3, 3, 5, 5, 1, 1, 2, 2, 2, 2},
    {1, 2, 9, 1, 3, 1, 2, 1, 0, 0, 2, 0}, {2, 2, 3, 4, 1, 1, 1, 1, 1, 2, 1, 0},
};
const Case kTransposed[] = {
    {2, 3, 4, 4, 3, 3, 2, 2, 1, 1, 1, 1, 1, 1}, {1, 1, 3, 5, 3, 3, 1, 1, 1, 1, 1, 1},
    {3, 2, 4, 3, 2, 3, 3, 4, 0, 0, 0, 0, 2, 1}, {2, 2, 5, 4, 4, 4, 2, 2, 1, 2, 0, 1, 0, 1},
    {1, 2, 1, 6, 5, 1, 1, 2, 0, 0, 0, 0},       {2, 1, 4, 4, 3, 3, 2, 2, 2, 2, 2, 2, 1, 0},
};

TEST(Conv2d, IsThePlainSumInTheFilesOrder) {
  for (const Case &k : kForward) {
    const Planes in = random_planes(k.in_c, k.in_h, k.in_w);
    const Planes expected = convolved(k, in, noises(k.out_c * k.in_c * k.kernel_h * k.kernel_w, 1),
                                      noises(k.out_c, 77));
    expect_equal(eval_node(imported(k, "Conv"), stored(in)), expected);
  }
}

TEST(ConvTranspose2d, SpreadsEachInputPixel) {
  for (const Case &k : kTransposed) {
    const Planes in = random_planes(k.in_c, k.in_h, k.in_w);
    const Planes expected =
        spread(k, in, noises(k.out_c * k.in_c * k.kernel_h * k.kernel_w, 1), noises(k.out_c, 77));
    expect_equal(eval_node(imported(k, "ConvTranspose"), stored(in)), expected);
  }
}

TEST(Conv2d, ReadsExactlyTheRowsAndColumnsItSays) {
  for (const Case &k : kForward) expect_exact_access(imported(k, "Conv"), 0.5f);
}

TEST(ConvTranspose2d, ReadsExactlyTheRowsAndColumnsItSays) {
  for (const Case &k : kTransposed) expect_exact_access(imported(k, "ConvTranspose"), 0.5f);
}

TEST(ConvTranspose2d, HasOutputRowsThatReadNothing) {
  const ir::Graph graph = imported({1, 1, 2, 2, 1, 1, 3, 3, 0, 0, 0, 0, 2, 2}, "ConvTranspose");
  const Mode mode = kept_modes(graph)[0];
  const std::vector<Range> expected{{0, 1}, {1, 1}, {1, 1}, {1, 2}, {2, 2}, {2, 2}};
  EXPECT_EQ(mode.inputs[0].rows, expected);
}

TEST(Conv2d, ByHand) {
  const ir::Graph graph = one_node("Conv2d", float_type(2, 2, 1),
                                   {{"w", {1, 2, 2, 1}, std::vector<float>{1, 2, 3, 4}, {}},
                                    {"b", {1}, std::vector<float>{0.5f}, {}}},
                                   {{"pad", list({0, 0, 1, 1})}});
  EXPECT_EQ(eval_node(graph, {float_type(2, 2, 1), {1, 10, 100, 1000}, {}}).f32,
            (std::vector<float>{4321.5f, 3010.5f, 2100.5f, 1000.5f}));
}

TEST(Conv2d, ReluCutsAtZero) {
  const ir::Graph graph = one_node(
      "Conv2d", float_type(1, 3, 1),
      {{"w", {1, 1, 1, 1}, std::vector<float>{2}, {}}, {"b", {1}, std::vector<float>{-1}, {}}},
      {{"act", std::string("relu")}});
  EXPECT_EQ(eval_node(graph, {float_type(1, 3, 1), {-1, 0.25f, 3}, {}}).f32,
            (std::vector<float>{0, 0, 5}));
}

// in 0.5 * (a - 1), weight 0.25 * 3, bias at 0.125, out 0.375 * (q + 10): M = 1/3.
TEST(Conv2d, Int8ByHand) {
  const ir::Graph graph = one_node("Conv2d", int_type(1, 4, 1, 0.5f, 1),
                                   {{"w", {1, 1, 1, 1}, std::vector<std::int8_t>{3}, {0.25f}},
                                    {"b", {1}, std::vector<std::int32_t>{4}, {}}},
                                   {}, ir::Quant{0.375f, -10});
  // sums 3 * (a - 1) + 4: 4, 37, -383, 382; thirds 1.33, 12.33, -127.67, 127.33; less 10, cut.
  EXPECT_EQ(eval_node(graph, {int_type(1, 4, 1, 0.5f, 1), {}, {1, 12, -128, 127}}).i8,
            (std::vector<std::int8_t>{-9, 2, -128, 117}));
}

// Padding counts as zero, that is as the input's zero point.
TEST(Conv2d, Int8IsTheRequantizedIntegerSum) {
  const Case k{3, 4, 6, 5, 3, 3, 2, 1, 1, 1, 0, 1};
  const ir::Type input = int_type(k.in_h, k.in_w, k.in_c, 0.02f, -17);
  const int taps = k.kernel_h * k.kernel_w * k.in_c;
  std::vector<std::int8_t> weight;
  std::vector<std::int32_t> bias;
  for (int i = 0; i < k.out_c * taps; ++i) weight.push_back(std::int8_t(127 * noise(i + 5)));
  for (int i = 0; i < k.out_c; ++i) bias.push_back(std::int32_t(3000 * noise(i + 50)));
  const std::vector<float> scales{0.01f, 0.02f, 0.005f, 0.03f};
  const ir::Graph graph = one_node(
      "Conv2d", input,
      {{"w", {k.out_c, k.kernel_h, k.kernel_w, k.in_c}, weight, scales},
       {"b", {k.out_c}, bias, {}}},
      {{"stride", list({2, 1})}, {"pad", list({1, 1, 0, 1})}, {"act", std::string("relu")}},
      ir::Quant{0.05f, -100});
  const Tensor in = sample(input);
  for (const auto requant :
       {targets::Requant::kM16, targets::Requant::kQ31, targets::Requant::kPow2}) {
    const Tensor out = eval_node(graph, in, {requant});
    EXPECT_FALSE(is_constant(out.i8));
    const ir::Shape shape = out.type.shape;
    for (int y = 0; y < shape.rows; ++y)
      for (int x = 0; x < shape.cols; ++x)
        for (int o = 0; o < shape.channels; ++o) {
          std::int32_t sum = bias[o];
          for (int ky = 0; ky < 3; ++ky)
            for (int kx = 0; kx < 3; ++kx)
              for (int i = 0; i < 3; ++i) {
                const int r = 2 * y + ky - 1, c = x + kx - 1;
                if (r < 0 || r >= k.in_h || c < 0 || c >= k.in_w) continue;
                sum += (in.i8[(r * k.in_w + c) * 3 + i] + 17) *
                       weight[((o * 3 + ky) * 3 + kx) * 3 + i];
              }
          const Multiplier m =
              quantize_multiplier(double{0.02f} * double{scales[o]} / double{0.05f}, requant);
          const int wanted = std::clamp(requantize(sum, m, requant) - 100, -100, 127);
          ASSERT_EQ(int{out.i8[(y * shape.cols + x) * shape.channels + o]}, wanted);
        }
  }
}

TEST(Conv2d, CountsItsWork) {
  const ir::Graph graph = imported({2, 3, 6, 5, 3, 3, 1, 1, 1, 1, 1, 1}, "Conv");
  EXPECT_EQ(macs(graph, graph.node(0)), 6 * 5 * 3 * 9 * 2);
  EXPECT_EQ(parameter_count(graph), 3 * 9 * 2 + 3);
  const ir::Graph transposed =
      imported({2, 3, 4, 4, 3, 3, 2, 2, 1, 1, 1, 1, 1, 1}, "ConvTranspose");
  EXPECT_EQ(macs(transposed, transposed.node(0)), 4 * 4 * 2 * 9 * 3);
}

}  // namespace
}  // namespace thimble::ops
