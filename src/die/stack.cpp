// Types come from the operators themselves, so that a layer that does not fit is caught here.
#include "die/stack.h"

#include <utility>

#include "ops/operator.h"
#include "support/check.h"

namespace thimble::die {
namespace {

using Integers = std::vector<std::int64_t>;

Integers dims_of(const ir::Shape &shape) { return {shape.rows, shape.cols, shape.channels}; }

ir::Attributes with_act(const std::string &act) {
  return act.empty() ? ir::Attributes{} : ir::Attributes{{"act", act}};
}

ir::Attributes window(int stride, const std::string &act) {
  ir::Attributes attributes = with_act(act);
  attributes["pad"] = Integers(4, 1);
  attributes["stride"] = Integers(2, stride);
  return attributes;
}

}  // namespace

void Stack::input(const std::string &name, const ir::Shape &shape, std::vector<int> dims) {
  top_ = graph_.add_value(name, {shape, ir::DType::kF32, {}});
  graph_.add_input(top_, std::move(dims));
}

void Stack::picture_input(int side, int planes) {
  input("picture", {side, side, planes}, {1, planes, side, side});
}

void Stack::vector_input(const std::string &name, int size) {
  input(name, {1, 1, size}, {1, size});
}

void Stack::picture_output() {
  graph_.add_output(top_, {1, shape().channels, shape().rows, shape().cols});
}

void Stack::vector_output() { graph_.add_output(top_, {1, shape().channels}); }

void Stack::conv(const std::string &name, int channels, int stride, const std::string &act) {
  add(name, "Conv2d", {top_}, weights(name, {channels, 3, 3, shape().channels}),
      window(stride, act));
}

void Stack::conv_transpose(const std::string &name, int channels, int stride,
                           const std::string &act) {
  ir::Attributes attributes = window(stride, act);
  attributes["output_padding"] = Integers(2, stride - 1);
  add(name, "ConvTranspose2d", {top_}, weights(name, {channels, 3, 3, shape().channels}),
      std::move(attributes));
}

void Stack::linear(const std::string &name, const ir::Shape &out, const std::string &act,
                   std::string bias) {
  const auto rows = static_cast<int>(out.elements()), cols = static_cast<int>(shape().elements());
  ir::Attributes attributes = with_act(act);
  attributes["out_shape"] = dims_of(out);
  add(name, "Linear", {top_}, weights(name, {rows, cols}, std::move(bias)), std::move(attributes));
}

void Stack::add_code(const std::string &name, ir::ValueId code) {
  const ir::ValueId picture = top_;
  const int channels = shape().channels;
  top_ = code;
  linear(name + ".code", {1, 1, channels}, "");
  add(name, "Add", {picture, top_}, {}, {});
  apply(name + ".relu", "Relu");
}

void Stack::max_pool(const std::string &name) {
  add(name, "MaxPool2d", {top_}, {},
      {{"kernel", Integers(2, 2)}, {"stride", Integers(2, 2)}, {"pad", Integers(4, 0)}});
}

void Stack::flatten(const std::string &name) {
  const ir::Shape flat{1, 1, static_cast<int>(shape().elements())};
  add(name, "Reshape", {top_}, {}, {{"out_shape", dims_of(flat)}});
}

void Stack::concat(const std::string &name, ir::ValueId other) {
  add(name, "Concat", {top_, other}, {}, {{"axis", std::int64_t{2}}});
}

void Stack::apply(const std::string &name, const std::string &op) { add(name, op, {top_}, {}, {}); }

ir::ConstantId Stack::zeros(std::string name, std::vector<int> dims) {
  ir::Constant constant{std::move(name), std::move(dims), {}, {}};
  constant.data = std::vector<float>(constant.elements(), 0.0f);
  return graph_.add_constant(std::move(constant));
}

std::vector<ir::ConstantId> Stack::weights(const std::string &name, const std::vector<int> &dims,
                                           std::string bias) {
  const ir::ConstantId weight = zeros(name + ".weight", dims);
  return {weight, zeros(bias.empty() ? name + ".bias" : std::move(bias), {dims[0]})};
}

void Stack::add(const std::string &name, const std::string &op, std::vector<ir::ValueId> inputs,
                std::vector<ir::ConstantId> constants, ir::Attributes attributes) {
  ir::Node node{name, op, std::move(inputs), std::move(constants), {}, std::move(attributes)};
  const auto types = ops::operator_of(node).infer(graph_, node);
  CHECK(types.ok(), "layer '" + name + "' fits what is below it");
  top_ = graph_.add_value(name, types->front());
  node.outputs = {top_};
  graph_.add_node(std::move(node));
}

}  // namespace thimble::die
