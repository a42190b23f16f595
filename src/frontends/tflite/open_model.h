// The door to every TensorFlow Lite file: is it one, and of the schema that is known here?
#pragma once

#include "frontends/tflite/flatbuffer.h"
#include "support/diagnostic.h"

namespace thimble::frontends::tflite {

inline constexpr const char *kReconvert = "convert the model to TensorFlow Lite again";

// An offset that leads outside; what Buffer::broken() means to the user.
Diagnostic damaged();

// The file's Model table, which has a subgraph. Errors: another format, version, no subgraph.
Result<Table> open_model(Buffer &buffer);

}  // namespace thimble::frontends::tflite
