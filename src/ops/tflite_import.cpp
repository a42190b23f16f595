// Fused activations by their numbers in the schema (ActivationFunctionType).
#include "ops/tflite_import.h"

#include <fmt/format.h>

#include "ops/reduce_import.h"

namespace thimble::ops {

std::optional<ir::Attributes> fused_limits(Builder &builder, const ForeignNode &node) {
  switch (const std::int64_t activation = node.integer("fused_activation_function", 0)) {
    case 0:
      return ir::Attributes{};
    case 1:
      return ir::Attributes{{"act", std::string("relu")}};
    case 2:
      return ir::Attributes{{"act_min", -1.0}, {"act_max", 1.0}};
    case 3:
      return ir::Attributes{{"act_min", 0.0}, {"act_max", 6.0}};
    default:
      builder.error(node,
                    activation == 4   ? "fused activation TANH is not supported"
                    : activation == 5 ? "fused activation SIGN_BIT is not supported"
                                      : fmt::format("fused activation {} is unknown", activation),
                    "RELU, RELU_N1_TO_1 and RELU6 are");
      return std::nullopt;
  }
}

ir::ValueId add_then_limit(Builder &builder, const ForeignNode &node, const std::string &op,
                           std::vector<ir::ValueId> inputs, ir::Attributes attributes) {
  const auto limits = fused_limits(builder, node);
  if (!limits) return kFailedValue;
  if (limits->empty()) return builder.add(node, op, std::move(inputs), {}, std::move(attributes));
  const ir::ValueId whole =
      builder.add(step_of(node, "_unlimited"), op, std::move(inputs), {}, std::move(attributes));
  if (limits->contains("act")) return builder.add(node, "Relu", {whole}, {}, {});
  return builder.add(node, "Clip", {whole}, {},
                     {{"alpha", limits->at("act_min")}, {"beta", limits->at("act_max")}});
}

}  // namespace thimble::ops
