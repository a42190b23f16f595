// What the compiler and the emulator say of a build, for the commands that show it.
#pragma once

#include <optional>
#include <vector>

#include "api/build.h"
#include "report/bench.h"

namespace thimble::cli {

// Of the network linked, but not run: the compiler's bound of the stack, the time by tables.
// Nothing where it cannot be linked; stderr says why.
std::optional<report::Predicted> foretell(const api::Network &network,
                                          const targets::Target &target, const api::Build &build);
// Of one run; where there is no emulator, as `foretell`.
std::optional<report::Predicted> measure(const api::Network &network, const targets::Target &target,
                                         const api::Build &build);

// A few samples of standard normal numbers.
std::vector<api::Sample> made_up_samples(const api::Network &network);

struct Benched {
  report::Bench bench;
  Diagnostics over;  // budgets that what was measured exceeds
};

// The slowest of `inputs` counts. `per_layer`: counted in a second run of the first of them.
// Errors: it cannot be linked or run; its stack is larger than its bound.
Result<Benched> run_bench(const api::Network &network, const targets::Target &target,
                          const api::Build &build, const api::PlanOptions &options,
                          const std::vector<api::Sample> &inputs, bool per_layer);

}  // namespace thimble::cli
