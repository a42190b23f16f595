// Attribute or constant input (integer_list.h).
#include "ops/integer_list.h"

#include <string>

namespace thimble::ops {

std::optional<Dims> integer_list(Builder &builder, const ForeignNode &node, const char *key,
                                 std::size_t index) {
  if (node.has(key)) return node.integers(key);
  if (!builder.has_input(node, index)) return Dims{};
  const ForeignTensor *constant = builder.constant(node.inputs[index]);
  if (constant && !constant->is_float()) return constant->i64;
  builder.error(node, std::string("has a ") + key + " that is not known before it runs",
                "shapes are fixed when the network is compiled");
  return std::nullopt;
}

}  // namespace thimble::ops
