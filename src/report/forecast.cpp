// Sums of products (forecast.h).
#include "report/forecast.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <string_view>

namespace thimble::report {
namespace {

constexpr std::string_view kPerTensor = "_tensor", kShared = "_shared",
                           kNarrow = "_narrow";  // codegen/work.h

// Kernels with shorter tables have the same loops (codegen/kernel_text.h).
std::string as_measured(std::string kernel) {
  const std::size_t at = kernel.find(kPerTensor);
  if (at != std::string::npos) kernel.erase(at, kPerTensor.size());
  return kernel;
}

// With sizes told or baked: where only the other was measured, that.
std::string other_way(const std::string &kernel) {
  return kernel.ends_with(kShared) ? kernel.substr(0, kernel.size() - kShared.size())
                                   : kernel + std::string(kShared);
}

// Where windows of one column were not measured by themselves, as all.
std::string of_any_window(std::string kernel) {
  const std::size_t at = kernel.find(kNarrow);
  if (at != std::string::npos) kernel.erase(at, kNarrow.size());
  return kernel;
}

double time_of(const codegen::Work &work, const targets::KernelTime &factors) {
  const std::int64_t done[] = {work.runs, work.pixels,  work.outputs, work.windows, work.reads,
                               work.macs, work.weights, work.vectors, work.borders, work.starts};
  static_assert(std::size(done) == std::tuple_size_v<targets::KernelTime>);
  double time = 0;
  for (std::size_t i = 0; i < factors.size(); ++i)
    time += factors[i] * static_cast<double>(done[i]);
  return time;
}

}  // namespace

Forecast forecast(const std::vector<std::vector<codegen::Work>> &work,
                  const targets::KernelTimes &times) {
  double sum = 0;
  std::set<std::string> unknown;
  for (const auto &group : work) {
    for (const codegen::Work &one : group) {
      const std::string kernel = as_measured(one.kernel);
      auto time = times.find(kernel);
      if (time == times.end()) time = times.find(other_way(kernel));
      if (time == times.end()) time = times.find(of_any_window(kernel));
      if (time == times.end()) time = times.find(other_way(of_any_window(kernel)));
      if (time == times.end())
        unknown.insert(one.kernel);
      else
        sum += time_of(one, time->second);
    }
  }
  return {std::llround(sum), {unknown.begin(), unknown.end()}};
}

}  // namespace thimble::report
