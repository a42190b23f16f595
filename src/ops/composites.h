// Foreign operators that no operator is named after: their importers build them of several. A
// family's file, and a line in composites.cpp.
#pragma once

#include <vector>

#include "ops/import.h"

namespace thimble::ops {

std::vector<ImportRule> composite_rules();
// Imports a node that an importer has made up, through the table.
void import_as(Builder &builder, const ForeignNode &node);

std::vector<ImportRule> normalize_import_rules();  // normalize_import.cpp
std::vector<ImportRule> loss_import_rules();       // loss_import.cpp
std::vector<ImportRule> attention_import_rules();  // attention_import.cpp

}  // namespace thimble::ops
