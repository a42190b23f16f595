// What is looked at before anything of a TensorFlow Lite file is believed.
#include "frontends/tflite/open_model.h"

#include <fmt/format.h>

#include <algorithm>

#include "frontends/tflite/schema.h"

namespace thimble::frontends::tflite {
namespace {

bool is_tflite(View file) {
  return file.size() >= 8 && std::equal(kIdentifier.begin(), kIdentifier.end(), file.begin() + 4);
}

Diagnostics check_model(const Table &model) {
  if (const auto version = model.scalar<std::uint32_t>(Model::kVersion, 0);
      version != kSchemaVersion)
    return {model_error(fmt::format("schema version {} is not supported", version),
                        fmt::format("Thimble reads version {}", kSchemaVersion), kReconvert)};
  if (model.tables(Model::kSubgraphs).size() == 0)
    return {model_error("the file holds no network")};
  return {};
}

}  // namespace

Diagnostic damaged() {
  return model_error("the file is damaged", "an offset in it leads outside", kReconvert);
}

Result<Table> open_model(Buffer &buffer) {
  if (!is_tflite(buffer.file()))
    return model_error("this is not a TensorFlow Lite file", "bytes 4 to 7 are not 'TFL3'");
  const Table model = root(buffer);
  const Diagnostics errors = check_model(model);
  if (errors.empty()) return model;
  return buffer.broken() ? Diagnostics{damaged()} : errors;
}

}  // namespace thimble::frontends::tflite
