// Importers of everything that Reduce computes, alone or before and behind other operators: sums,
// norms, global pooling; and the step that importers of composed operators use.
#pragma once

#include <string>
#include <vector>

#include "ops/elementwise_import.h"

namespace thimble::ops {

// The file's axes that a reduction names: sorted, each once. Nothing, after a report, where one is
// out of range.
std::optional<std::vector<std::size_t>> sound_axes(Builder &builder, const ForeignNode &node,
                                                   const Dims &axes, std::size_t rank);

// A Reduce of this kind (reduce.cpp) along axes of the file (as sound_axes has them); dimensions of
// 1 stay for them where `keep`.
Operand add_reduce(Builder &builder, const ForeignNode &node, const std::string &kind,
                   const Operand &input, const std::vector<std::size_t> &axes, bool keep);

// For importers that make several nodes of one: the same node under a name of its own.
ForeignNode step_of(const ForeignNode &node, const std::string &suffix);

inline Operand number_operand(double value) { return {{{}, kConstantValue}, value}; }

std::vector<ImportRule> reduce_import_rules();

}  // namespace thimble::ops
