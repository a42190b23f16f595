// Whether counts are those of even chances.
#pragma once

#include <cmath>
#include <numeric>
#include <vector>

namespace thimble::die {

inline double chi_square(const std::vector<int> &counts) {
  const double expected = std::accumulate(counts.begin(), counts.end(), 0.0) / counts.size();
  double sum = 0;
  for (const int count : counts) sum += (count - expected) * (count - expected) / expected;
  return sum;
}

// What even chances exceed once in a hundred times: Wilson and Hilferty's approximation (1931),
// within 0.1 of the tables (15.09 for five degrees of freedom).
inline double chi_square_limit_1_percent(int degrees) {
  const double part = 2.0 / (9.0 * degrees);
  return degrees * std::pow(1 - part + 2.3263 * std::sqrt(part), 3);
}

}  // namespace thimble::die
