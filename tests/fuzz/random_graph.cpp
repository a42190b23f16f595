// One function a layer; a layer that does not suit its input is left out.
#include "random_graph.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "ops/operator.h"
#include "support/check.h"

namespace thimble::fuzz {
namespace {

using List = std::vector<std::int64_t>;
constexpr std::int64_t kMaxElements = 600;  // of a tensor

class Maker {
 public:
  explicit Maker(Choices &choices) : choices_(choices) {
    const ir::Shape shape{draw(1, 6), draw(1, 6), draw(1, 4)};
    const ir::ValueId input = graph_.add_value("x", {shape, ir::DType::kF32, {}});
    graph_.add_input(input, {1, shape.channels, shape.rows, shape.cols});
    values_.push_back(input);
  }

  void add_layer() {
    static constexpr void (Maker::*kLayers[])() = {
        &Maker::conv,     &Maker::conv_transpose, &Maker::batch_norm, &Maker::pointwise,
        &Maker::add,      &Maker::concat,         &Maker::flatten,    &Maker::fold,
        &Maker::permute,  &Maker::linear,         &Maker::pool,       &Maker::batch_norm,
        &Maker::pointwise};
    (this->*kLayers[draw(0, static_cast<int>(std::size(kLayers)) - 1)])();
  }

  // The last value and some earlier ones are the network's outputs.
  ir::Graph finish() {
    if (graph_.nodes().empty()) pointwise();
    output(values_.back());
    for (std::size_t i = 1; i + 1 < values_.size(); ++i) {
      if (draw(0, 7) == 1) output(values_[i]);
    }
    graph_.remove_dead();  // as importers leave it
    return std::move(graph_);
  }

 private:
  int draw(int low, int high) { return choices_.draw(low, high); }
  const ir::Shape &shape(ir::ValueId value) const { return graph_.value(value).type.shape; }
  // Mostly the newest value, so that networks are deep.
  ir::ValueId pick() {
    const int back = std::min<int>(draw(0, 9) < 7 ? 0 : draw(0, 4), int(values_.size()) - 1);
    return values_[values_.size() - 1 - static_cast<std::size_t>(back)];
  }

  void output(ir::ValueId value) {
    graph_.add_output(value, {1, shape(value).channels, shape(value).rows, shape(value).cols});
  }

  ir::ConstantId weights(std::vector<int> dims, float scale, float offset = 0) {
    std::int64_t count = 1;
    for (int dim : dims) count *= dim;
    std::vector<float> data(static_cast<std::size_t>(count));
    for (float &weight : data) {
      state_ = state_ * 1664525u + 1013904223u;
      weight = offset + scale * (static_cast<float>(state_ >> 8) / (1 << 23) - 1);
    }
    return graph_.add_constant({"w", std::move(dims), std::move(data), {}});
  }

  void node(const char *op, std::vector<ir::ValueId> inputs, std::vector<ir::ConstantId> constants,
            ir::Attributes attributes) {
    const ir::ValueId made = graph_.add_value("v", {});
    graph_.add_node(
        {"n", op, std::move(inputs), std::move(constants), {made}, std::move(attributes)});
    const Status typed = ops::infer_types(graph_);
    CHECK(typed.ok(), "a random layer suits its input");
    values_.push_back(made);
  }

  void convolve(const char *op, int stride, int padding, ir::Attributes more) {
    const ir::ValueId from = pick();
    const ir::Shape in = shape(from);
    const int kernel = draw(1, std::min({3, in.rows + 2 * padding, in.cols + 2 * padding}));
    const int out = draw(1, 4);
    if (in.elements() * 4 * stride * stride > kMaxElements) return;
    more.insert(
        {{"stride", List{stride, stride}}, {"pad", List{padding, padding, padding, padding}}});
    const float scale = 1 / std::sqrt(static_cast<float>(kernel * kernel * in.channels) / 3);
    node(op, {from}, {weights({out, kernel, kernel, in.channels}, scale), weights({out}, 0.3f)},
         std::move(more));
  }

  void conv() { convolve("Conv2d", draw(1, 2), draw(0, 1), {}); }
  void conv_transpose() {
    convolve("ConvTranspose2d", 2, 0, {{"output_padding", List{draw(0, 1), 0}}});
  }

  void batch_norm() {
    const ir::ValueId from = pick();
    const int channels = shape(from).channels;
    node("BatchNorm", {from}, {weights({channels}, 0.5f, 1), weights({channels}, 0.3f)}, {});
  }

  void pointwise() {
    static constexpr const char *kOperators[] = {"Relu", "Relu", "Sigmoid", "HardSwish", "Copy"};
    node(kOperators[draw(0, 4)], {pick()}, {}, {});
  }

  void add() {
    const ir::ValueId a = pick(), b = pick();
    if (shape(a) == shape(b)) node("Add", {a, b}, {}, {});
  }

  void concat() {
    const ir::ValueId a = pick(), b = pick();
    const ir::Shape &first = shape(a), &second = shape(b);
    if (first.elements() + second.elements() > kMaxElements || first.cols != second.cols) return;
    if (first.rows == second.rows && draw(0, 2))
      node("Concat", {a, b}, {}, {{"axis", std::int64_t{2}}});
    else if (first.channels == second.channels)
      node("Concat", {a, b}, {}, {{"axis", std::int64_t{0}}});
  }

  void reshape(ir::ValueId from, int rows, int cols, int channels) {
    node("Reshape", {from}, {}, {{"out_shape", List{rows, cols, channels}}});
  }
  void flatten() {
    const ir::ValueId from = pick();
    reshape(from, 1, 1, static_cast<int>(shape(from).elements()));
  }
  void fold() {  // a divisor of the elements becomes the rows
    const ir::ValueId from = pick();
    const int count = static_cast<int>(shape(from).elements());
    const int rows = std::max(1, draw(1, 6));
    if (count % rows == 0) reshape(from, rows, count / rows, 1);
  }

  void permute() {
    static const List kOrders[] = {{2, 0, 1}, {1, 2, 0}, {0, 2, 1},
                                   {1, 0, 2}, {2, 1, 0}, {0, 1, 2}};
    node("Permute", {pick()}, {}, {{"perm", kOrders[draw(0, 5)]}});
  }

  void linear() {
    const ir::ValueId from = pick();
    const int in = static_cast<int>(shape(from).elements());
    const int rows = draw(1, 3), cols = draw(1, 3), channels = draw(1, 4);
    node("Linear", {from},
         {weights({rows * cols * channels, in}, std::sqrt(3.0f / static_cast<float>(in))),
          weights({rows * cols * channels}, 0.3f)},
         {{"out_shape", List{rows, cols, channels}}});
  }

  void pool() {
    const ir::ValueId from = pick();
    if (shape(from).rows < 2 || shape(from).cols < 2) return;
    node("MaxPool2d", {from}, {}, {{"kernel", List{2, 2}}, {"stride", List{2, 2}}});
  }

  Choices &choices_;
  ir::Graph graph_;
  std::vector<ir::ValueId> values_;
  std::uint32_t state_ = 1;
};

}  // namespace

int Choices::draw(int low, int high) {
  if (left_.empty() || high <= low) return low;
  const int chosen = left_[0] % (high - low + 1);
  left_ = left_.subspan(1);
  return low + chosen;
}

ir::Graph random_graph(Choices &choices) {
  Maker maker(choices);
  for (int layers = choices.draw(1, 10); layers > 0; --layers) maker.add_layer();
  return maker.finish();
}

}  // namespace thimble::fuzz
