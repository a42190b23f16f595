// Importers of the foreign operators that become ResizeNearest or Resample.
#pragma once

#include <vector>

#include "ops/import.h"

namespace thimble::ops {

std::vector<ImportRule> resize_import_rules();

}  // namespace thimble::ops
