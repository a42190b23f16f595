// Importers of products with matrices: fully connected layers and matrix products.
#pragma once

#include <vector>

#include "ops/import.h"

namespace thimble::ops {

std::vector<ImportRule> linear_import_rules();

}  // namespace thimble::ops
