// Time on a simulated CH32V003, in whole numbers whatever its clock: half cycles of 48 MHz.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <utility>

namespace thimble::emulate::ch32v003 {

using Ticks = std::uint64_t;
inline constexpr Ticks kTicksPerSecond = 96'000'000;
inline constexpr Ticks kNever = std::numeric_limits<Ticks>::max();

// What the units of a chip share: when it is, how fast the clock of its buses is, and the first
// thing the program did that the chip does not have, or would not take well.
struct Moment {
  Ticks now = 0;
  Ticks cycle = 12;  // of HCLK, which all units but the oscillators count; 8 MHz after reset
  std::string problem;
  void report(std::string text) {
    if (problem.empty()) problem = std::move(text);
  }
};

}  // namespace thimble::emulate::ch32v003
