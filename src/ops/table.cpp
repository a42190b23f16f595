// THE list of operators. A new one is its family's file, its name in families.h, and a line here.
#include "ops/families.h"
#include "support/check.h"

namespace thimble::ops {
namespace {

const Operator *const kOperators[] = {
    &kConv2d,  &kConvTranspose2d, &kLinear,  &kMaxPool2d,  &kBatchNorm,
    &kRelu,    &kSigmoid,         &kSoftmax, &kLogSoftmax, &kAdd,
    &kReshape, &kPermute,         &kConcat,  &kCopy,       &kResizeNearest,
};

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
