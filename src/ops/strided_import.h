// Importers of the foreign operators that AsStrided expresses.
#pragma once

#include <vector>

#include "ops/import.h"

namespace thimble::ops {

std::vector<ImportRule> strided_import_rules();

}  // namespace thimble::ops
