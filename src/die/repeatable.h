// Chance and rotation that give the same bits on every machine: the standard library leaves its
// distributions to each implementation, and the last bit of a sine to each C library.
#pragma once

#include <cmath>
#include <cstdint>

namespace thimble::die {

// SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, 2014).
class Random {
 public:
  // Equal seeds have independent sequences, one a `stream`: a picture's does not depend on how many
  // were drawn before it.
  explicit Random(std::uint64_t seed, std::uint64_t stream = 0)
      : state_(mix(mix(seed + kStep) + stream)) {}

  std::uint64_t next() { return mix(state_ += kStep); }
  // Evenly from [low, high).
  double between(double low, double high) { return low + (high - low) * unit(); }
  // Mean 0, deviation 1, within -6 to 6: a sum of twelve even numbers.
  double normal() {
    double sum = -6;
    for (int i = 0; i < 12; ++i) sum += unit();
    return sum;
  }

 private:
  static constexpr std::uint64_t kStep = 0x9E3779B97F4A7C15;

  static std::uint64_t mix(std::uint64_t z) {
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
    return z ^ (z >> 31);
  }
  double unit() { return static_cast<double>(next() >> 11) * 0x1p-53; }

  std::uint64_t state_;
};

// To a whole multiple of 2^-16: products of two such numbers below 2^10 are exact.
inline double on_grid(double x) { return std::nearbyint(x * 0x1p16) * 0x1p-16; }

// Clockwise as one looks at a picture (rows count downwards).
struct Rotation {
  double cosine = 1, sine = 0;
  static Rotation by(double radians) {
    return {on_grid(std::cos(radians)), on_grid(std::sin(radians))};
  }
};

}  // namespace thimble::die
