// The built-in table of times (times.h).
#include "targets/times.h"

#include <toml++/toml.h>

#include <string_view>

#include "support/check.h"

namespace thimble::targets {

std::string_view embedded_targets(std::string_view file_name);  // generated

namespace {

KernelTime time_of(const toml::array &factors) {
  KernelTime time{};
  CHECK(factors.size() <= time.size(),
        "a kernel's time in times.toml has at most one factor a quantity");
  for (std::size_t i = 0; i < factors.size(); ++i) time[i] = factors[i].value_or(0.0);
  return time;
}

}  // namespace

KernelTimes kernel_times(const Target &target, Requant requant) {
  static const toml::table kAll = toml::parse(embedded_targets("times.toml"));
  const toml::table *kernels = kAll[target.name][target.level.name][to_string(requant)].as_table();
  KernelTimes times;
  if (!kernels) return times;
  for (const auto &[name, factors] : *kernels)
    if (factors.is_array()) times[std::string(name.str())] = time_of(*factors.as_array());
  return times;
}

}  // namespace thimble::targets
