// What kernels take on chips, as bench/times measures it (times.toml).
#pragma once

#include <array>
#include <cstddef>
#include <map>
#include <string>

#include "targets/target.h"

namespace thimble::targets {

// What one of each of these takes, in Target::count_unit.
enum class Quantity {
  kRuns,
  kPixels,
  kOutputs,
  kWindows,
  kReads,
  kMacs,
  kWeights,
  kVectors,
  kBorders,
  kStarts,
  kCount
};
using KernelTime = std::array<double, static_cast<std::size_t>(Quantity::kCount)>;
using KernelTimes = std::map<std::string, KernelTime>;  // by a kernel's name as printed

// Of a chip at its level. Empty: not measured.
KernelTimes kernel_times(const Target &target, Requant requant);

}  // namespace thimble::targets
