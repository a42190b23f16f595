// One node of a Graph as ONNX nodes.
#pragma once

#include <string>
#include <vector>

#include "frontends/onnx/model_writer.h"
#include "support/diagnostic.h"

namespace thimble::frontends::onnx {

struct Writing {
  const ir::Graph &graph;
  ModelWriter model;
  std::vector<std::string> names;  // by ValueId: the float tensor of file_dims that holds it
};

// [1, C, H, W], or [1, C] where H = W = 1.
Dims file_dims(const ir::Shape &shape);

// `from` in other dimensions of as many elements, in the same order.
void write_reshape(Writing &writing, const std::string &from, const std::string &to,
                   const Dims &dims);
// `from`, in the order of `shape`'s stored elements, as file_dims.
void write_from_stored(Writing &writing, const std::string &from, const std::string &to,
                       const ir::Shape &shape);
// And back: [1, H, W, C].
void write_to_stored(Writing &writing, const std::string &from, const std::string &to,
                     const ir::Shape &shape);

// `from` becomes `to` by way of the integers of the value's quantization.
void write_quantization(Writing &writing, ir::ValueId value, const std::string &from,
                        const std::string &to);

// The node's input `index` as [1, C, H, W].
std::string picture(Writing &writing, const ir::Node &node, std::size_t index);
// An ONNX node that makes [1, C, H, W], and `to` of it: the node's output in file_dims.
void write_picture(Writing &writing, const ir::Node &node, std::string_view op,
                   const std::vector<std::string> &inputs, const std::string &to,
                   const ir::Attributes &attributes = {});

// Makes `to`, the node's output as floats in file_dims, fused activation included. Errors: see
// write_onnx.
Status write_node(Writing &writing, const ir::Node &node, const std::string &to);

}  // namespace thimble::frontends::onnx
