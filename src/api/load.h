// From a path to a graph that every command starts from.
#pragma once

#include <string>
#include <vector>

#include "api/outcome.h"
#include "ir/graph.h"
#include "support/diagnostic.h"

namespace thimble::api {

struct Model {
  std::string path;    // as the user named it
  std::string sha256;  // of the file
  ir::Graph graph;
};

// Reads `.onnx`, `.pt2`, `.tflite` or `.thm`; `dims` are "name=N" for symbolic dimensions. The
// graph is as imported: for `thimble opt`.
Result<Model> import_model(const std::string &path, const std::vector<std::string> &dims,
                           const Notify &notify);
// The same, and through the pipeline of passes.
Result<Model> load_model(const std::string &path, const std::vector<std::string> &dims,
                         const Notify &notify);

bool is_quantized(const ir::Graph &graph);

}  // namespace thimble::api
