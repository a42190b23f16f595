// Field numbers are those of onnx.proto (github.com/onnx/onnx, onnx/onnx.proto).
#include "frontends/onnx/model_writer.h"

#include <bit>
#include <type_traits>

#include "frontends/onnx/messages.h"

namespace thimble::frontends::onnx {
namespace {

constexpr std::int64_t kIrVersion = 8, kOpset = 17;  // onnxruntime since 1.12
constexpr int kTensorFloat = 1, kTensorInt8 = 3, kTensorInt32 = 6, kTensorInt64 = 7;

// GraphProto.
enum GraphField { kNode = 1, kGraphName = 2, kInitializer = 5, kInput = 11, kOutput = 12 };

MessageWriter attribute_message(const std::string &name, const ir::Attribute &value) {
  MessageWriter message;
  message.bytes(1, name);
  if (const auto *real = std::get_if<double>(&value)) {
    message.real(2, static_cast<float>(*real));
    message.integer(20, kFloat);
  } else if (const auto *integer = std::get_if<std::int64_t>(&value)) {
    message.integer(3, *integer);
    message.integer(20, kInt);
  } else if (const auto *text = std::get_if<std::string>(&value)) {
    message.bytes(4, *text);
    message.integer(20, kString);
  } else {
    for (const std::int64_t item : std::get<std::vector<std::int64_t>>(value))
      message.integer(8, item);
    message.integer(20, kInts);
  }
  return message;
}

// Little-endian, whatever the machine.
template <class T>
std::string raw_bytes(const std::vector<T> &data) {
  std::string bytes;
  bytes.reserve(data.size() * sizeof(T));
  for (const T item : data) {
    std::uint64_t bits;
    if constexpr (std::is_same_v<T, float>)
      bits = std::bit_cast<std::uint32_t>(item);
    else
      bits = static_cast<std::uint64_t>(item);
    for (std::size_t i = 0; i < sizeof(T); ++i) bytes += static_cast<char>(bits >> 8 * i & 255);
  }
  return bytes;
}

template <class T>
MessageWriter tensor_message(const std::string &name, int type, const Dims &dims,
                             const std::vector<T> &data) {
  MessageWriter message;
  for (const std::int64_t dim : dims) message.integer(1, dim);
  message.integer(2, type);
  message.bytes(8, name);
  message.bytes(9, raw_bytes(data));
  return message;
}

MessageWriter value_message(const std::string &name, const std::vector<int> &dims) {
  MessageWriter shape, tensor, type, value;
  for (const int size : dims) {
    MessageWriter dim;
    dim.integer(1, size);
    shape.message(1, dim);
  }
  tensor.integer(1, kTensorFloat);
  tensor.message(2, shape);
  type.message(1, tensor);
  value.bytes(1, name);
  value.message(2, type);
  return value;
}

}  // namespace

std::string ModelWriter::fresh(const std::string &base) {
  std::string name = base;
  for (int i = 1; !names_.insert(name).second; ++i) name = base + "_" + std::to_string(i);
  return name;
}

void ModelWriter::node(std::string_view op, const std::vector<std::string> &inputs,
                       const std::string &output, const ir::Attributes &attributes) {
  MessageWriter message;
  for (const std::string &input : inputs) message.bytes(1, input);
  message.bytes(2, output);
  message.bytes(3, output);
  message.bytes(4, op);
  for (const auto &[name, value] : attributes) message.message(5, attribute_message(name, value));
  nodes_.message(kNode, message);
}

std::string ModelWriter::initializer(const std::string &base, const Dims &dims,
                                     const std::vector<float> &data) {
  const std::string name = fresh(base);
  initializers_.message(kInitializer, tensor_message(name, kTensorFloat, dims, data));
  return name;
}

std::string ModelWriter::initializer(const std::string &base, const Dims &dims,
                                     const std::vector<std::int8_t> &data) {
  const std::string name = fresh(base);
  initializers_.message(kInitializer, tensor_message(name, kTensorInt8, dims, data));
  return name;
}

std::string ModelWriter::initializer(const std::string &base, const Dims &dims,
                                     const std::vector<std::int32_t> &data) {
  const std::string name = fresh(base);
  initializers_.message(kInitializer, tensor_message(name, kTensorInt32, dims, data));
  return name;
}

std::string ModelWriter::initializer(const std::string &base, const Dims &dims, const Dims &data) {
  const std::string name = fresh(base);
  initializers_.message(kInitializer, tensor_message(name, kTensorInt64, dims, data));
  return name;
}

void ModelWriter::input(const std::string &name, const std::vector<int> &dims) {
  ports_.message(kInput, value_message(name, dims));
}

void ModelWriter::output(const std::string &name, const std::vector<int> &dims) {
  ports_.message(kOutput, value_message(name, dims));
}

std::string ModelWriter::finish() const {
  MessageWriter graph, opset, model;
  std::string body = nodes_.data();
  graph.bytes(kGraphName, name_);
  body += graph.data() + initializers_.data() + ports_.data();
  opset.bytes(1, "");
  opset.integer(2, kOpset);
  model.integer(1, kIrVersion);
  model.bytes(2, "thimble");
  model.bytes(7, body);
  model.message(8, opset);
  return model.data();
}

}  // namespace thimble::frontends::onnx
