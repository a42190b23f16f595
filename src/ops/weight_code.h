// Codes for int8 weights that take few values, or are mostly zero: which of them can hold a
// constant, in how many bytes, and the packing itself. The kernels that read a code have its
// ending ("conv2d_w4"); nothing else knows codes.
//
// Packed: a byte holds, for one input element, the weights of neighbouring outputs (lanes) as
// levels: weight = low + step * level, one low and step a constant.
//   _w4, _w2, _w1  2, 4, 8 lanes of 4, 2, 1 bits, the first one lowest
//   _wt            5 lanes of three levels: as digits to the base of 3 the levels of the lanes, the
//                  first one highest, are a number v below 243; the byte is v * 256 / 243, rounded
//                  up
// Planes: levels of one output for 16 neighbouring inputs, bit by bit.
//   _p4, _p2, _p1  4, 2, 1 times 16 bits, the highest bits of the levels first; in each the first
//                  input lowest
// Sparse: the weights in the order in which the kernel meets them, without the zeros.
//   _z8  two bytes a weight: it, and how many zeros follow
//   _z4  one byte: weight / step + 8 in the low bits, 0 to 15 zeros in the high ones
//   _m8  of 8 weights each a byte of bits, the first one lowest, set where they are not zero; then
//        these
//   _m4  the same; these as weight / step + 8, two a byte, the first one low
// Where more zeros follow than can be said, a weight of zero is among them; one may be the first.
// Offset: every weight plus 128, so that products of two bytes without signs are added.
//   _o8  of blocks of four outputs the weights of one input element side by side; of outputs that
//        make no such block one after the other
//   _c8  as instructions of an AVR that multiply and add (offset_weights.h says more of both)
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ops/operator.h"

namespace thimble::ops {

struct CodedWeights {
  std::string ending;                                       // "_w4"
  std::vector<Table> tables;                                // weight; of several streams, start
  std::vector<std::pair<std::string, std::int64_t>> sizes;  // as the kernels take them
  bool takes_stack = false;  // its kernel makes tables: taken where it is known to be faster
  // No fewer bytes, but what some processors like better: taken where it is known to be faster than
  // the weights as they are and nothing takes fewer bytes.
  bool is_layout = false;
  std::vector<std::string> replaced = {};  // tables of the kernel that its own stand for
  std::int64_t bytes() const;              // of the tables
};

// Of weights [outputs][anything]: [outputs / lanes][anything] codes, in each packed code that holds
// them: none where they have more than 16 levels.
std::vector<CodedWeights> packed_weights(const std::vector<std::int64_t> &weights, int outputs);

// Of weights [outputs][inputs]: [inputs / 16][outputs][plane] codes, likewise.
std::vector<CodedWeights> plane_weights(const std::vector<std::int64_t> &weights, int outputs);

// In each sparse code that takes fewer bytes than the weights themselves; none where fewer than two
// fifths of the weights are zero.
// With `streams` > 0, as many streams of equally many weights one after the other, and in the table
// `start` where each begins.
std::vector<CodedWeights> sparse_weights(const std::vector<std::int64_t> &weights, int streams = 0);

// Whether a kernel of that name ("conv2d_m8_line") reads its weights as such a stream.
bool is_stream(std::string_view kernel);

// Gives the kernel, one of int8 ("conv2d_i8"), those coded weights in the place of its table
// `weight` that `numbers.weights` asks for; leaves it alone where none save enough to be worth a
// kernel.
void take_code(Kernel &kernel, const std::vector<CodedWeights> &choices, const Numbers &numbers);

}  // namespace thimble::ops
