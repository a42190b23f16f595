// A power law through points: the straight line of least squares in log-log.
#pragma once

#include <optional>
#include <span>

namespace thimble::sweep {

struct Sample {
  double x = 1, y = 1;  // above 0
};

// log10 y = intercept + slope * log10 x
struct PowerLaw {
  double intercept = 0, slope = 0;
  double slope_error = 0;  // standard error of the slope
  double at(double x) const;
};

// Nothing for fewer than three points (there would be no error to know), or all at one x.
std::optional<PowerLaw> fit_line(std::span<const Sample> samples);

}  // namespace thimble::sweep
