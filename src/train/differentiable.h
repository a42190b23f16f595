// Every operator that libtorch can differentiate: how it computes the node's output from tensors
// that remember where they come from. One function each, by the operator's name; the families'
// files have them, this one finds them.
//
// Values are [batch, rows, cols, channels]; a network's samples do not see each other. What is
// computed is what the operator's eval_float computes, up to rounding.
#pragma once

#include <functional>
#include <string_view>
#include <vector>

#include "ir/graph.h"
#include "train/torch.h"

namespace thimble::train {

// A node with the tensors that it reads.
struct Call {
  const ir::Graph &graph;
  const ir::Node &node;
  std::int64_t batch;
  std::vector<torch::Tensor> inputs;
  std::vector<torch::Tensor> constants;  // in the graph's dimensions

  const ir::Shape &in_shape(int input = 0) const;
  const ir::Shape &out_shape() const;
  // Of the output, batch first.
  std::vector<std::int64_t> out_sizes() const;
};

using Forward = std::function<torch::Tensor(const Call &)>;

struct Differentiable {
  std::string_view op;
  Forward forward;
};
using Family = std::vector<Differentiable>;

// One a file.
Family window_family();
Family sum_family();
Family element_family();
Family movement_family();
Family recurrent_family();

// Null: the operator has no gradient, or none here.
const Forward *find_differentiable(std::string_view op);
std::vector<std::string_view> differentiable_operators();

// The node's fused activation (ops/fused.h).
torch::Tensor activated(const ir::Node &node, const torch::Tensor &sums);

}  // namespace thimble::train
