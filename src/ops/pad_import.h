// Importers of the foreign operators that become Pad.
#pragma once

#include <vector>

#include "ops/import.h"

namespace thimble::ops {

std::vector<ImportRule> pad_import_rules();

}  // namespace thimble::ops
