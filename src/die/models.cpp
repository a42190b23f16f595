// Frontends read files, so a shipped network is put into a temporary one.
#include "die/models.h"

#include <cstdint>
#include <span>

#include "frontends/read_model.h"
#include "ops/import.h"
#include "passes/pipeline.h"
#include "support/check.h"
#include "support/files.h"

namespace thimble::die {

std::span<const std::uint8_t> embedded_model(
    std::string_view file_name);  // generated, see room.cmake

Result<Model> load_model(const std::filesystem::path &path) {
  TRY(const Bytes bytes, read_file(path));
  TRY(const ops::ForeignGraph foreign, frontends::read_model(path));
  TRY(ir::Graph imported, ops::import_graph(foreign));
  TRY(ir::Graph graph, passes::run_pipeline(std::move(imported)));
  return Model{path.stem().string(), sha256_hex(bytes.data(), bytes.size()), std::move(graph)};
}

Result<Model> load_decoder(const std::filesystem::path &model) {
  for (const char *ending : {".onnx", ".pt2"}) {
    const std::string shipped = model.string() + ending;
    if (!std::filesystem::exists(model) && !embedded_model(shipped).empty())
      return load_shipped_model(shipped);
  }
  return load_model(model);
}

Result<Model> load_shipped_model(std::string_view file_name) {
  const std::span<const std::uint8_t> bytes = embedded_model(file_name);
  CHECK(!bytes.empty(), "no shipped model is named " + std::string(file_name));
  const TemporaryDirectory directory;
  const std::filesystem::path path = directory.path() / file_name;
  TRY([[maybe_unused]] const Unit written, write_file(path, Bytes(bytes.begin(), bytes.end())));
  return load_model(path);
}

}  // namespace thimble::die
