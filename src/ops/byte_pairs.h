// Weights two outputs a halfword, 256 * w + v, for processors that multiply halfwords two at a time
// (kernels *_pairs_i8): the halfwords need no widening, and give with those of v alone the sums of
// both. A node with the attribute `pairs` has its weights so (the pass byte-pairs); one that
// convolves each channel on its own has its values as planes of halfwords. Of 8 (the pass
// byte-eights) a convolution makes eight outputs of a pixel at a time, of values as they are; of 2
// (the pass byte-vectors) a Linear has its whole input written as halfwords first.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "ops/operator.h"

namespace thimble::ops {

// So many outputs at a time.
constexpr int kPairedConvOutputs = 4, kPairedLinearOutputs = 8, kEights = 8;
constexpr int kPairedVectorOutputs = 4;
constexpr int kPairedVector = 2, kThrees = 3;  // of the attribute

// Elements of a run of weights with the zeros behind it that make it whole fours.
constexpr int padded_run(int run) { return (run + 3) / 4 * 4; }

// Weights [outputs][runs][run] as they lie in pairs: [`block` outputs][run][4 inputs][even, odd]
// [pair][2 inputs]; outputs and runs are filled up with zeros.
Table pair_table(const std::vector<std::int64_t> &weights, int outputs, int run, int block);

// The same of pairs of outputs that end with their sums (threes_i8.c), [2 outputs]: bias of the
// second, [run], multiplier of the second, bias and multiplier of the first.
Table pair_table_with_ends(const std::vector<std::int64_t> &weights,
                           std::span<const std::int32_t> biases,
                           std::span<const std::int32_t> multipliers);

// Whether the weights of a Conv2d or Linear can lie so, and are worth it: every halfword and sum
// fits, few zeros fill them up, and they are neither in a code of few bits nor nearly all zero. Of
// a channel on its own: windows of three by three, whole fours of channels.
bool can_pair(const ir::Graph &graph, const ir::Node &node);
bool is_paired(const ir::Node &node);
// Whether a Linear is a convolution of one pixel, of so few weights that it may have the function
// of others ({pairs = 4}).
bool can_pair_as_convolution(const ir::Graph &graph, const ir::Node &node);
bool is_paired_as_convolution(const ir::Node &node);
// Whether a Linear's input, of whole eights and no more than are worth the RAM, may be written as
// halfwords first ({pairs = 2}); it is then read whole.
bool can_pair_as_vector(const ir::Graph &graph, const ir::Node &node);
bool is_paired_as_vector(const ir::Node &node);
// Whether the windows of a paired Conv2d share no whole fours of values: they may be widened each
// on its own, three pixels made at a time ({pairs = 3}; of a Linear, beside such).
bool can_be_in_threes(const ir::Graph &graph, const ir::Node &node);
bool is_in_threes(const ir::Node &node);
// The same of eights: no channels on their own, no few outputs.
bool can_pair_eights(const ir::Graph &graph, const ir::Node &node);
bool is_in_eights(const ir::Node &node);

// Pixels of a row that a kernel makes while it goes through its weights once: 1 of all others.
int pixels_a_walk(const Kernel &kernel);

}  // namespace thimble::ops
