// What a network would lose by a change, before it learns to live with it: choices are made by it.
#pragma once

#include "recipes/retrain.h"

namespace thimble::recipes {

class Examiner {
 public:
  // Looks at some of the school's training samples.
  static Result<Examiner> make(const School &school);
  // train::distance of the network to teacher and labels; lower is better.
  Result<double> loss(const ir::Graph &graph, const Rounding &rounding = {}) const;

 private:
  Examples some_;
  std::vector<torch::Tensor> wanted_;  // the teacher's outputs; none without one
};

}  // namespace thimble::recipes
