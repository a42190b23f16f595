// Folding one node: its constant inputs to its constant output. One function an operator, listed in
// the table of its family's file; find_rule looks through all of them.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "frontends/limits.h"
#include "ops/foreign.h"
#include "support/diagnostic.h"

namespace thimble::frontends::fold {

using ops::ForeignNode;
using ops::ForeignTensor;
using ops::ForeignType;

struct Call {
  const ForeignNode &node;
  std::vector<const ForeignTensor *> inputs;  // null where absent
  Budget &budget;                             // pays for every output element

  const ForeignTensor *input(std::size_t index) const {
    return index < inputs.size() ? inputs[index] : nullptr;
  }
};

// The value of the node's first (and only) output. Errors: operands that do not fit each other.
using Folder = Result<ForeignTensor> (*)(const Call &);

struct Rule {
  std::string_view domain, op;
  Folder fold;
};

std::span<const Rule> elementwise_rules();
std::span<const Rule> movement_rules();
std::span<const Rule> reduction_rules();
std::span<const Rule> creation_rules();
std::span<const Rule> quantization_rules();

// Null: such a node is not folded.
Folder find_rule(std::string_view domain, std::string_view op);

}  // namespace thimble::frontends::fold
