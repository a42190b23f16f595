// Casts by kind of target: to floats nothing happens (bfloat16, which would lose what shows, is
// refused), to integers the fraction goes, to truth values everything but 0 becomes 1. Integers
// that would wrap are not modelled.
#include "ops/cast.h"

#include <algorithm>
#include <iterator>
#include <optional>

#include "ops/elementwise_import.h"

namespace thimble::ops {
namespace {

enum class Kind { kReal, kInteger, kTruth };

// By ONNX's TensorProto.DataType.
std::optional<Kind> onnx_kind(std::int64_t type) {
  switch (type) {
    case 1:   // float
    case 10:  // float16
    case 11:  // double
      return Kind::kReal;
    case 2:   // uint8
    case 3:   // int8
    case 4:   // uint16
    case 5:   // int16
    case 6:   // int32
    case 7:   // int64
    case 12:  // uint32
    case 13:  // uint64
      return Kind::kInteger;
    case 9:
      return Kind::kTruth;
    default:
      return std::nullopt;
  }
}

// By the numbers that a torch.export archive gives torch's scalar types.
std::optional<Kind> aten_kind(std::int64_t type) {
  if (1 <= type && type <= 5) return Kind::kInteger;  // uint8, int8, ... int64
  if (6 <= type && type <= 8) return Kind::kReal;     // half, float, double; not bfloat16
  if (type == 12) return Kind::kTruth;
  return std::nullopt;
}

Kind kind_of(const ForeignTensor &tensor) {
  if (tensor.is_float()) return Kind::kReal;
  return tensor.type == ForeignType::kBool ? Kind::kTruth : Kind::kInteger;
}

// Operators whose values a file calls truth values or integers; all others make floats.
Kind kind_made_by(const ir::Graph &graph, ir::ValueId value) {
  static constexpr std::string_view kTruths[] = {"And",   "Or",       "Xor",  "Not",
                                                 "Equal", "NotEqual", "Less", "LessOrEqual",
                                                 "IsNaN", "IsInf",    "Bool"};
  const auto producer = graph.producer(value);
  if (!producer) return Kind::kReal;
  const std::string &op = graph.node(*producer).op;
  const bool is_truth = std::find(std::begin(kTruths), std::end(kTruths), op) != std::end(kTruths);
  return is_truth ? Kind::kTruth : Kind::kReal;
}

void cast(Builder &builder, const ForeignNode &node, Kind kind) {
  const Imported *value = builder.activation(node, 0);
  if (!value) return;
  const Operand input{*value, std::nullopt};
  if (kind == Kind::kReal) return bind_result(builder, node, input);
  bind_result(builder, node,
              add_elementwise(builder, node, kind == Kind::kTruth ? "Bool" : "Trunc", {input}));
}

}  // namespace

void import_cast(Builder &builder, const ForeignNode &node) {
  const bool is_onnx = node.domain == "onnx";
  if (!is_onnx && !node.has("dtype")) return cast(builder, node, Kind::kReal);
  const std::int64_t type = node.integer(is_onnx ? "to" : "dtype", 0);
  const auto kind = is_onnx ? onnx_kind(type) : aten_kind(type);
  if (kind) return cast(builder, node, *kind);
  builder.error(node, "casts to type " + std::to_string(type),
                "only numbers and truth values of the usual types are supported");
}

void import_cast_like(Builder &builder, const ForeignNode &node) {
  if (!builder.has_input(node, 1)) return builder.error(node, "lacks input 1");
  if (const ForeignTensor *constant = builder.constant(node.inputs[1]))
    return cast(builder, node, kind_of(*constant));
  const Imported *like = builder.find(node.inputs[1]);
  if (like)
    cast(builder, node, like->value < 0 ? Kind::kReal : kind_made_by(builder.graph(), like->value));
}

}  // namespace thimble::ops
