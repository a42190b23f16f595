// Recurrent layers against their equations written out one scalar at a time, and their fixed-point
// activations against the real ones.
#include <cmath>

#include "nodes.h"
#include "ops/evaluate.h"
#include "ops/fixed_point.h"

namespace thimble::ops {
namespace {

constexpr int kSteps = 7, kIn = 3, kHidden = 4, kColumns = kIn + kHidden;

TEST(FixedPoint, SigmoidIsWithinTheErrorThatItsHeaderNames) {
  for (int x = -32768; x <= 32767; ++x) {
    const double real = 1 / (1 + std::exp(-x / 1024.0));
    ASSERT_NEAR(sigmoid_unit(x) / 16384.0, real, 3.7e-4) << x;
  }
}

TEST(FixedPoint, TanhIsWithinTheErrorThatItsHeaderNames) {
  for (int x = -32768; x <= 32767; ++x)
    ASSERT_NEAR(tanh_unit(x) / 16384.0, std::tanh(x / 2048.0), 7.4e-4) << x;
}

TEST(FixedPoint, SigmoidNeverFalls) {
  for (int x = -32767; x <= 32767; ++x) ASSERT_LE(sigmoid_unit(x - 1), sigmoid_unit(x)) << x;
}

TEST(FixedPoint, ScalesRoundHalvesUpAndSaturate) {
  EXPECT_EQ(scaled(3, scale_of(0.5)), 2);
  EXPECT_EQ(scaled(-3, scale_of(0.5)), -1);
  EXPECT_EQ(scaled(200, scale_of(1000)), 32767);
  EXPECT_EQ(scaled(-200, scale_of(1000)), -32768);
  EXPECT_EQ(scaled(32767, scale_of(1e-12)), 0);
  EXPECT_EQ(scaled_to_int8(100, scale_of(1), 100), 127);
}

// Row `row` of the weights on one input row and the last output row.
struct Weights {
  std::vector<float> weight, bias;

