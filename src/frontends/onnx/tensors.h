// Weights of an ONNX file: inline bytes, typed fields, or a slice of another file beside the model.
#pragma once

#include <filesystem>

#include "frontends/limits.h"
#include "frontends/onnx/messages.h"
#include "ops/foreign.h"

namespace thimble::frontends::onnx {

// TensorProto.DataType -> the neutral type; kOther where Thimble has none.
ops::ForeignType foreign_type_of(int data_type);

// `directory` is the model's: external data must lie within it. Takes its elements from `budget`.
// Errors: an element type without meaning here; sizes that do not match; data missing or elsewhere.
Result<ops::ForeignTensor> read_tensor(const TensorMessage &message,
                                       const std::filesystem::path &directory, Budget &budget);

// The bytes of a tensor whose data are in another file, as raw_data has them. Errors: as above.
Result<std::vector<std::uint8_t>> external_bytes(const TensorMessage &message,
                                                 const std::filesystem::path &directory,
                                                 Budget &budget);

}  // namespace thimble::frontends::onnx
