// Weights plus 128 in blocks of four outputs (code _o8, weight_code.h), for processors whose sums
// of 24 bits are dear already: a product of two bytes without signs is added in three instructions,
// and four sums share what is read of the input. With u = a + 128 for an int8 input a,
//
//   sum of w * u = sum of (w + 128) * u - 128 * sum of u
//
// and the last sum is the same of all outputs. What an input's zero point of -128 stands for is u =
// 0: a window needs no more at a border than to leave out what is not there.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "ops/avr_code.h"
#include "ops/operator.h"
#include "ops/weight_code.h"

namespace thimble::ops {

// Of weights [outputs][anything]: four outputs' side by side, the others as they are, plus 128.
std::vector<std::int64_t> offset_blocks(const std::vector<std::int64_t> &weights, int outputs);

// Of weights [outputs][taps][in_c], at most eight outputs: the taps, of each input value whose u is
// not 0 its products.
std::vector<std::int64_t> instructions_of(const std::vector<std::int64_t> &weights, int outputs,
                                          int in_c);

// Of an int8 convolution with `weights` [out][taps][in], the node's or in another order: what its
// sums of w * u start from and how they become outputs. None where it is not proven that every sum
// fits 24 bits and the sum of u 16 bits, where a window may reach outside of an input whose zero
// point is not -128, where the plan requantizes otherwise than by m16, or a result may leave 16
// bits that no rectifier cuts.
std::optional<std::vector<End>> offset_ends(const ir::Graph &graph, const ir::Node &node,
                                            const std::vector<std::int64_t> &weights,
                                            bool stays_inside, const Numbers &numbers);

// Where there are ends: beside `weight` a table `ends`, of each output six bytes, low ones first:
// start (3), factor (2) and shift (1, signed) of
//   (sum * factor + 2^(23 + shift)) >> (24 + shift)
// As code, too, where enough of the target's flash is left: the layers whose weights are used most
// often come first. Behind the taps are then what every sum starts from, and what makes the outputs
// of a pixel of its sums. As code alone where ends have limits.
std::vector<CodedWeights> offset_weights(const ir::Graph &graph, const ir::Node &node,
                                         const std::vector<std::int64_t> &weights,
                                         bool stays_inside, const Numbers &numbers);

// Of a convolution that scatters, weights [out][taps][in]: [taps][out] are its outputs, and a sum
// starts from nothing. None where the input's zero point is not -128, or a pixel has more sums than
// their kernel keeps places of. As code, too, of kernel rows with at most six sums, where these are
// proven to fit 24 bits and there is flash.
std::vector<CodedWeights> scattered_offset_weights(const ir::Graph &graph, const ir::Node &node,
                                                   const std::vector<std::int64_t> &weights,
                                                   int taps, const Numbers &numbers);

}  // namespace thimble::ops
