// Model files made by tests: ONNX messages written by hand, and .pt2 archives from JSON and bytes.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "support/json.h"

namespace thimble::frontends::test {

// A protobuf message under construction.
class Message {
 public:
  Message &integer(int field, std::int64_t value);
  Message &bytes(int field, const std::string &value);
  Message &message(int field, const Message &value) { return bytes(field, value.text_); }
  Message &real(int field, float value);
  const std::string &text() const { return text_; }

 private:
  void varint(std::uint64_t value);
  std::string text_;
};

std::string floats(const std::vector<float> &values);  // their little-endian bytes
std::string integers(const std::vector<std::int64_t> &values);

using Dims = std::vector<std::int64_t>;
enum { kFloat32 = 1, kInt64 = 7 };  // TensorProto.DataType

Message tensor(const std::string &name, int type, const Dims &dims, const std::string &raw);
Message node(const std::string &op, const std::vector<std::string> &inputs,
             const std::vector<std::string> &outputs, const std::vector<Message> &attributes = {});
Message ints(const std::string &name, const Dims &values);  // an attribute
Message int1(const std::string &name, std::int64_t value);  // an attribute
Message tensor_attribute(const std::string &name, const Message &value);

// "batch" or a number, per axis.
Message value_info(const std::string &name, const std::vector<std::string> &dims);

struct OnnxParts {
  std::vector<Message> nodes, initializers, inputs, outputs;
  std::int64_t opset = 20;
};
std::string onnx_file(const OnnxParts &parts);

// The last of a .pt2: entries by name within the archive's folder; stored.
using Entries = std::vector<std::pair<std::string, std::string>>;
void write_zip(const std::filesystem::path &path, const Entries &entries, bool deflated = false);

// model.json of `y = relu(x * w)`, x of [1, 4], w of [4] from weights "scale".
Json scaled_relu_program();
// model_weights_config.json with the one tensor "scale".
Json one_weight(const Dims &sizes, const Dims &strides, std::int64_t offset, int dtype = 7);
// The whole archive of these two and `storage`.
Entries archive_of(const Json &program, const Json &weights, const std::string &storage);

}  // namespace thimble::frontends::test
