// One function a message, one `case` a field; numbers are those of onnx.proto.
#include "frontends/onnx/messages.h"

#include <string>

namespace thimble::frontends::onnx {
namespace {

constexpr std::size_t kMaxListLength = 1u << 20;  // of numbers in one attribute

// Calls `use(field)` for each field; false when the bytes or a field's value are malformed.
template <class Use>
bool each_field(View message, Use use) {
  Fields fields(message);
  while (fields.next())
    if (!use(fields.field())) return false;
  return !fields.broken();
}

bool read(const Field &field, std::string_view &text) {
  text = field.text();
  return field.kind == Field::Kind::kBytes;
}

bool read(const Field &field, View &message) {
  message = field.bytes;
  return field.kind == Field::Kind::kBytes;
}

bool read(const Field &field, std::int64_t &value) {
  value = field.integer();
  return field.kind == Field::Kind::kVarint;
}

bool read(const Field &field, int &value) {
  value = static_cast<int>(field.scalar);
  return field.kind == Field::Kind::kVarint;
}

template <class T>
bool append(const Field &field, std::vector<T> &values) {
  return read(field, values.emplace_back());
}

Diagnostic malformed(const char *message) {
  return model_error(std::string("not an ONNX file, or a damaged one: malformed ") + message, {},
                     "export the model again");
}

bool read_external_entry(View bytes, TensorMessage &tensor) {
  std::string_view key, value;
  const bool ok = each_field(bytes, [&](const Field &field) {
    if (field.number == 1) return read(field, key);
    if (field.number == 2) return read(field, value);
    return true;
  });
  if (key == "location") tensor.location = value;
  if (key == "offset") tensor.offset = value;
  if (key == "length") tensor.length = value;
  return ok;
}

bool read_attribute(View bytes, AttributeMessage &attribute) {
  return each_field(bytes, [&](const Field &field) {
    switch (field.number) {
      case 1:
        return read(field, attribute.name);
      case 2:
        attribute.real = field.real();
        return field.kind == Field::Kind::kFixed32;
      case 3:
        return read(field, attribute.integer);
      case 4:
        return read(field, attribute.text);
      case 5:
        return read(field, attribute.tensor);
      case 7:
        return append_floats(field, kMaxListLength, attribute.reals);
      case 8:
        return append_varints(field, kMaxListLength, attribute.integers);
      case 9:
        return append(field, attribute.texts);
      case 20:
        return read(field, attribute.type);
      default:
        return true;
    }
  });
}

bool read_dim(View bytes, DimMessage &dim) {
  return each_field(bytes, [&](const Field &field) {
    if (field.number == 1) return read(field, dim.value.emplace());
    if (field.number == 2) dim.symbol = field.text();
    return true;
  });
}

bool read_shape(View bytes, ValueMessage &value) {
  value.has_shape = true;
  return each_field(bytes, [&](const Field &field) {
    if (field.number != 1) return true;
    return field.kind == Field::Kind::kBytes && value.dims.size() < kMaxRank &&
           read_dim(field.bytes, value.dims.emplace_back());
  });
}

bool read_tensor_type(View bytes, ValueMessage &value) {
  return each_field(bytes, [&](const Field &field) {
    if (field.number == 1) return read(field, value.element_type);
    if (field.number == 2) return read_shape(field.bytes, value);
    return true;
  });
}

bool read_type(View bytes, ValueMessage &value) {
  return each_field(bytes, [&](const Field &field) {
    return field.number != 1 || read_tensor_type(field.bytes, value);  // others: sequences, maps
  });
}

bool read_graph(View bytes, GraphMessage &graph) {
  return each_field(bytes, [&](const Field &field) {
    switch (field.number) {
      case 1:
        return graph.nodes.size() < kMaxNodes && append(field, graph.nodes);
      case 2:
        return read(field, graph.name);
      case 5:
        return graph.initializers.size() < kMaxNodes && append(field, graph.initializers);
      case 11:
        return graph.inputs.size() < kMaxNodes && append(field, graph.inputs);
      case 12:
        return graph.outputs.size() < kMaxNodes && append(field, graph.outputs);
      case 13:
        return graph.values.size() < kMaxNodes && append(field, graph.values);
      case 15:
        graph.has_sparse_initializers = true;
        return true;
      default:
        return true;
    }
  });
}

bool read_opset(View bytes, ModelMessage &model) {
  std::string_view domain;
  std::int64_t version = 0;
  const bool ok = each_field(bytes, [&](const Field &field) {
    if (field.number == 1) return read(field, domain);
    if (field.number == 2) return read(field, version);
    return true;
  });
  if (domain.empty() || domain == "ai.onnx") model.opset = version;
  return ok;
}

}  // namespace

Result<ModelMessage> parse_model(View bytes) {
  ModelMessage model;
  bool has_graph = false;
  const bool ok = each_field(bytes, [&](const Field &field) {
    if (field.number == 8) return read_opset(field.bytes, model);
    if (field.number != 7) return true;
    if (has_graph || field.kind != Field::Kind::kBytes) return false;
    has_graph = true;
    return read_graph(field.bytes, model.graph);
  });
  if (!ok || !has_graph) return malformed(has_graph ? "graph" : "model");
  return model;
}

Result<NodeMessage> parse_node(View bytes, Budget &items) {
  NodeMessage node;
  const bool ok = each_field(bytes, [&](const Field &field) {
    if (!items.take(1)) return false;
    switch (field.number) {
      case 1:
        return append(field, node.inputs);
      case 2:
        return append(field, node.outputs);
      case 3:
        return read(field, node.name);
      case 4:
        return read(field, node.op_type);
      case 5:
        if (field.kind != Field::Kind::kBytes ||
            !read_attribute(field.bytes, node.attributes.emplace_back()))
          return false;
        return items.take(std::ssize(node.attributes.back().integers) +
                          std::ssize(node.attributes.back().reals) +
                          std::ssize(node.attributes.back().texts));
      case 7:
        return read(field, node.domain);
      default:
        return true;
    }
  });
  if (!ok) return malformed("node");
  return node;
}

Result<TensorMessage> parse_tensor(View bytes) {
  TensorMessage tensor;
  tensor.message = bytes;
  const bool ok = each_field(bytes, [&](const Field &field) {
    switch (field.number) {
      case 1:
        return append_varints(field, kMaxRank, tensor.dims);
      case 2:
        return read(field, tensor.data_type);
      case 8:
        return read(field, tensor.name);
      case 9:
        return read(field, tensor.raw_data.emplace());
      case 13:
        return read_external_entry(field.bytes, tensor);
      case 14:
        tensor.external = field.scalar == 1;
        return true;
      default:
        return true;
    }
  });
  if (!ok) return malformed("tensor");
  return tensor;
}

Result<ValueMessage> parse_value(View bytes) {
  ValueMessage value;
  const bool ok = each_field(bytes, [&](const Field &field) {
    if (field.number == 1) return read(field, value.name);
    if (field.number == 2) return read_type(field.bytes, value);
    return true;
  });
  if (!ok) return malformed("value description");
  return value;
}

}  // namespace thimble::frontends::onnx
