// Steps of 1, 2 and 5 times a power of ten; ranges end on them.
#include "report/axis.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "report/numbers.h"
#include "support/check.h"

namespace thimble::report {
namespace {

constexpr int kTicks = 6;  // about as many numbers as an axis bears
constexpr double kSlack = 1e-9;

// To 1, 2 or 5 times a power of ten: steps, and where a logarithmic axis may begin and end.
double round_down(double value) {
  const double power = std::pow(10, std::floor(std::log10(value) + kSlack));
  for (double digit : {5, 2}) {
    if (digit * power <= value * (1 + kSlack)) return digit * power;
  }
  return power;
}

double round_up(double value) {
  const double power = std::pow(10, std::floor(std::log10(value) + kSlack));
  for (double digit : {1, 2, 5}) {
    if (digit * power >= value * (1 - kSlack)) return digit * power;
  }
  return 10 * power;
}

double linear_step(double low, double high) { return round_up((high - low) / kTicks); }

std::vector<Tick> linear_ticks(const Range &range) {
  const double step = linear_step(range.low, range.high);
  std::vector<Tick> list;
  const auto first = static_cast<long>(std::ceil(range.low / step - kSlack));
  const auto last = static_cast<long>(std::floor(range.high / step + kSlack));
  for (long i = first; i <= last; ++i) {
    list.push_back(
        {static_cast<double>(i) * step, tick_label(static_cast<double>(i) * step, step)});
  }
  return list;
}

bool has_number(int digit, double decades) {
  if (digit == 1) return true;
  return decades <= 3.2 && (digit == 2 || digit == 5);
}

std::vector<Tick> log_ticks(const Range &range) {
  const double decades = std::log10(range.high / range.low);
  std::vector<Tick> list;
  for (int exponent = static_cast<int>(std::floor(std::log10(range.low) + kSlack));
       std::pow(10, exponent) <= range.high * (1 + kSlack); ++exponent) {
    for (int digit = 1; digit <= 9; ++digit) {
      const double value = digit * std::pow(10, exponent);
      if (value < range.low * (1 - kSlack) || value > range.high * (1 + kSlack)) continue;
      list.push_back({value, has_number(digit, decades) ? tick_label(value, value) : ""});
    }
  }
  return list;
}

}  // namespace

double Range::place(double value) const {
  if (scale == Scale::kLinear) return (value - low) / (high - low);
  return std::log10(value / low) / std::log10(high / low);
}

Range round_range(const std::vector<double> &values, Scale scale) {
  CHECK(!values.empty(), "a range is around values");
  const auto [least, most] = std::minmax_element(values.begin(), values.end());
  double low = *least, high = *most;
  if (scale == Scale::kLog) {
    CHECK(low > 0, "a logarithm is of what is above 0");
    low = round_down(low);
    return {low, std::max(round_up(high), 2 * low), scale};
  }
  if (low == high) high = low + std::max(1.0, std::abs(low));
  const double step = linear_step(low, high);
  return {std::floor(low / step + kSlack) * step, std::ceil(high / step - kSlack) * step, scale};
}

std::vector<Tick> ticks(const Range &range) {
  return range.scale == Scale::kLinear ? linear_ticks(range) : log_ticks(range);
}

std::string tick_label(double value, double step) {
  const int decimals = std::clamp(static_cast<int>(-std::floor(std::log10(step) + kSlack)), 0, 12);
  if (decimals == 0) return grouped(std::llround(value));
  return fmt::format("{:.{}f}", std::abs(value) < kSlack * step ? 0.0 : value, decimals);
}

}  // namespace thimble::report
