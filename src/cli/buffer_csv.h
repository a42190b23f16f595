// Buffers with lifetimes as a table, for memory planning alone: `id,lower,upper,size`, alive in
// [lower, upper), with a header line; columns in any order, others are ignored.
#pragma once

#include <string>
#include <vector>

#include "plan/place.h"
#include "support/diagnostic.h"

namespace thimble::cli {

struct BufferTable {
  std::vector<std::string> ids;
  plan::PlaceProblem problem;  // objects in the same order
};

// Errors: every line that is malformed.
Result<BufferTable> parse_buffer_csv(const std::string &text, const std::string &file);
}  // namespace thimble::cli
