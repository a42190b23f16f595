// A small sound float network that a string of bytes decides on: every byte is a choice, a string
// that ends early chooses the first of everything. What the passes rewrite is common in it.
#pragma once

#include <cstdint>
#include <span>

#include "ir/graph.h"

namespace thimble::fuzz {

class Choices {
 public:
  explicit Choices(std::span<const std::uint8_t> bytes) : left_(bytes) {}
  int draw(int low, int high);  // both included
  std::span<const std::uint8_t> left() const { return left_; }

 private:
  std::span<const std::uint8_t> left_;
};

// One to ten layers, types inferred, weights of both signs that keep values near 1.
ir::Graph random_graph(Choices &choices);

}  // namespace thimble::fuzz
