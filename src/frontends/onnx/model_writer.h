// An ONNX model under construction: nodes, initializers, inputs and outputs, by name.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "frontends/onnx/wire_writer.h"
#include "ir/graph.h"

namespace thimble::frontends::onnx {

using Dims = std::vector<std::int64_t>;

class ModelWriter {
 public:
  explicit ModelWriter(std::string name) : name_(std::move(name)) {}

  // `base`, or with a suffix where that is taken; taken from now on.
  std::string fresh(const std::string &base);

  // A node of one output; "" stands for an absent input.
  void node(std::string_view op, const std::vector<std::string> &inputs, const std::string &output,
            const ir::Attributes &attributes = {});
  // The name it got. No dimensions: a scalar.
  std::string initializer(const std::string &base, const Dims &dims,
                          const std::vector<float> &data);
  std::string initializer(const std::string &base, const Dims &dims,
                          const std::vector<std::int8_t> &data);
  std::string initializer(const std::string &base, const Dims &dims,
                          const std::vector<std::int32_t> &data);
  std::string initializer(const std::string &base, const Dims &dims, const Dims &data);

  // Of float32.
  void input(const std::string &name, const std::vector<int> &dims);
  void output(const std::string &name, const std::vector<int> &dims);

  // The file.
  std::string finish() const;

 private:
  std::string name_;
  std::set<std::string> names_;
  MessageWriter nodes_, initializers_, ports_;  // fields of a GraphProto
};

}  // namespace thimble::frontends::onnx
