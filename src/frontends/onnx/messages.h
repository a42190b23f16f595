// The messages of onnx.proto that carry meaning for Thimble, as plain structs whose strings and
// weights are views into the file's bytes. Fields of no use (documentation, stack traces) are
// passed over.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "frontends/limits.h"
#include "frontends/onnx/wire.h"
#include "support/diagnostic.h"

namespace thimble::frontends::onnx {

struct TensorMessage {
  std::string_view name;
  std::vector<std::int64_t> dims;
  int data_type = 0;  // TensorProto.DataType
  std::optional<View> raw_data;
  View message;  // whole: float_data and its kin are found in it once their number is known
  bool external = false;
  std::string_view location, offset, length;  // of external data; empty where not given
};

struct AttributeMessage {
  std::string_view name;
  int type = 0;  // AttributeProto.AttributeType
  float real = 0;
  std::int64_t integer = 0;
  std::string_view text;
  View tensor;  // a TensorProto
  std::vector<float> reals;
  std::vector<std::int64_t> integers;
  std::vector<std::string_view> texts;
};

enum AttributeType {
  kFloat = 1,
  kInt = 2,
  kString = 3,
  kTensor = 4,
  kFloats = 6,
  kInts = 7,
  kStrings = 8
};

struct NodeMessage {
  std::string_view name, op_type, domain;
  std::vector<std::string_view> inputs, outputs;
  std::vector<AttributeMessage> attributes;
};

struct DimMessage {
  std::optional<std::int64_t> value;
  std::string symbol;  // may be empty
};

struct ValueMessage {
  std::string_view name;
  int element_type = 0;  // 0: not a tensor
  bool has_shape = false;
  std::vector<DimMessage> dims;
};

// Nodes and initializers stay encoded until parse_node and parse_tensor are asked.
struct GraphMessage {
  std::string_view name;
  std::vector<View> nodes, initializers;
  std::vector<View> inputs, outputs, values;
  bool has_sparse_initializers = false;
};

struct ModelMessage {
  std::int64_t opset = 0;  // of the default domain; 0: none given
  GraphMessage graph;
};

// Errors: bytes that are not the message; more nodes than limits.h allows.
Result<ModelMessage> parse_model(View bytes);
// Each input, output, attribute, and number within one takes 1 from `items`.
Result<NodeMessage> parse_node(View bytes, Budget &items);
Result<TensorMessage> parse_tensor(View bytes);
Result<ValueMessage> parse_value(View bytes);

}  // namespace thimble::frontends::onnx
