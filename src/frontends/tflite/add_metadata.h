// A copy of a TensorFlow Lite file with an entry of metadata more.
#pragma once

#include <string_view>

#include "frontends/tflite/flatbuffer.h"
#include "support/diagnostic.h"
#include "support/files.h"

namespace thimble::frontends::tflite {

// An entry of the same name is replaced; everything else stays, byte for byte, in what the file
// says. Errors: those of open_model; a damaged file; weights behind the flatbuffer (their places
// would be others); a newer schema.
Result<Bytes> add_metadata(View file, std::string_view name, View data);

}  // namespace thimble::frontends::tflite
