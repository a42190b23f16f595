// Constants out of attributes and numbers, and changes of element type.
#include <algorithm>
#include <cmath>

#include "frontends/fold/arrays.h"
#include "frontends/fold/casts.h"
#include "frontends/onnx/tensors.h"
#include "frontends/pt2/weights.h"

namespace thimble::frontends::fold {
namespace {

Diagnostic bad_call() {
  return bad_operands("operands or attributes are missing or of another type");
}

template <class T>
const T *attribute(const ForeignNode &node, std::string_view key) {
  const auto found = node.attributes.find(std::string(key));
  return found == node.attributes.end() ? nullptr : std::get_if<T>(&found->second);
}

Result<ForeignTensor> constant_onnx(const Call &call) {
  const ForeignNode &node = call.node;
  if (const auto *tensor = attribute<ForeignTensor>(node, "value")) return *tensor;
  if (const auto *value = attribute<double>(node, "value_float"))
    return ForeignTensor{ForeignType::kF32, {}, {static_cast<float>(*value)}, {}};
  if (const auto *value = attribute<std::int64_t>(node, "value_int"))
    return ForeignTensor{ForeignType::kI64, {}, {}, {*value}};
  if (const auto *values = attribute<std::vector<double>>(node, "value_floats"))
    return ForeignTensor{
        ForeignType::kF32, {std::ssize(*values)}, {values->begin(), values->end()}, {}};
  if (const auto *values = attribute<std::vector<std::int64_t>>(node, "value_ints"))
    return ForeignTensor{ForeignType::kI64, {std::ssize(*values)}, {}, *values};
  return bad_call();
}

Result<ForeignTensor> filled(const Call &call, ForeignType type, const Dims &dims, double value) {
  TRY(ForeignTensor out, make_tensor(call, type, dims));
  std::fill(out.f32.begin(), out.f32.end(), static_cast<float>(value));
  std::fill(out.i64.begin(), out.i64.end(), saturated_integer(value));
  return out;
}

Result<ForeignTensor> constant_of_shape(const Call &call) {
  const auto dims = integers_of(call.input(0));
  if (!dims) return bad_call();
  const auto *value = attribute<ForeignTensor>(call.node, "value");
  if (!value) return filled(call, ForeignType::kF32, *dims, 0);
  if (value->elements() != 1) return bad_call();
  TRY(ForeignTensor out, make_tensor(call, value->type, *dims));
  if (out.is_float())
    std::fill(out.f32.begin(), out.f32.end(), value->f32[0]);
  else
    std::fill(out.i64.begin(), out.i64.end(), value->i64[0]);
  return out;
}

double scalar_of(const ForeignTensor &tensor) {
  return tensor.is_float() ? tensor.f32[0] : static_cast<double>(tensor.i64[0]);
}

// start, start + step, ...: `count` numbers.
Result<ForeignTensor> progression(const Call &call, ForeignType type, double start, double step,
                                  std::int64_t count) {
  TRY(ForeignTensor out, make_tensor(call, type, {std::max<std::int64_t>(count, 0)}));
  for (std::size_t i = 0; i < out.f32.size(); ++i)
    out.f32[i] = static_cast<float>(start + step * static_cast<double>(i));
  for (std::size_t i = 0; i < out.i64.size(); ++i)
    out.i64[i] = saturated_integer(start + step * static_cast<double>(i));
  return out;
}

// Those below `limit`.
Result<ForeignTensor> range(const Call &call, ForeignType type, double start, double limit,
                            double step) {
  if (step == 0) return bad_call();
  return progression(call, type, start, step, saturated_integer(std::ceil((limit - start) / step)));
}

Result<ForeignTensor> range_onnx(const Call &call) {
  for (std::size_t i = 0; i < 3; ++i)
    if (!call.input(i) || call.input(i)->elements() != 1) return bad_call();
  return range(call, call.input(0)->type, scalar_of(*call.input(0)), scalar_of(*call.input(1)),
               scalar_of(*call.input(2)));
}

Result<ForeignTensor> cast_onnx(const Call &call) {
  if (!call.input(0)) return bad_call();
  const auto type = onnx::foreign_type_of(static_cast<int>(call.node.integer("to", 0)));
  return cast(call, *call.input(0), type);
}

Result<ForeignTensor> cast_like(const Call &call) {
  if (!call.input(0) || !call.input(1)) return bad_call();
  return cast(call, *call.input(0), call.input(1)->type);
}

// The `dtype` of an ATen call, or `otherwise` where it is left open.
ForeignType dtype_of(const Call &call, ForeignType otherwise) {
  if (!call.node.has("dtype")) return otherwise;
  return pt2::foreign_type_of(call.node.integer("dtype", 0));
}

Result<ForeignTensor> cast_aten(const Call &call) {
  if (!call.input(0)) return bad_call();
  return cast(call, *call.input(0), dtype_of(call, call.input(0)->type));
}

Result<ForeignTensor> full_aten(const Call &call) {
  const bool integer = attribute<std::int64_t>(call.node, "fill_value") != nullptr;
  const ForeignType type = dtype_of(call, integer ? ForeignType::kI64 : ForeignType::kF32);
  if (type == ForeignType::kOther) return bad_call();
  return filled(call, type, call.node.integers("size"), call.node.real("fill_value", 0));
}

Result<ForeignTensor> scalar_aten(const Call &call) {
  const bool integer = attribute<std::int64_t>(call.node, "s") != nullptr;
  const ForeignType type = dtype_of(call, integer ? ForeignType::kI64 : ForeignType::kF32);
  if (type == ForeignType::kOther) return bad_call();
  return filled(call, type, {}, call.node.real("s", 0));
}

Result<ForeignTensor> arange_aten(const Call &call) {
  bool integers = true;
  for (const char *name : {"start", "end", "step"})
    if (call.node.has(name) && !attribute<std::int64_t>(call.node, name)) integers = false;
  const ForeignType type = dtype_of(call, integers ? ForeignType::kI64 : ForeignType::kF32);
  if (type == ForeignType::kOther) return bad_call();
  return range(call, type, call.node.real("start", 0), call.node.real("end", 0),
               call.node.real("step", 1));
}

Result<ForeignTensor> linspace_aten(const Call &call) {
  const ForeignType type = dtype_of(call, ForeignType::kF32);
  const std::int64_t steps = call.node.integer("steps", 0);
  if (type == ForeignType::kOther || steps < 0) return bad_call();
  const double start = call.node.real("start", 0), end = call.node.real("end", 0);
  const double step = steps > 1 ? (end - start) / static_cast<double>(steps - 1) : 0;
  return progression(call, type, start, step, steps);
}

template <int value>
Result<ForeignTensor> filled_aten(const Call &call) {  // zeros, ones
  const ForeignType type = dtype_of(call, ForeignType::kF32);
  if (type == ForeignType::kOther) return bad_call();
  return filled(call, type, call.node.integers("size"), value);
}

template <int value>
Result<ForeignTensor> filled_like_aten(const Call &call) {  // zeros_like, ones_like
  if (!call.input(0)) return bad_call();
  const ForeignType type = dtype_of(call, call.input(0)->type);
  if (type == ForeignType::kOther) return bad_call();
  return filled(call, type, call.input(0)->dims, value);
}

constexpr Rule kRules[] = {
    {"onnx", "Constant", constant_onnx},
    {"onnx", "ConstantOfShape", constant_of_shape},
    {"onnx", "Range", range_onnx},
    {"onnx", "Cast", cast_onnx},
    {"onnx", "CastLike", cast_like},
    {"aten", "to.dtype", cast_aten},
    {"aten", "_to_copy.default", cast_aten},
    {"aten", "full.default", full_aten},
    {"aten", "scalar_tensor.default", scalar_aten},
    {"aten", "arange.default", arange_aten},
    {"aten", "arange.start", arange_aten},
    {"aten", "arange.start_step", arange_aten},
    {"aten", "linspace.default", linspace_aten},
    {"aten", "zeros.default", filled_aten<0>},
    {"aten", "ones.default", filled_aten<1>},
    {"aten", "zeros_like.default", filled_like_aten<0>},
    {"aten", "ones_like.default", filled_like_aten<1>},
};

}  // namespace

std::span<const Rule> creation_rules() { return kRules; }

}  // namespace thimble::frontends::fold
