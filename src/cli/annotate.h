// What the plan says of each tensor, into a copy of the model's ONNX file.
#pragma once

#include <string>

#include "api/build.h"

namespace thimble::cli {

// The bytes of a copy of `path`, an ONNX file that `network` was read from, in which each tensor
// that has a place in the arena says where, how many bytes and rows, and from which step to which.
Result<std::string> annotated_model(const std::string &path, const api::Network &network,
                                    const api::Build &build, const report::Analysis &analysis);

}  // namespace thimble::cli
