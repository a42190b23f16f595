// `thimble plan FOLDER`: what every graph in it needs, by each way to share memory.
#pragma once

#include <string>

#include "support/diagnostic.h"

namespace thimble::cli {

// Prints the table; with `output` writes packing.md, packing.json and packing.svg there, too.
// Errors: files that are no graphs, all of them.
Status compare_packings(const std::string &folder, double time_limit, const std::string &output,
                        bool as_json);

}  // namespace thimble::cli
