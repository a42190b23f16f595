// Looks operators up in THE list (families.h).
#include "ops/families.h"
#include "support/check.h"

namespace thimble::ops {
namespace {

#define THIMBLE_ADDRESS(name) &k##name,
const Operator *const kOperators[] = {THIMBLE_OPERATORS(THIMBLE_ADDRESS)};
#undef THIMBLE_ADDRESS

}  // namespace

std::span<const Operator *const> all_operators() { return kOperators; }

const Operator *find_operator(std::string_view name) {
  for (const Operator *op : kOperators)
    if (op->name == name) return op;
  return nullptr;
}

const Operator &operator_of(const ir::Node &node) {
  const Operator *op = find_operator(node.op);
  CHECK(op != nullptr, "node '" + node.name + "': unknown operator " + node.op);
  return *op;
}

}  // namespace thimble::ops
