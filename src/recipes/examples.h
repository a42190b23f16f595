// What a network is retrained on: inputs, labels where there are some.
#pragma once

#include <torch/torch.h>

#include <string>
#include <vector>

#include "ir/graph.h"
#include "support/diagnostic.h"

namespace thimble::recipes {

struct Examples {
  std::vector<torch::Tensor> inputs;  // [n, rows, cols, channels], one a network input
  torch::Tensor labels;               // [n], int64; undefined: none
  std::int64_t count() const { return inputs[0].size(0); }
  bool labelled() const { return labels.defined(); }
  Examples rows(const torch::Tensor &indices) const;
  Examples slice(std::int64_t first, std::int64_t end) const;
};

// From an `.npz` with x (x0, x1, ...) and maybe y, one class a sample; from "random:N", standard
// normal numbers; or from a folder with MNIST's files (support/idx.h), of which `part` is read
// ("train", "t10k").
// Errors: shapes that are not the network's inputs; labels that are not whole numbers of its
// classes.
Result<Examples> read_examples(const ir::Graph &graph, const std::string &from,
                               const std::string &part);

}  // namespace thimble::recipes
