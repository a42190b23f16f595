// Two readings of a graph: what it means (float), and what bits the C must produce (integer).
#pragma once

#include <vector>

#include "ir/graph.h"
#include "ops/operator.h"

namespace thimble::ops {

// One sample. `inputs`: one a network input, stored order. Returns every value of the graph, by
// ValueId. A graph whose values are int8 is evaluated in integers, a float one in floats.
std::vector<Tensor> evaluate(const ir::Graph &graph, const Numbers &numbers,
                             const std::vector<Tensor> &inputs);

// The outputs of one node of the graph on these inputs.
std::vector<Tensor> evaluate_node(const ir::Graph &graph, const ir::Node &node,
                                  const Numbers &numbers,
                                  const std::vector<const Tensor *> &inputs);

// Gives a tensor the room for the elements that its type says.
void allocate(Tensor &tensor);

// Only the network's outputs.
std::vector<Tensor> evaluate_outputs(const ir::Graph &graph, const Numbers &numbers,
                                     const std::vector<Tensor> &inputs);

// Between real numbers and a type's elements (round half away from zero, saturate).
Tensor from_real(const ir::Type &type, const std::vector<float> &real);
std::vector<float> to_real(const Tensor &tensor);

}  // namespace thimble::ops
