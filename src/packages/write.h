// A package into a folder.
#pragma once

#include <filesystem>
#include <vector>

#include "packages/package.h"

namespace thimble::packages {

// Each file is written beside its place and renamed into it; other files of the folder stay.
// Errors, before anything is written: a file where a folder should be, or the other way round.
Status write(const std::filesystem::path &folder, const std::vector<File> &files);

}  // namespace thimble::packages
