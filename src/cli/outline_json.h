// A network's outline as JSON: tensors with shapes, operators that read and write them, no weights
// (docs/packing.md has the format).
#pragma once

#include <string>

#include "plan/outline.h"
#include "support/diagnostic.h"

namespace thimble::cli {

// `file`: as the user named it; its stem names the network if the text does not. Errors: everything
// that is malformed, contradicts itself, or is read before it is made (the first 20).
Result<plan::Outline> parse_outline(const std::string &text, const std::string &file);
Result<plan::Outline> read_outline(const std::string &path);

// plan::outlined, its errors with the file's name.
Result<plan::Outlined> outlined_of(const plan::Outline &outline, const std::string &file);

}  // namespace thimble::cli
