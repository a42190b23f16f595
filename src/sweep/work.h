// From the list of runs to the jobs that are left to do, each with its directory.
#pragma once

#include <filesystem>
#include <vector>

#include "support/diagnostic.h"
#include "sweep/sweep.h"

namespace thimble::sweep {

// Those without a result, the longest first, so that the last processors do not wait for one.
// Writes each run's config.json. Errors: as run_sweep's about the directory.
Result<std::vector<Job>> prepare_jobs(const Options &options,
                                      const std::filesystem::path &directory);

// About how long an epoch of it takes, in multiplications.
double work_of(const Config &config);

}  // namespace thimble::sweep
