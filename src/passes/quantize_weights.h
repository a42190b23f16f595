// Weights and biases of one node as integers.
#pragma once

#include <vector>

#include "ir/graph.h"

namespace thimble::passes {

struct WeightQuant {
  float in_scale, out_scale;               // of the node's activations
  const std::vector<double> &input_means;  // one an element of input 0, over the samples
};

// Constants 0 (weight, first dimension the output channels) and 1 (bias) of a float node become
// int8 with one scale a channel, symmetric, and int32 at in_scale * weight scale. The bias also
// takes up what the rounded weights make of the mean input too much or too little. Of recurrent
// nodes: as ops/recurrent.h has it, with any further constant as a bias of each unit.
void quantize_weights(ir::Graph &graph, ir::NodeId node, const WeightQuant &quant);

}  // namespace thimble::passes
