// What many networks need by each way to share memory: as markdown, as JSON, as a picture.
#pragma once

#include <string>
#include <vector>

#include "plan/packing.h"
#include "report/plot.h"
#include "support/json.h"

namespace thimble::report {

// The share that fits 2 and 4 MiB at 1 and 2 bytes an element, what is saved, and each network.
std::string to_markdown(const std::vector<plan::Packing> &packings);
Json to_json(const std::vector<plan::Packing> &packings);
// How many networks fit into how much memory: a line for each way. At least one packing.
Plot packing_plot(const std::vector<plan::Packing> &packings);

}  // namespace thimble::report
