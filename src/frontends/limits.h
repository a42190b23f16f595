// How much a file may ask for. A forged size must not make Thimble allocate more than about a
// gigabyte or compute for minutes; no network for a microcontroller comes near these.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "support/diagnostic.h"

namespace thimble::frontends {

using Dims = std::vector<std::int64_t>;

inline constexpr std::uint64_t kMaxFileBytes = 1ull << 28;  // of the model file itself
inline constexpr std::int64_t kMaxElements = 1ll << 26;     // of all constants together
inline constexpr std::int64_t kMaxFoldedElements = 1ll
                                                   << 27;  // read and written by constant folding
inline constexpr std::size_t kMaxNodes = 1u << 17;
inline constexpr std::int64_t kMaxItems = 1ll << 20;  // inputs, outputs, attributes of all nodes
inline constexpr std::size_t kMaxRank = 16;
inline constexpr std::int64_t kMaxDim = 1ll << 31;  // also of a product of dimensions

// Product of `dims`, or -1 when one is negative, there are too many, or the product exceeds
// kMaxDim.
std::int64_t element_count(const Dims &dims);

// Counts down from a limit on elements; each taker asks before it allocates.
class Budget {
 public:
  explicit Budget(std::int64_t elements) : left_(elements) {}
  // False, and nothing taken, when fewer than `elements` (>= 0) are left.
  bool take(std::int64_t elements);

 private:
  std::int64_t left_;
};

std::string to_string(const Dims &dims);  // "[1, 3, 32, 32]"

}  // namespace thimble::frontends
