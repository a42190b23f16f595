// A graph read by libtorch: its f32 constants are parameters, its nodes differentiable functions.
#pragma once

#include <functional>
#include <vector>

#include "ir/graph.h"
#include "support/diagnostic.h"
#include "train/torch.h"

namespace thimble::train {

// What a forward pass looks through: quantization in the loop puts what 8 bits would make of a
// constant or a value in its place. An empty function changes nothing.
struct Lens {
  std::function<torch::Tensor(const ir::Graph &, ir::NodeId, std::size_t constant_index,
                              const torch::Tensor &)>
      constant;
  // Of network inputs and of what every node makes.
  std::function<torch::Tensor(ir::ValueId, const torch::Tensor &)> value;
};

// Values are [batch, rows, cols, channels], in the stored order (ir/layout.h). Copies of a Module
// share their parameters.
class Module {
 public:
  // Of a sound float graph. Errors (kModel): every node whose operator has no gradient here
  // (differentiable.h), and integers.
  static Result<Module> make(ir::Graph graph);

  // One tensor a network input, all of one batch; one a network output.
  std::vector<torch::Tensor> forward(const std::vector<torch::Tensor> &inputs,
                                     const Lens &lens = {}) const;

  // Leaves that require gradients, in the order of the graph's constants.
  const std::vector<torch::Tensor> &parameters() const { return parameters_; }

  // New weights and biases as PyTorch's layers draw them, from libtorch's current generator: evenly
  // from +-1 / sqrt(fan in), of recurrent layers from +-1 / sqrt(hidden). Of convolutions and
  // Linears in PyTorch's order of elements, layer by layer: a module whose layers are made in the
  // order in which they run starts from the same numbers, given the same seed. BatchNorms become
  // the identity; absent biases (zeros) and what else is constant stay.
  void initialise();

  // The graph with the parameters as they are now.
  ir::Graph graph() const;
  // Takes the parameters of a graph that differs from this one in nothing else.
  void take(const ir::Graph &graph);

 private:
  explicit Module(ir::Graph graph);
  std::vector<torch::Tensor> constants_of(ir::NodeId id, const Lens &lens) const;

  ir::Graph graph_;
  std::vector<torch::Tensor> parameters_;  // by ConstantId
};

}  // namespace thimble::train