  explicit Weights(int gates)
      : weight(noises(gates * kHidden * kColumns, 1)), bias(noises(gates * kHidden, 500)) {}
  double of_input(int row, const float *x) const {
    double sum = bias[row];
    for (int i = 0; i < kIn; ++i) sum += weight[row * kColumns + i] * x[i];
    return sum;
  }
  double of_last(int row, const double *h) const {
    double sum = 0;
    for (int i = 0; i < kHidden; ++i) sum += weight[row * kColumns + kIn + i] * h[i];
    return sum;
  }
  double sum(int row, const float *x, const double *h) const {
    return of_input(row, x) + of_last(row, h);
  }
  std::vector<ir::Constant> constants() const {
    const auto rows = static_cast<int>(bias.size());
    return {{"w", {rows, kColumns}, weight, {}}, {"b", {rows}, bias, {}}};
  }
};

double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }

// step(x, h) makes the next h of it.
template <class Step>
void expect_rows(const ir::Graph &graph, Step step) {
  const Tensor input = sample(float_type(kSteps, 1, kIn));
  const Tensor output = eval_node(graph, input);
  EXPECT_FALSE(is_constant(output.f32));
  const int width = output.type.shape.channels;
  std::vector<double> h(kHidden, 0.0);
  for (int y = 0; y < kSteps; ++y) {
    step(input.f32.data() + y * kIn, h);
    for (int j = 0; j < kHidden; ++j) EXPECT_NEAR(output.f32[y * width + j], h[j], 1e-6) << y;
  }
}

TEST(Lstm, ComputesItsEquations) {
  const Weights w(4);
  std::vector<double> c(kHidden, 0.0);
  expect_rows(one_node("Lstm", float_type(kSteps, 1, kIn), w.constants(),
                       {{"hidden", std::int64_t{kHidden}}}),
              [&](const float *x, std::vector<double> &h) {
                const std::vector<double> last = h;
                for (int j = 0; j < kHidden; ++j) {
                  const auto gate = [&](int g) { return w.sum(4 * j + g, x, last.data()); };
                  c[j] = sigmoid(gate(1)) * c[j] + sigmoid(gate(0)) * std::tanh(gate(2));
                  h[j] = sigmoid(gate(3)) * std::tanh(c[j]);
                }
              });
}

TEST(Lstm, CellsMayFollowInTheRow) {
  const ir::Graph graph =
      one_node("Lstm", float_type(kSteps, 1, kIn), Weights(4).constants(),
               {{"hidden", std::int64_t{kHidden}}, {"cell_rows", std::int64_t{1}}});
  const Tensor output = eval_node(graph, sample(float_type(kSteps, 1, kIn)));
  ASSERT_EQ(output.type.shape.channels, 2 * kHidden);
  for (int y = 0; y < kSteps; ++y)
    for (int j = 0; j < kHidden; ++j)
      EXPECT_LT(std::abs(output.f32[(2 * y) * kHidden + j]),
                std::abs(std::tanh(output.f32[(2 * y + 1) * kHidden + j])));
}

TEST(Gru, ResetsBehindItsWeights) {
  const Weights w(3);
  const std::vector<float> reset_bias = noises(kHidden, 900);
  std::vector<ir::Constant> constants = w.constants();
  constants.push_back({"r", {kHidden}, reset_bias, {}});
  expect_rows(one_node("Gru", float_type(kSteps, 1, kIn), constants,
                       {{"hidden", std::int64_t{kHidden}}, {"reset_after", std::int64_t{1}}}),
              [&](const float *x, std::vector<double> &h) {
                const std::vector<double> last = h;
                for (int j = 0; j < kHidden; ++j) {
                  const double r = sigmoid(w.sum(3 * j, x, last.data()));
                  const double z = sigmoid(w.sum(3 * j + 1, x, last.data()));
                  const double carried = w.of_last(3 * j + 2, last.data()) + reset_bias[j];
                  h[j] = z * last[j] + (1 - z) * std::tanh(w.of_input(3 * j + 2, x) + r * carried);
                }
              });
}

TEST(Gru, ResetsBeforeItsWeights) {
  const Weights w(3);
  expect_rows(one_node("Gru", float_type(kSteps, 1, kIn), w.constants(),
                       {{"hidden", std::int64_t{kHidden}}}),
              [&](const float *x, std::vector<double> &h) {
                std::vector<double> last = h, reset(kHidden);
                for (int j = 0; j < kHidden; ++j)
                  reset[j] = sigmoid(w.sum(3 * j, x, last.data())) * last[j];
                for (int j = 0; j < kHidden; ++j) {
                  const double z = sigmoid(w.sum(3 * j + 1, x, last.data()));
                  h[j] = z * last[j] + (1 - z) * std::tanh(w.sum(3 * j + 2, x, reset.data()));
                }
              });
}

TEST(Rnn, ComputesItsEquationWithinItsClip) {
  const Weights w(1);
  const bool rectify[] = {false, true};
  for (const bool relu : rectify)
    expect_rows(one_node("Rnn", float_type(kSteps, 1, kIn), w.constants(),
                         {{"hidden", std::int64_t{kHidden}},
                          {"clip", 0.75},
                          {"activation", std::string(relu ? "relu" : "tanh")}}),
                [&](const float *x, std::vector<double> &h) {
                  const std::vector<double> last = h;
                  for (int j = 0; j < kHidden; ++j) {
                    const double sum = std::min(0.75, std::max(-0.75, w.sum(j, x, last.data())));
                    h[j] = relu ? std::max(0.0, sum) : std::tanh(sum);
                  }
                });
}

TEST(Recurrent, UnsoundNodesAreRefused) {
  const ir::Type input = float_type(kSteps, 1, kIn);
  const ir::Graph graph =
      one_node("Rnn", input, Weights(1).constants(), {{"hidden", std::int64_t{kHidden}}});
  const auto refuses = [&](auto change) {
    ir::Graph changed = graph;
    change(changed, changed.node(0));
    return !verify(changed).empty();
  };
  EXPECT_FALSE(refuses([](ir::Graph &, ir::Node &) {}));
  EXPECT_TRUE(refuses([](ir::Graph &, ir::Node &node) { node.attributes.erase("hidden"); }));
  EXPECT_TRUE(refuses(
      [](ir::Graph &, ir::Node &node) { node.attributes["hidden"] = std::int64_t{1} << 40; }));
  EXPECT_TRUE(
      refuses([](ir::Graph &, ir::Node &node) { node.attributes["hidden"] = std::int64_t{3}; }));
  EXPECT_TRUE(refuses([](ir::Graph &, ir::Node &node) { node.attributes["clip"] = -1.0; }));
  EXPECT_TRUE(refuses([](ir::Graph &, ir::Node &node) { node.inputs.push_back(node.inputs[0]); }));
}

}  // namespace
}  // namespace thimble::ops
