// The time of one inference before it has run anywhere: what each kernel does (codegen/work.h), at
// what that takes on the chip (targets/times.h).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "codegen/work.h"
#include "targets/times.h"

namespace thimble::report {

struct Forecast {
  std::int64_t count = 0;            // in Target::count_unit
  std::vector<std::string> unknown;  // kernels whose times were not measured: left out
};

// `work`: by group (codegen::Emitted).
Forecast forecast(const std::vector<std::vector<codegen::Work>> &work,
                  const targets::KernelTimes &times);

}  // namespace thimble::report
