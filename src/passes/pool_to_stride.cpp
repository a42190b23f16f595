// Walks back from each pooling to its convolution, then finds the stride and padding that put the
// convolution's windows where the pooling's are, one axis at a time.
#include "passes/pool_to_stride.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <optional>
#include <tuple>

#include "ops/operator.h"
#include "passes/rewrite.h"
#include "support/check.h"

namespace thimble::passes {
namespace {

using Integers = std::vector<std::int64_t>;

constexpr std::int64_t kLargest = 1 << 15;  // stride or padding that a convolution may have

bool is_pool(const ir::Node &node) { return node.op == "MaxPool2d" || node.op == "AveragePool2d"; }

bool is_strided(const ir::Node &pool) {
  return pool.integers("stride", pool.integers("kernel")) != Integers{1, 1};
}

// Each pixel is made of the same pixel of input 0, alike wherever it is.
bool treats_pixels_alike(const ir::Graph &graph, const ir::Node &node) {
  if (node.op == "BatchNorm") return true;
  const ops::Operator &op = ops::operator_of(node);
  if (!op.elementwise && !op.function) return false;
  return std::all_of(node.inputs.begin() + 1, node.inputs.end(), [&](ir::ValueId input) {
    const ir::Shape &shape = graph.value(input).type.shape;
    return shape.rows == 1 && shape.cols == 1;
  });
}

// The Conv2d that makes what the pooling reads.
std::optional<ir::NodeId> convolution_behind(const ir::Graph &graph, const ir::Node &pool) {
  ir::ValueId value = pool.inputs.at(0);
  const ir::Shape pooled = graph.value(value).type.shape;
  while (only_reader(graph, value)) {
    const auto producer = graph.producer(value);
    if (!producer) return std::nullopt;
    const ir::Node &node = graph.node(*producer);
    if (node.op == "Conv2d") return producer;
    if (node.inputs.empty() || !treats_pixels_alike(graph, node)) return std::nullopt;
    value = node.inputs[0];
    const ir::Shape &shape = graph.value(value).type.shape;
    if (shape.rows != pooled.rows || shape.cols != pooled.cols) return std::nullopt;
  }
  return std::nullopt;
}

struct Window {
  int in = 1, out = 1;  // positions that it reads, and makes
  std::int64_t kernel = 1, stride = 1, before = 0, after = 0, dilation = 1;
  std::int64_t span() const { return (kernel - 1) * dilation + 1; }
};

// Axis 0: rows, 1: columns.
Window window_of(const ir::Graph &graph, const ir::Node &node, int axis) {
  const ir::Shape &in = graph.value(node.inputs[0]).type.shape;
  const ir::Shape &out = graph.value(node.outputs[0]).type.shape;
  const Integers none{0, 0, 0, 0}, ones{1, 1};
  Integers kernel = node.integers("kernel");
  if (kernel.empty()) {
    const std::vector<int> &dims = graph.constant(node.constants.at(0)).dims;
    kernel = {dims.at(1), dims.at(2)};
  }
  return {axis == 0 ? in.rows : in.cols,
          axis == 0 ? out.rows : out.cols,
          kernel[axis],
          node.integers("stride", is_pool(node) ? kernel : ones)[axis],
          node.integers("pad", none)[axis],
          node.integers("pad", none)[axis + 2],
          node.integers("dilation", ones)[axis]};
}

// The convolution that gives, for each window of the pooling, what stands `place` elements in it;
// none: not by padding.
std::optional<Window> strided_at(const Window &conv, const Window &pool, std::int64_t place) {
  Window strided = conv;
  strided.stride = conv.stride * pool.stride;
  strided.out = pool.out;
  strided.before = conv.before + (pool.before - place * pool.dilation) * conv.stride;
  const std::int64_t last = (strided.out - 1) * strided.stride + conv.span();  // end of it
  const std::int64_t room = conv.in + strided.before;
  strided.after = std::max<std::int64_t>(last - room, 0);
  if (strided.before < 0 || room - last >= strided.stride) return std::nullopt;
  if (std::max({strided.stride, strided.before, strided.after}) > kLargest) return std::nullopt;
  return strided;
}

// How many of the convolution's positions the first and the last window look past its ends.
std::int64_t positions_outside(const Window &pool, std::int64_t place) {
  const std::int64_t first = place * pool.dilation - pool.before;
  const std::int64_t last = first + (pool.out - 1) * pool.stride;
  return std::max<std::int64_t>(-first, 0) + std::max<std::int64_t>(last - (pool.in - 1), 0);
}

std::optional<Window> strided(const Window &conv, const Window &pool) {
  std::optional<Window> best;
  std::tuple<std::int64_t, std::int64_t> least;
  for (std::int64_t place = 0; place < pool.kernel; ++place) {
    const auto found = strided_at(conv, pool, place);
    const std::tuple cost{positions_outside(pool, place), std::abs(2 * place - (pool.kernel - 1))};
    if (!found || (best && cost >= least)) continue;
    best = found;
    least = cost;
  }
  return best;
}

// The convolution's attributes without the pooling; or why that cannot be.
struct Strided {
  std::optional<ir::Attributes> attributes = {};
  std::string why_not = {};
};

Strided strided_attributes(const ir::Graph &graph, const ir::Node &conv, const ir::Node &pool) {
  const ir::Shape &made = graph.value(pool.outputs[0]).type.shape;
  if (made.rows == 1 && made.cols == 1) return {{}, "it pools all there is"};
  if (pool.integer("divisor", 0) != 0) return {{}, "it has a divisor of its own"};
  Integers stride(2), pad(4);
  for (int axis = 0; axis < 2; ++axis) {
    const auto window = strided(window_of(graph, conv, axis), window_of(graph, pool, axis));
    if (!window)
      return {{},
              fmt::format("no stride and padding make {} {} of it",
                          axis == 0 ? made.rows : made.cols, axis == 0 ? "rows" : "columns")};
    stride[axis] = window->stride;
    pad[axis] = window->before;
    pad[axis + 2] = window->after;
  }
  ir::Attributes attributes = conv.attributes;
  attributes["stride"] = stride;
  attributes["pad"] = pad;
  return {attributes, {}};
}

// With input sides and output channels of its own choice, otherwise as it is.
std::int64_t macs_with(const ir::Graph &graph, const ir::Node &conv, const ir::Shape &input,
                       int channels) {
  ir::Graph alone;
  ir::Constant weight = graph.constant(conv.constants.at(0));
  const std::int64_t filter = weight.elements() / weight.dims[0];
  weight.dims[0] = channels;
  weight.data = std::vector<float>(static_cast<std::size_t>(filter * channels));
  ir::Constant bias{"bias", {channels}, std::vector<float>(channels), {}};
  const ir::ValueId in = alone.add_value("in", {input, ir::DType::kF32, {}});
  const ir::ValueId out = alone.add_value("out", {});
  alone.add_input(in, {1, input.channels, input.rows, input.cols});
  alone.add_node({"conv",
                  "Conv2d",
                  {in},
                  {alone.add_constant(weight), alone.add_constant(bias)},
                  {out},
                  conv.attributes});
  const bool fits = ops::infer_types(alone).ok();  // else it is too large for any tensor
  return fits ? ops::macs(alone) : std::numeric_limits<std::int64_t>::max();
}

// The largest input of the same proportions whose MACs are no more than `macs`.
ir::Shape input_for(const ir::Graph &graph, const ir::Node &conv, std::int64_t macs) {
  const ir::Shape input = graph.value(conv.inputs[0]).type.shape;
  const int channels = graph.value(conv.outputs[0]).type.shape.channels;
  const auto grown = [&](int rows) {
    const auto cols = std::int64_t{input.cols} * rows / input.rows;
    return ir::Shape{rows, static_cast<int>(cols), input.channels};
  };
  int enough = input.rows, most = 64 * input.rows;  // more than any stride would give
  while (enough < most) {
    const int rows = enough + (most - enough + 1) / 2;
    if (macs_with(graph, conv, grown(rows), channels) <= macs)
      enough = rows;
    else
      most = rows - 1;
  }
  return grown(enough);
}

// `before`: the convolution in the graph as it was; `after`: as it is now.
PoolToStride savings(const ir::Graph &before, const ir::Node &old_conv, const ir::Node &pool,
                     const ir::Graph &after, const ir::Node &conv) {
  PoolToStride saved;
  saved.pool = pool.name;
  saved.convolution = conv.name;
  saved.buffer_bytes = before.value(old_conv.outputs[0]).type.shape.elements();
  saved.macs_before = ops::macs(before, old_conv);
  saved.macs_after = ops::macs(after, conv);
  const int channels = after.value(conv.outputs[0]).type.shape.channels;
  const int groups = static_cast<int>(conv.integer("groups", 1));
  const auto affordable = saved.macs_before / (saved.macs_after / channels);
  saved.channels_for_macs = static_cast<int>(affordable / groups * groups);
  saved.input_for_macs = input_for(after, conv, saved.macs_before);
  return saved;
}

struct Outcome {
  ir::Graph graph;
  std::vector<PoolToStride> replaced;
  Diagnostics left;
};

Diagnostic left_alone(const ir::Node &pool, const ir::Node &conv, const std::string &why) {
  Diagnostic warning =
      model_error("stays: it cannot become the stride of '" + conv.name + "'", why);
  warning.severity = Severity::kWarning;
  warning.node = pool.name;
  warning.op = pool.op;
  return warning;
}

Outcome replace_pools(ir::Graph graph) {
  Outcome outcome;
  graph.remove_dead();
  for (ir::NodeId id = 0; id < static_cast<ir::NodeId>(graph.nodes().size()); ++id) {
    const ir::Node pool = graph.node(id);
    if (!is_pool(pool) || !is_strided(pool)) continue;
    const auto conv = convolution_behind(graph, pool);
    if (!conv) continue;
    const ir::Node old_conv = graph.node(*conv);
    const Strided strided = strided_attributes(graph, old_conv, pool);
    if (!strided.attributes) {
      outcome.left.push_back(left_alone(pool, old_conv, strided.why_not));
      continue;
    }
    const ir::Graph before = graph;
    const ir::Shape expected = graph.value(pool.outputs[0]).type.shape;
    graph.node(*conv).attributes = *strided.attributes;
    bypass(graph, id);
    clean_up(graph);
    --id;  // the node after it has its place now, and *conv stands before both
    const ir::Node &now = graph.node(*conv);
    const ir::Shape &made = graph.value(now.outputs[0]).type.shape;
    CHECK(made.rows == expected.rows && made.cols == expected.cols,
          "pool-to-stride: '" + now.name + "' makes another shape than the pooling");
    outcome.replaced.push_back(savings(before, old_conv, pool, graph, now));
  }
  outcome.graph = std::move(graph);
  return outcome;
}

}  // namespace

Result<ir::Graph> pool_to_stride(ir::Graph graph) {
  Outcome outcome = replace_pools(std::move(graph));
  return {std::move(outcome.graph), std::move(outcome.left)};
}

std::vector<PoolToStride> pools_to_strides(const ir::Graph &graph) {
  return replace_pools(graph).replaced;
}

}  // namespace thimble::passes
