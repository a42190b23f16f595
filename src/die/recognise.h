// Which face a picture shows, in the eyes of the evaluation network eval_small, which no decoder
// was trained with. Run by Thimble's own float evaluator.
#pragma once

#include "die/grey.h"
#include "ir/graph.h"
#include "support/diagnostic.h"

namespace thimble::die {

class Recogniser {
 public:
  static Result<Recogniser> load();     // the shipped network
  int face(const Grey &picture) const;  // 1 to 6

 private:
  explicit Recogniser(ir::Graph graph) : graph_(std::move(graph)) {}
  ir::Graph graph_;
};

}  // namespace thimble::die
