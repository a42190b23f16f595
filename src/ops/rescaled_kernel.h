// Kernels of int8 weights whose rescaling is solved when compiling, for processors that multiply 32
// x 32 bits to the high half in an instruction or two. Nothing where it cannot be, or the kernel is
// of another kind; the range of its sums comes from its weights.
#pragma once

#include <optional>

#include "ops/operator.h"

namespace thimble::ops {

// On a line (rescale_line.h), the file's name with "_line" in the end: tables `multiplier` int32_t
// and `full_bias` (`bias`) of the line; sizes `shift` and, for the offset, `out_zero`; no limits.
// `at_once`: where there is a kernel that makes outputs as it sums them, of more bytes, that one
// (nines.h, conv2d_pairs_ends_i8 and its like).
std::optional<Kernel> on_a_line(const Kernel &kernel, targets::Requant requant,
                                bool at_once = true);

// q31 with both its roundings, the file's name with "_doubled" in the end: biases are doubled, so
// that the high half of a sum's product with the multiplier, halves up, is the doubling
// multiplication; `shift` is 1 less than that to the right.
std::optional<Kernel> with_doubled_sums(const Kernel &kernel, targets::Requant requant);

// Of either, where many channels are all rescaled alike: `multiplier` and `shift` hold what 32
// outputs need, those of one call at most; "_tensor" behind the file's name.
std::optional<Kernel> per_tensor(Kernel solved);

}  // namespace thimble::ops
