// Runs that failed, in words: each with the end of its log, all of them at once.
#pragma once

#include <vector>

#include "support/diagnostic.h"
#include "sweep/engine.h"

namespace thimble::sweep {

Diagnostics to_diagnostics(const std::vector<Failure> &failures);

}  // namespace thimble::sweep
