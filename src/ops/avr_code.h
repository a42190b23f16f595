// Weights as instructions of AVRs that multiply (code _c8, offset_weights.h). With u = a + 128 of
// an int8 input a, up to eight sums of 24 bits take every register but those that point: X at the
// inputs, or at the outputs; what a caller sets besides are a register of 0 and the taps left.
#pragma once

#include <cstdint>
#include <vector>

#include "ops/quantized.h"

namespace thimble::ops {

constexpr int kMostInRegisters = 8;  // sums
constexpr int kProductWords = 5;     // instructions
// The most products that an input value can have: a branch goes past them.
constexpr int kMostProducts = 63 / kProductWords;

// Of one input value.
struct Product {
  int sum;
  std::int64_t weight;
};

// One output's entry of the table `ends` (offset_weights.h). With a `limit`, sums from it on, as
// all results of 512 and more, give the greatest output and are not multiplied: of outputs that are
// cut at the zero point.
struct End {
  std::int64_t start = 0, factor = 0, shift = 0;
  std::int64_t limit = 0;
};
// A limit is a multiple of this.
constexpr int kLimitStep = 256;

// A tap: of each value that it reads the products. It goes on to the next one if taps are left.
void append_tap(std::vector<std::int64_t> &words, const std::vector<std::vector<Product>> &values);

// What every sum starts from, in so many words.
constexpr int start_words(int sums) { return 6 * sums + 1; }
std::vector<std::int64_t> start_instructions(const std::vector<End> &ends);

// Outputs of the sums, to where X points.
std::vector<std::int64_t> end_instructions(const std::vector<End> &ends, const Requantizer &finish);

}  // namespace thimble::ops
