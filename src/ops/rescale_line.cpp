// Lines through staircases (rescale_line.h). A step's two sides say between which integers the
// line's bias lies, for a multiplier; multipliers near the real one are tried until all steps
// agree.
#include "ops/rescale_line.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

namespace thimble::ops {
namespace {

constexpr int kParts = 256;  // of a sum
constexpr int kLow = -128, kHigh = 127;
// Steps << kMostShift << 32 fit 64 bits.
constexpr int kMostShift = 20;
constexpr int kMostAway = 1 << 13;  // of the multipliers that are tried

// The line is at least `value` at `sum`, or below it.
struct Side {
  std::int64_t sum;
  int value;
  bool reached;
};

// The least sum in (from, hi] that stands for `value` or more; there is one.
std::int32_t step_to(const Staircase &stairs, int value, double slope, std::int64_t from) {
  const double middle =
      std::clamp((value - stairs.out_zero - 0.5) / std::max(slope, 1e-12) - stairs.bias,
                 double(stairs.lo), double(stairs.hi));
  std::int64_t below = from, above = stairs.hi;
  for (const std::int64_t guess : {std::llround(middle) - 3, std::llround(middle) + 3}) {
    if (guess <= below || guess >= above) continue;
    (stairs(static_cast<std::int32_t>(guess)) < value ? below : above) = guess;
  }
  while (above - below > 1) {
    const std::int64_t half = below + (above - below) / 2;
    (stairs(static_cast<std::int32_t>(half)) < value ? below : above) = half;
  }
  return static_cast<std::int32_t>(above);
}

std::vector<Side> sides_of(const Staircase &stairs) {
  std::vector<Side> sides;
  const double slope = real_of(stairs.multiplier, stairs.requant);
  const int first = stairs(stairs.lo), last = stairs(stairs.hi);
  if (first > kLow) sides.push_back({stairs.lo, first, true});
  std::int64_t from = stairs.lo;
  for (int value = first + 1; value <= last; ++value) {
    const std::int32_t step = step_to(stairs, value, slope, from);
    sides.push_back({step, value, true});
    sides.push_back({std::int64_t{step} - 1, value, false});
    from = std::int64_t{step} - 1;
  }
  if (last < kHigh) sides.push_back({stairs.hi, last + 1, false});
  return sides;
}

std::int64_t ceil_of(std::int64_t a, std::int64_t b) { return a / b + (a % b > 0 ? 1 : 0); }

// The biases with which a line of this multiplier keeps to all sides; the middle one, if any.
std::optional<std::int32_t> bias_for(const std::vector<Side> &sides, std::int64_t multiplier,
                                     const RescaleLine &line) {
  std::int64_t least = std::numeric_limits<std::int32_t>::min();
  std::int64_t most = std::numeric_limits<std::int32_t>::max();
  for (const Side &side : sides) {
    const std::int64_t level = (std::int64_t{side.value} << line.shift) - line.offset;
    const std::int64_t from = ceil_of(level * (std::int64_t{1} << 32), multiplier);
    if (side.reached)
      least = std::max(least, from - kParts * side.sum);
    else
      most = std::min(most, from - 1 - kParts * side.sum);
    if (least > most) return {};
  }
  return static_cast<std::int32_t>(least + (most - least) / 2);
}

// Nothing on the way is wider than 32 bits.
bool fits(const Staircase &stairs, std::int64_t multiplier, std::int64_t bias,
          const RescaleLine &line) {
  for (const std::int64_t sum : {stairs.lo, stairs.hi}) {
    const std::int64_t factor = kParts * sum + bias;
    if (!is_int32(kParts * sum) || !is_int32(factor) ||
        !is_int32((factor * multiplier >> 32) + line.offset))
      return false;
  }
  return true;
}

bool add_channel_at(RescaleLine &line, const Staircase &stairs, const std::vector<Side> &sides,
                    std::int64_t multiplier) {
  if (multiplier < 1 || multiplier > std::numeric_limits<std::int32_t>::max()) return false;
  const auto bias = bias_for(sides, multiplier, line);
  if (!bias || !fits(stairs, multiplier, *bias, line)) return false;
  line.multipliers.push_back(static_cast<std::int32_t>(multiplier));
  line.biases.push_back(*bias);
  return true;
}

// Tries multipliers on either side of `middle`, the nearest first; those farther away are like
// their neighbours.
bool add_channel_near(RescaleLine &line, const Staircase &stairs, const std::vector<Side> &sides,
                      std::int64_t middle) {
  for (int away = 0; away < kMostAway; away += 1 + away / 16)
    if (add_channel_at(line, stairs, sides, middle + away) ||
        add_channel_at(line, stairs, sides, middle - away))
      return true;
  return false;
}

// Through a step or none run many lines: for a channel that does next to nothing a steep one will
// do.
bool add_channel(RescaleLine &line, const Staircase &stairs) {
  const std::vector<Side> sides = sides_of(stairs);
  const std::int64_t real = std::llround(
      std::ldexp(real_of(stairs.multiplier, stairs.requant), 32 + line.shift) / kParts);
  if (add_channel_near(line, stairs, sides, real)) return true;
  if (sides.size() > 4) return false;
  for (std::int64_t steep = real + kMostAway; steep <= INT32_MAX; steep *= 2)
    if (add_channel_near(line, stairs, sides, steep)) return true;
  return false;
}

// The largest shift with which all multipliers fit 31 bits.
int shift_for(const std::vector<Staircase> &channels) {
  double most = 0;
  for (const Staircase &stairs : channels)
    most = std::max(most, real_of(stairs.multiplier, stairs.requant));
  int shift = kMostShift;
  while (shift >= 0 && std::ldexp(most, 32 + shift) / kParts > double(INT32_MAX) - kMostAway)
    --shift;
  return shift;
}

std::optional<RescaleLine> line_of(const std::vector<Staircase> &channels, int shift,
                                   bool has_offset) {
  if (shift < 1) return {};
  RescaleLine line;
  line.shift = shift;
  if (has_offset) line.offset = (2 * channels.front().out_zero + 1) * (1 << (shift - 1));
  for (const Staircase &stairs : channels)
    if (!add_channel(line, stairs)) return {};
  return line;
}

}  // namespace

int Staircase::operator()(std::int32_t sum) const {
  const std::int64_t value = std::int64_t{requantize(sum + bias, multiplier, requant)} + out_zero;
  return static_cast<int>(std::clamp<std::int64_t>(value, kLow, kHigh));
}

int RescaleLine::operator()(int channel, std::int32_t sum) const {
  const std::int64_t factor = std::int64_t{kParts} * sum + biases[channel];
  const std::int64_t value = ((factor * multipliers[channel] >> 32) + offset) >> shift;
  return static_cast<int>(std::clamp<std::int64_t>(value, kLow, kHigh));
}

std::optional<RescaleLine> line_through(const std::vector<Staircase> &channels, bool has_offset) {
  if (channels.empty()) return {};
  const int most = shift_for(channels);
  for (const int shift : {std::min(kUsualShift, most), most})
    if (auto line = line_of(channels, shift, has_offset)) return line;
  return {};
}

}  // namespace thimble::ops
