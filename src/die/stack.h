// A graph that grows layer upon layer: it has a value on top, and every call puts the next layer on
// it. Weights are zero; a layer's are named NAME.weight and NAME.bias.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "ir/graph.h"

namespace thimble::die {

class Stack {
 public:
  explicit Stack(std::string name) { graph_.name = std::move(name); }

  ir::ValueId top() const { return top_; }
  void go_to(ir::ValueId value) { top_ = value; }  // the next layer reads `value`

  void picture_input(int side, int planes);              // [1, planes, side, side]
  void vector_input(const std::string &name, int size);  // [1, size]
  void picture_output();
  void vector_output();

  // `act`: "relu" or "". Convolutions are 3x3, padded by one; a transposed one makes the picture
  // `stride` times as large.
  void conv(const std::string &name, int channels, int stride, const std::string &act);
  void conv_transpose(const std::string &name, int channels, int stride, const std::string &act);
  // `bias`: its constant's name, if not the usual one.
  void linear(const std::string &name, const ir::Shape &out, const std::string &act,
              std::string bias = {});
  // A number a channel, of the vector `code`, to all pixels; then ReLU.
  void add_code(const std::string &name, ir::ValueId code);
  void max_pool(const std::string &name);  // 2x2
  void flatten(const std::string &name);
  void concat(const std::string &name, ir::ValueId other);  // behind the top, by channels
  void apply(const std::string &name, const std::string &op);

  ir::Graph take() { return std::move(graph_); }

 private:
  const ir::Shape &shape() const { return graph_.value(top_).type.shape; }
  void input(const std::string &name, const ir::Shape &shape, std::vector<int> dims);
  ir::ConstantId zeros(std::string name, std::vector<int> dims);
  std::vector<ir::ConstantId> weights(const std::string &name, const std::vector<int> &dims,
                                      std::string bias = {});
  void add(const std::string &name, const std::string &op, std::vector<ir::ValueId> inputs,
           std::vector<ir::ConstantId> constants, ir::Attributes attributes);

  ir::Graph graph_;
  ir::ValueId top_ = -1;
};

}  // namespace thimble::die
