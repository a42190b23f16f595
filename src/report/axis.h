// An axis of a plot: where it begins and ends, and the ticks that a person would choose.
#pragma once

#include <string>
#include <vector>

namespace thimble::report {

enum class Scale { kLinear, kLog };

struct Tick {
  double value = 0;
  std::string label;  // empty: a line of the grid without a number
};

struct Range {
  double low = 0, high = 1;
  Scale scale = Scale::kLinear;
  double place(double value) const;  // 0 at `low`, 1 at `high`
};

// The least round range around all values (above 0 for kLog; at least one).
Range round_range(const std::vector<double> &values, Scale scale);

// Ascending, all within the range: 1, 2 or 5 times powers of ten; logarithmic ones at every digit,
// with numbers where they do not crowd.
std::vector<Tick> ticks(const Range &range);

// 0.005, 2.5, 1,000: as few digits as tell it from its neighbours `step` away.
std::string tick_label(double value, double step);

}  // namespace thimble::report
