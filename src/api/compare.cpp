// Sums over tensors, in double precision.
#include "api/compare.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include "ops/evaluate.h"
#include "support/check.h"

namespace thimble::api {

Errors errors_of(const std::vector<Sample> &reference, const std::vector<Sample> &other) {
  CHECK(reference.size() == other.size(), "compared runs have equally many samples");
  double least = std::numeric_limits<double>::infinity(), most = -least, sum = 0, worst = 0;
  std::int64_t count = 0;
  for (std::size_t s = 0; s < reference.size(); ++s) {
    for (std::size_t i = 0; i < reference[s].size(); ++i) {
      const std::vector<float> a = ops::to_real(reference[s][i]), b = ops::to_real(other[s][i]);
      for (std::size_t e = 0; e < a.size(); ++e) {
        const double error = std::abs(double{a[e]} - double{b[e]});
        least = std::min(least, double{a[e]});
        most = std::max(most, double{a[e]});
        // Not a number on one side only is the largest error there is.
        worst =
            std::isnan(error) ? std::numeric_limits<double>::infinity() : std::max(worst, error);
        sum += error;
        ++count;
      }
    }
  }
  Errors errors;
  errors.range = count ? most - least : 0;
  const double unit = errors.range > 0 ? errors.range : 1;
  errors.max = worst / unit;
  errors.mean = count ? sum / static_cast<double>(count) / unit : 0;
  return errors;
}

bool equal_bits(const ops::Tensor &a, const ops::Tensor &b) {
  if (a.type.dtype != b.type.dtype || a.i8 != b.i8 || a.f32.size() != b.f32.size()) return false;
  return a.f32.empty() ||
         std::memcmp(a.f32.data(), b.f32.data(), a.f32.size() * sizeof(float)) == 0;
}

std::optional<std::size_t> first_unequal_sample(const std::vector<Sample> &a,
                                                const std::vector<Sample> &b) {
  CHECK(a.size() == b.size(), "compared runs have equally many samples");
  for (std::size_t s = 0; s < a.size(); ++s) {
    if (!std::equal(a[s].begin(), a[s].end(), b[s].begin(), b[s].end(), equal_bits)) return s;
  }
  return std::nullopt;
}

double accuracy(const std::vector<Sample> &outputs, const std::vector<std::int64_t> &labels) {
  std::size_t right = 0;
  for (std::size_t s = 0; s < outputs.size(); ++s) {
    const std::vector<float> scores = ops::to_real(outputs[s].front());
    const auto best = std::max_element(scores.begin(), scores.end()) - scores.begin();
    right += best == labels[s];
  }
  return static_cast<double>(right) / static_cast<double>(outputs.size());
}

}  // namespace thimble::api
