#include "frontends/onnx/write_layout.h"

#include <numeric>

namespace thimble::frontends::onnx {
namespace {

Dims picture_dims(const ir::Shape &shape) { return {1, shape.channels, shape.rows, shape.cols}; }

}  // namespace

const ir::Shape &shape_of(const Writing &writing, ir::ValueId value) {
  return writing.graph.value(value).type.shape;
}

bool is_vector(const ir::Shape &shape) { return shape.rows == 1 && shape.cols == 1; }

Dims file_dims(const ir::Shape &shape) {
  return is_vector(shape) ? Dims{1, shape.channels} : picture_dims(shape);
}

std::string picture(Writing &writing, const ir::Node &node, std::size_t index) {
  const ir::ValueId value = node.inputs[index];
  const std::string &name = writing.names[value];
  if (!is_vector(shape_of(writing, value))) return name;
  const std::string made = writing.model.fresh(name + "_4d");
  write_reshape(writing, name, made, picture_dims(shape_of(writing, value)));
  return made;
}

void write_picture(Writing &writing, const ir::Node &node, std::string_view op,
                   const std::vector<std::string> &inputs, const std::string &to,
                   const ir::Attributes &attributes) {
  const ir::Shape &shape = shape_of(writing, node.outputs[0]);
  if (!is_vector(shape)) return writing.model.node(op, inputs, to, attributes);
  const std::string made = writing.model.fresh(to + "_4d");
  writing.model.node(op, inputs, made, attributes);
  write_reshape(writing, made, to, file_dims(shape));
}

void write_reshape(Writing &writing, const std::string &from, const std::string &to,
                   const Dims &dims) {
  const std::string shape = writing.model.initializer(to + "_shape", {std::ssize(dims)}, dims);
  writing.model.node("Reshape", {from, shape}, to);
}

void write_from_stored(Writing &writing, const std::string &from, const std::string &to,
                       const ir::Shape &shape) {
  if (is_vector(shape)) return write_reshape(writing, from, to, file_dims(shape));
  const std::string pixels = writing.model.fresh(to + "_pixels");
  write_reshape(writing, from, pixels, {1, shape.rows, shape.cols, shape.channels});
  writing.model.node("Transpose", {pixels}, to, {{"perm", std::vector<std::int64_t>{0, 3, 1, 2}}});
}

void write_to_stored(Writing &writing, const std::string &from, const std::string &to,
                     const ir::Shape &shape) {
  if (is_vector(shape)) return write_reshape(writing, from, to, {1, 1, 1, shape.channels});
  writing.model.node("Transpose", {from}, to, {{"perm", std::vector<std::int64_t>{0, 2, 3, 1}}});
}

void write_quantization(Writing &writing, ir::ValueId value, const std::string &from,
                        const std::string &to) {
  const ir::Quant quant = *writing.graph.value(value).type.quant;
  const std::string base = writing.graph.value(value).name;
  const std::string scale =
      writing.model.initializer(base + "_scale", {}, std::vector<float>{quant.scale});
  const std::string zero = writing.model.initializer(
      base + "_zero_point", {},
      std::vector<std::int8_t>{static_cast<std::int8_t>(quant.zero_point)});
  const std::string integers = writing.model.fresh(base + "_quantized");
  writing.model.node("QuantizeLinear", {from, scale, zero}, integers);
  writing.model.node("DequantizeLinear", {integers, scale, zero}, to);
}

std::string stored(Writing &writing, const ir::Node &node, std::size_t index) {
  const std::string &name = writing.names[node.inputs[index]];
  const std::string made = writing.model.fresh(name + "_stored");
  write_to_stored(writing, name, made, shape_of(writing, node.inputs[index]));
  return made;
}

Order identity(std::size_t count) {
  Order order(count);
  std::iota(order.begin(), order.end(), 0);
  return order;
}

Order permuted(const std::array<int, 4> &perm, const std::vector<int> &dims) {
  std::array<std::size_t, 4> strides{};
  std::size_t stride = 1;
  for (std::size_t axis = 4; axis-- > 0;) {
    strides[axis] = stride;
    stride *= static_cast<std::size_t>(dims[axis]);
  }
  Order order;
  for (int a = 0; a < dims[perm[0]]; ++a)
    for (int b = 0; b < dims[perm[1]]; ++b)
      for (int c = 0; c < dims[perm[2]]; ++c)
        for (int d = 0; d < dims[perm[3]]; ++d)
          order.push_back(a * strides[perm[0]] + b * strides[perm[1]] + c * strides[perm[2]] +
                          d * strides[perm[3]]);
  return order;
}

Order channels_first(const ir::Shape &shape) {
  return permuted({0, 3, 1, 2}, {1, shape.rows, shape.cols, shape.channels});
}

}  // namespace thimble::frontends::onnx
