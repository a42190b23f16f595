// The textbook's sums, about the means so that little is lost.
#include "sweep/fit_line.h"

#include <cmath>

namespace thimble::sweep {

double PowerLaw::at(double x) const { return std::pow(10, intercept + slope * std::log10(x)); }

std::optional<PowerLaw> fit_line(std::span<const Sample> samples) {
  const auto count = static_cast<double>(samples.size());
  if (samples.size() < 3) return std::nullopt;
  double mean_x = 0, mean_y = 0;
  for (const Sample &sample : samples) {
    mean_x += std::log10(sample.x) / count;
    mean_y += std::log10(sample.y) / count;
  }
  double xx = 0, xy = 0, yy = 0;
  for (const Sample &sample : samples) {
    const double x = std::log10(sample.x) - mean_x, y = std::log10(sample.y) - mean_y;
    xx += x * x;
    xy += x * y;
    yy += y * y;
  }
  if (xx < 1e-12) return std::nullopt;
  const double slope = xy / xx;
  const double residual = std::max(0.0, yy - slope * xy);
  return PowerLaw{mean_y - slope * mean_x, slope, std::sqrt(residual / (count - 2) / xx)};
}

}  // namespace thimble::sweep
