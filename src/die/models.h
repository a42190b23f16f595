// The networks of the die as float graphs: those that travel inside the program, and a user's own.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "ir/graph.h"
#include "support/diagnostic.h"

namespace thimble::die {

struct Model {
  std::string name;    // the file's, without its ending
  std::string sha256;  // of the file
  ir::Graph graph;     // float, after passes::run_pipeline
};

// Errors: as frontends::read_model, ops::import_graph and the pipeline.
Result<Model> load_model(const std::filesystem::path &path);
// A file, or the name of a shipped decoder: "faces_3889".
Result<Model> load_decoder(const std::filesystem::path &model);
// "faces_3889.onnx", "die_929.pt2", "eval_small.pt2", ...: see models/README.md.
Result<Model> load_shipped_model(std::string_view file_name);

}  // namespace thimble::die
