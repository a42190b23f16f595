// What `thimble shrink` says of its steps, as it leaves it beside its output: SMALL.onnx has
// SMALL.steps.json. The same object that `shrink --json` prints.
#pragma once

#include <filesystem>

#include "support/diagnostic.h"
#include "support/json.h"

namespace thimble::report {

std::filesystem::path shrink_steps_path(const std::filesystem::path &model);

// The file, known to have: `labelled`, and `steps`, a list of objects with `step` (a name), numbers
// `accuracy` and `distance`, and counts `weight_bytes`, `constant_bytes`, `arena_bytes`, `macs`;
// perhaps `test_accuracy`, `flash_total`, `ram_total`. Errors: unreadable, no JSON, any other form.
Result<Json> read_shrink_steps(const std::filesystem::path &path);

}  // namespace thimble::report
