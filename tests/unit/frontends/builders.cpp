#include "builders.h"

#include <zip.h>

#include <cctype>
#include <cstring>
#include <stdexcept>

namespace thimble::frontends::test {

void Message::varint(std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) text_ += static_cast<char>(value | 0x80);
  text_ += static_cast<char>(value);
}

Message &Message::integer(int field, std::int64_t value) {
  varint(std::uint64_t(field) << 3);
  varint(static_cast<std::uint64_t>(value));
  return *this;
}

Message &Message::bytes(int field, const std::string &value) {
  varint(std::uint64_t(field) << 3 | 2);
  varint(value.size());
  text_ += value;
  return *this;
}

Message &Message::real(int field, float value) {
  varint(std::uint64_t(field) << 3 | 5);
  text_ += floats({value});
  return *this;
}

std::string floats(const std::vector<float> &values) {
  return {reinterpret_cast<const char *>(values.data()), values.size() * sizeof(float)};
}

std::string integers(const std::vector<std::int64_t> &values) {
  return {reinterpret_cast<const char *>(values.data()), values.size() * sizeof(std::int64_t)};
}

Message tensor(const std::string &name, int type, const Dims &dims, const std::string &raw) {
  Message message;
  for (std::int64_t dim : dims) message.integer(1, dim);
  return message.integer(2, type).bytes(8, name).bytes(9, raw);
}

Message node(const std::string &op, const std::vector<std::string> &inputs,
             const std::vector<std::string> &outputs, const std::vector<Message> &attributes) {
  Message message;
  for (const std::string &input : inputs) message.bytes(1, input);
  for (const std::string &output : outputs) message.bytes(2, output);
  message.bytes(4, op);
  for (const Message &attribute : attributes) message.message(5, attribute);
  return message;
}

Message ints(const std::string &name, const Dims &values) {
  Message message;
  message.bytes(1, name);
  for (std::int64_t value : values) message.integer(8, value);
  return message.integer(20, 7);
}

Message int1(const std::string &name, std::int64_t value) {
  return Message().bytes(1, name).integer(3, value).integer(20, 2);
}

Message tensor_attribute(const std::string &name, const Message &value) {
  return Message().bytes(1, name).message(5, value).integer(20, 4);
}

Message value_info(const std::string &name, const std::vector<std::string> &dims) {
  Message shape;
  for (const std::string &dim : dims) {
    const bool number = !dim.empty() && (std::isdigit(dim[0]) || dim[0] == '-');
    shape.message(1, number ? Message().integer(1, std::stoll(dim)) : Message().bytes(2, dim));
  }
  const Message type = Message().integer(1, kFloat32).message(2, shape);
  return Message().bytes(1, name).message(2, Message().message(1, type));
}

std::string onnx_file(const OnnxParts &parts) {
  Message graph;
  for (const Message &part : parts.nodes) graph.message(1, part);
  graph.bytes(2, "main_graph");
  for (const Message &part : parts.initializers) graph.message(5, part);
  for (const Message &part : parts.inputs) graph.message(11, part);
  for (const Message &part : parts.outputs) graph.message(12, part);
  Message model;
  model.integer(1, 10).message(7, graph);
  return model.message(8, Message().bytes(1, "").integer(2, parts.opset)).text();
}

void write_zip(const std::filesystem::path &path, const Entries &entries, bool deflated) {
  zip *archive = zip_open(path.c_str(), ZIP_CREATE | ZIP_TRUNCATE, nullptr);
  if (!archive) throw std::runtime_error("zip_open");
  for (const auto &[name, contents] : entries) {
    zip_source_t *source = zip_source_buffer(archive, contents.data(), contents.size(), 0);
    const zip_int64_t index = zip_file_add(archive, name.c_str(), source, ZIP_FL_OVERWRITE);
    zip_set_file_compression(archive, index, deflated ? ZIP_CM_DEFLATE : ZIP_CM_STORE, 0);
  }
  if (zip_close(archive) != 0) throw std::runtime_error("zip_close");
}

namespace {

Json sizes_json(const Dims &sizes) {
  Json list = Json::array();
  for (std::int64_t size : sizes) list.push_back({{"as_int", size}});
  return list;
}

Json tensor_meta(const Dims &sizes, const Dims &strides, std::int64_t offset, int dtype) {
  return {{"dtype", dtype},
          {"sizes", sizes_json(sizes)},
          {"strides", sizes_json(strides)},
          {"storage_offset", {{"as_int", offset}}}};
}

Json tensor_argument(const std::string &parameter, const std::string &value) {
  return {{"name", parameter}, {"arg", {{"as_tensor", {{"name", value}}}}}, {"kind", 1}};
}

Json node_json(const std::string &target, const std::string &output, const Json &inputs) {
  return {{"target", target},
          {"name", output},
          {"inputs", inputs},
          {"outputs", Json::array({{{"as_tensor", {{"name", output}}}}})}};
}

}  // namespace

Json scaled_relu_program() {
  Json program;
  Json &graph = program["graph_module"]["graph"];
  graph["nodes"] = Json::array(
      {node_json("torch.ops.aten.mul.Tensor", "mul",
                 Json::array({tensor_argument("self", "x"), tensor_argument("other", "p_scale")})),
       node_json("torch.ops.aten.relu.default", "relu",
                 Json::array({tensor_argument("self", "mul")}))});
  graph["tensor_values"] = {{"x", tensor_meta({1, 4}, {4, 1}, 0, 7)},
                            {"relu", tensor_meta({1, 4}, {4, 1}, 0, 7)}};
  graph["sym_int_values"] = Json::object();
  Json &signature = program["graph_module"]["signature"];
  signature["input_specs"] =
      Json::array({{{"parameter", {{"arg", {{"name", "p_scale"}}}, {"parameter_name", "scale"}}}},
                   {{"user_input", {{"arg", {{"as_tensor", {{"name", "x"}}}}}}}}});
  signature["output_specs"] =
      Json::array({{{"user_output", {{"arg", {{"as_tensor", {{"name", "relu"}}}}}}}}});
  return program;
}

Json one_weight(const Dims &sizes, const Dims &strides, std::int64_t offset, int dtype) {
  return {{"config",
           {{"scale",
             {{"path_name", "weight_0"},
              {"is_param", true},
              {"use_pickle", false},
              {"tensor_meta", tensor_meta(sizes, strides, offset, dtype)}}}}}};
}

Entries archive_of(const Json &program, const Json &weights, const std::string &storage) {
  return {{"net/archive_format", "pt2"},
          {"net/byteorder", "little"},
          {"net/models/model.json", program.dump()},
          {"net/data/weights/model_weights_config.json", weights.dump()},
          {"net/data/weights/weight_0", storage}};
}

}  // namespace thimble::frontends::test
