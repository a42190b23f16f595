// What a student is to become like: a teacher's outputs, and labels where there are some.
#pragma once

#include <vector>

#include "ir/graph.h"
#include "train/torch.h"

namespace thimble::train {

struct Example {                       // a batch of them
  std::vector<torch::Tensor> teacher;  // what it makes of the inputs, one a network output; or none
  torch::Tensor labels;                // [batch], int64; undefined: none
};

// A scalar, of a teacher, labels or both. With labels: their cross entropy, and the divergence of
// the student's softened probabilities from the teacher's (Hinton et al., Distilling the Knowledge
// in a Neural Network, 2015). Without: the mean squared difference in units of the teacher's
// variance, summed over the outputs. `graph`: whose outputs they are; a Softmax or LogSoftmax at
// its end is seen through.
torch::Tensor distance(const ir::Graph &graph, const std::vector<torch::Tensor> &student,
                       const Example &example);

// Root mean squared difference in standard deviations of the teacher's, over all outputs.
double relative_error(const std::vector<torch::Tensor> &student,
                      const std::vector<torch::Tensor> &teacher);

}  // namespace thimble::train
