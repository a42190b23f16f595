// Tensors of a Graph in an ONNX file: which dimensions they have there, and the ways between these
// and the order in which they are stored.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "frontends/onnx/model_writer.h"

namespace thimble::frontends::onnx {

struct Writing {
  const ir::Graph &graph;
  ModelWriter model;
  std::vector<std::string> names;  // by ValueId: the float tensor of file_dims that holds it
};

const ir::Shape &shape_of(const Writing &writing, ir::ValueId value);
bool is_vector(const ir::Shape &shape);  // H = W = 1

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

// The node's input `index` in the order of its stored elements, [1, H, W, C].
std::string stored(Writing &writing, const ir::Node &node, std::size_t index);
// The node's input `index` as [1, C, H, W].
std::string picture(Writing &writing, const ir::Node &node, std::size_t index);
// An ONNX node that makes [1, C, H, W], and `to` of it: the node's output in file_dims.
void write_picture(Writing &writing, const ir::Node &node, std::string_view op,
                   const std::vector<std::string> &inputs, const std::string &to,
                   const ir::Attributes &attributes = {});

// New element i is old element order[i].
using Order = std::vector<std::size_t>;
Order identity(std::size_t count);
// Of an array of `dims` whose axis perm[k] becomes axis k.
Order permuted(const std::array<int, 4> &perm, const std::vector<int> &dims);
// Channel, row, column from row, column, channel.
Order channels_first(const ir::Shape &shape);

template <class T>
std::vector<T> ordered(const std::vector<T> &data, const Order &order) {
  std::vector<T> result;
  result.reserve(order.size());
  for (const std::size_t from : order) result.push_back(data[from]);
  return result;
}

}  // namespace thimble::frontends::onnx
