// Samples of the best network for each budget of RAM, side by side: a line a face, a column a
// latent.
#pragma once

#include <filesystem>
#include <vector>

#include "support/diagnostic.h"
#include "sweep/pictures.h"

namespace thimble::sweep {

// Errors: a decoder that cannot be read, a file that cannot be written.
Status write_contact_sheet(const std::vector<Budget> &budgets, const std::filesystem::path &path);

}  // namespace thimble::sweep
