// By its ending a file goes to its reader; then constants are folded. Diagnostics learn here which
// file they are about.
#include "frontends/read_model.h"

#include <fmt/format.h>

#include "frontends/fold_constants.h"
#include "frontends/onnx/read_onnx.h"
#include "frontends/pt2/read_pt2.h"
#include "frontends/tflite/read_tflite.h"

namespace thimble::frontends {
namespace {

Result<FileGraph> read_file_graph(const std::filesystem::path &path, const ReadOptions &options) {
  const std::string ending = path.extension().string();
  if (ending == ".onnx") return onnx::read_onnx(path, options);
  if (ending == ".pt2") return pt2::read_pt2(path, options);
  if (ending == ".tflite") return tflite::read_tflite(path, options);
  return model_error(fmt::format("'{}' is not an ending of a model", ending), {},
                     "Thimble reads .pt2, .onnx, .tflite and .thm");
}

Result<ops::ForeignGraph> read_and_fold(const std::filesystem::path &path,
                                        const ReadOptions &options) {
  TRY(FileGraph file, read_file_graph(path, options));
  return fold_constants(std::move(file));
}

}  // namespace

Result<ops::ForeignGraph> read_model(const std::filesystem::path &path,
                                     const ReadOptions &options) {
  auto graph = read_and_fold(path, options);
  if (graph) {
    graph->file = path.string();
    graph->name = path.stem().string();
    return graph;
  }
  Diagnostics errors = graph.diagnostics();
  for (Diagnostic &error : errors) error.file = path.string();
  return errors;
}

}  // namespace thimble::frontends
