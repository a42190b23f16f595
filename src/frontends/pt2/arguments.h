// A node of model.json in neutral words: tensors become inputs by position, everything else becomes
// attributes by name, and what the file leaves out is filled in from the schema.
#pragma once

#include "frontends/pt2/expressions.h"
#include "ops/foreign.h"
#include "support/json.h"

namespace thimble::frontends::pt2 {

// Sizes that nodes take: the program's symbolic integers by name, and what their symbols are bound
// to.
struct SymbolicIntegers {
  const Json *values = nullptr;  // graph.sym_int_values
  const Symbols *symbols = nullptr;
};

// "torch.ops.aten.relu_.default" -> domain "aten", op "relu_.default".
void set_target(const std::string &target, ops::ForeignNode &node);

// Fills inputs and attributes. Numbers given where a tensor stands become entries of `constants`.
// Errors: a size that is no number even with all symbols bound.
Diagnostics set_arguments(const Json &arguments, const SymbolicIntegers &sizes,
                          std::map<std::string, ops::ForeignTensor> &constants,
                          ops::ForeignNode &node);

// The names of the tensors among a node's outputs, lists flattened.
std::vector<std::string> tensor_names(const Json &outputs);

}  // namespace thimble::frontends::pt2
