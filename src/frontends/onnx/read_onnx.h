// ONNX files, as both PyTorch exporters write them: opset 7 to 28, weights inline or beside the
// model.
#pragma once

#include "frontends/file_graph.h"
#include "frontends/read_model.h"

namespace thimble::frontends::onnx {

Result<FileGraph> read_onnx(const std::filesystem::path &path, const ReadOptions &options);

}  // namespace thimble::frontends::onnx
