// What every mutation draws from.
#pragma once

#include <cstdint>
#include <iterator>
#include <random>

namespace thimble::fuzz {

using Random = std::mt19937_64;

// 0 to limit - 1; 0 for an empty range.
inline std::size_t below(std::size_t limit, Random &random) {
  return limit == 0 ? 0 : random() % limit;
}

// Sizes, offsets and counts that code is least ready for.
inline std::uint64_t forged_integer(Random &random) {
  static constexpr std::uint64_t kExtremes[] = {
      0,          1,          2,         16,         127,         255,         0x7fff,
      0xffff,     0x7fffffff, 1u << 31,  0xffffffff, 1ull << 32,  1ull << 40,  1ull << 62,
      ~0ull >> 1, 1ull << 63, ~0ull - 1, ~0ull,      ~0ull << 20, ~0ull << 31, 0x4000000ull};
  const std::uint64_t value = kExtremes[below(std::size(kExtremes), random)];
  return below(3, random) == 0 ? value + below(16, random) : value;
}

}  // namespace thimble::fuzz
