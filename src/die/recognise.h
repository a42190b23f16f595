// Which face a picture shows, in the eyes of an evaluation network, which no decoder was trained
// with. Run by Thimble's own float evaluator.
#pragma once

#include <string_view>

#include "die/grey.h"
#include "ir/graph.h"
#include "support/diagnostic.h"

namespace thimble::die {

class Recogniser {
 public:
  // A shipped network: eval_small, or "evaluator.onnx" (models/README.md).
  static Result<Recogniser> load(std::string_view file_name = "eval_small.pt2");
  explicit Recogniser(ir::Graph graph) : graph_(std::move(graph)) {}
  int face(const Grey &picture) const;  // 1 to 6

 private:
  ir::Graph graph_;
};

}  // namespace thimble::die
