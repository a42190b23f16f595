// From a trained network's file to neutral words: the front door of this room.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>

#include "ops/foreign.h"
#include "support/diagnostic.h"

namespace thimble::frontends {

struct ReadOptions {
  // Sizes of symbolic dimensions by the file's names for them (`--dim NAME=N`). Those that stand at
  // axis 0 of an input need none: the batch is 1.
  std::map<std::string, std::int64_t> dims;
};

// Reads `.onnx`, `.pt2` or `.tflite`, by the ending. The graph is topologically sorted, its
// constant expressions are folded, its symbolic dimensions bound, and nothing in it is unused.
// Errors: an unknown ending; a file that is missing, broken or too large; a symbolic dimension
// without a size; a network exported in training mode. Operators are not judged here:
// ops::import_graph does.
Result<ops::ForeignGraph> read_model(const std::filesystem::path &path,
                                     const ReadOptions &options = {});

}  // namespace thimble::frontends
