// Each network is a Stack of layers, written from its input to its output.
#include "die/networks.h"

#include <algorithm>
#include <string>

#include "die/grey.h"
#include "die/stack.h"
#include "ops/operator.h"
#include "support/check.h"

namespace thimble::die {
namespace {

constexpr const char *kRelu = "relu";
constexpr const char *kNone = "";

void check(const DecoderShape &shape) {
  const auto positive = [](int channels) { return channels >= 1; };
  CHECK(std::all_of(shape.channels.begin(), shape.channels.end(), positive) && shape.hires >= 0 &&
            shape.latent >= 1 && shape.side >= 8 && shape.side % 8 == 0,
        "a decoder has channels, a latent and a picture that halves three times");
}

// From the last size but one to the picture.
void to_picture(Stack &stack, int channels, int hires) {
  if (hires == 0) return stack.conv_transpose("up3", 1, 2, kNone);
  stack.conv_transpose("up3", channels, 2, kRelu);
  for (int i = 1; i < hires; ++i) {
    stack.conv("hires" + std::to_string(i), channels, 1, kRelu);
  }
  stack.conv("hires" + std::to_string(hires), 1, 1, kNone);
}

// Conv2d and ConvTranspose2d have weights of four dimensions, Linear of two.
bool is_convolution(const ir::Graph &graph, const ir::Node &node) {
  return !node.constants.empty() && graph.constant(node.constants[0]).dims.size() == 4;
}

}  // namespace

ir::Graph decoder_graph(const DecoderShape &shape) {
  check(shape);
  const auto [d1, d2, d3, d4] = shape.channels;
  const int start = shape.side / 8;
  Stack stack("decoder");
  stack.vector_input("z", shape.latent + kFaces);
  stack.linear("fc", {start, start, d4}, kRelu, std::string(kAbsentBias));
  stack.conv_transpose("up1", d3, 2, kRelu);
  stack.conv_transpose("up2", d2, 2, kRelu);
  stack.conv_transpose("same", d1, 1, kRelu);
  to_picture(stack, d1, shape.hires);
  stack.apply("grey", "Sigmoid");
  stack.picture_output();
  return stack.take();
}

ir::Graph encoder_graph(const DecoderShape &shape) {
  check(shape);
  const int d1 = shape.channels[0], d2 = shape.channels[1], d3 = shape.channels[2];
  Stack stack("encoder");
  stack.picture_input(shape.side, 1 + kFaces);
  const ir::ValueId picture = stack.top();
  stack.vector_input("face", kFaces);
  const ir::ValueId face = stack.top();
  stack.go_to(picture);
  stack.conv("down1", d1, 2, kRelu);
  stack.conv("same", d2, 1, kRelu);
  stack.conv("down2", d3, 2, kRelu);
  stack.conv("down3", d3, 2, kRelu);
  stack.flatten("flat");
  stack.concat("features", face);
  const ir::ValueId features = stack.top();
  for (const char *name : {"fc_mu", "fc_var"}) {
    stack.go_to(features);
    stack.linear(name, {1, 1, shape.latent}, kNone);
    stack.vector_output();
  }
  return stack.take();
}

ir::Graph evaluator_graph(int side) {
  Stack stack("eval");
  stack.picture_input(side, 1);
  stack.conv("conv1", 8, 1, kRelu);
  stack.conv("conv2", 16, 1, kRelu);
  stack.max_pool("pool");
  stack.linear("fc1", {1, 1, 256}, kRelu);
  stack.linear("fc2", {1, 1, kFaces}, kNone);
  stack.apply("log_probability", "LogSoftmax");
  stack.vector_output();
  return stack.take();
}

ir::Graph small_evaluator_graph(int side) {
  Stack stack("eval_small");
  stack.picture_input(side, 1);
  stack.conv("conv1", 8, 2, kRelu);
  stack.conv("conv2", 16, 2, kRelu);
  stack.conv("conv3", 32, 2, kRelu);
  stack.linear("fc", {1, 1, kFaces}, kNone);
  stack.apply("log_probability", "LogSoftmax");
  stack.vector_output();
  return stack.take();
}

ir::Graph flow_graph(int channels, int side) {
  Stack stack("flow");
  stack.picture_input(side, 1);
  const ir::ValueId picture = stack.top();
  stack.vector_input("code", 1 + kFaces);
  const ir::ValueId code = stack.top();
  stack.go_to(picture);
  stack.conv("down1", channels, 2, kNone);
  stack.add_code("told1", code);
  const ir::ValueId half = stack.top();
  stack.conv("down2", 2 * channels, 2, kNone);
  stack.add_code("told2", code);
  stack.conv("middle", 2 * channels, 1, kRelu);
  stack.conv_transpose("up1", channels, 2, kRelu);
  stack.concat("skip", half);
  stack.conv("joined", channels, 1, kRelu);
  stack.conv_transpose("up2", channels, 2, kRelu);
  stack.conv("direction", 1, 1, kNone);
  stack.picture_output();
  return stack.take();
}

ParameterCount count_parameters(const ir::Graph &graph) {
  ParameterCount count;
  for (const ir::Node &node : graph.nodes()) {
    for (const ir::ConstantId id : node.constants) {
      if (graph.constant(id).name == kAbsentBias) continue;
      (is_convolution(graph, node) ? count.convolutions : count.fully_connected) +=
          graph.constant(id).elements();
    }
  }
  return count;
}

std::int64_t layer_by_layer_bytes(const ir::Graph &graph) {
  const auto size = [&](ir::ValueId id) { return graph.value(id).type.shape.elements(); };
  std::int64_t most = 0;
  for (const ir::Node &node : graph.nodes()) {
    if (ops::operator_of(node).elementwise) continue;
    std::int64_t bytes = 0;
    for (const ir::ValueId id : node.inputs) bytes += size(id);
    for (const ir::ValueId id : node.outputs) bytes += size(id);
    most = std::max(most, bytes);
  }
  return most;
}

}  // namespace thimble::die
