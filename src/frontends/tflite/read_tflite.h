// TensorFlow Lite files: float models, and int8 ones as its converter writes them.
#pragma once

#include "frontends/file_graph.h"
#include "frontends/read_model.h"

namespace thimble::frontends::tflite {

Result<FileGraph> read_tflite(const std::filesystem::path &path, const ReadOptions &options);

}  // namespace thimble::frontends::tflite
