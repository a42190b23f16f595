// Arithmetic on constants, element by element with broadcasting. An operation is a struct with one
// apply() for floats and, where integers stay integers, one for them; integers wrap as they do in
// the exporters' own arithmetic.
#include <algorithm>
#include <cmath>
#include <concepts>

#include "frontends/fold/arrays.h"
#include "frontends/fold/casts.h"

namespace thimble::frontends::fold {
namespace {

using Int = std::int64_t;
using Word = std::uint64_t;  // wraps where signed integers must not

// Operations that keep integers; the others would convert them to float without a word.
template <class Op>
concept Integral = requires(Int a) {
  { Op::apply(a, a) } -> std::same_as<Int>;
}
|| requires(Int a) {
  { Op::apply(a) } -> std::same_as<Int>;
};

struct Add {
  static float apply(float a, float b) { return a + b; }
  static Int apply(Int a, Int b) { return Int(Word(a) + Word(b)); }
};
struct Sub {
  static float apply(float a, float b) { return a - b; }
  static Int apply(Int a, Int b) { return Int(Word(a) - Word(b)); }
};
struct Mul {
  static float apply(float a, float b) { return a * b; }
  static Int apply(Int a, Int b) { return Int(Word(a) * Word(b)); }
};
struct Div {  // integers: towards zero; by zero: 0 (see divide)
  static float apply(float a, float b) { return a / b; }
  static Int apply(Int a, Int b) { return b == -1 ? Int(-Word(a)) : b == 0 ? 0 : a / b; }
};
struct TrueDiv {  // torch.div: integers become floats
  static float apply(float a, float b) { return a / b; }
};
struct Pow {
  static float apply(float a, float b) { return std::pow(a, b); }
};
struct Min {
  static float apply(float a, float b) {
    return std::isnan(a) ? a : b < a || std::isnan(b) ? b : a;
  }
  static Int apply(Int a, Int b) { return std::min(a, b); }
};
struct Max {
  static float apply(float a, float b) {
    return std::isnan(a) ? a : b > a || std::isnan(b) ? b : a;
  }
  static Int apply(Int a, Int b) { return std::max(a, b); }
};
struct Equal {
  static constexpr bool kTruth = true;
  static float apply(float a, float b) { return a == b; }
  static Int apply(Int a, Int b) { return a == b; }
};
struct Less {
  static constexpr bool kTruth = true;
  static float apply(float a, float b) { return a < b; }
  static Int apply(Int a, Int b) { return a < b; }
};
struct Greater {
  static constexpr bool kTruth = true;
  static float apply(float a, float b) { return a > b; }
  static Int apply(Int a, Int b) { return a > b; }
};
struct LessOrEqual {
  static constexpr bool kTruth = true;
  static float apply(float a, float b) { return a <= b; }
  static Int apply(Int a, Int b) { return a <= b; }
};
struct GreaterOrEqual {
  static constexpr bool kTruth = true;
  static float apply(float a, float b) { return a >= b; }
  static Int apply(Int a, Int b) { return a >= b; }
};
struct Fmod {  // with the sign of the first operand; by zero: 0 (see remainder)
  static float apply(float a, float b) { return std::fmod(a, b); }
  static Int apply(Int a, Int b) { return b == 0 || b == -1 ? 0 : a % b; }
};
struct Mod {  // with the sign of the second
  template <class T>
  static T apply(T a, T b) {
    const T rest = Fmod::apply(a, b);
    return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest;
  }
};
struct Xor {
  static constexpr bool kTruth = true;
  static float apply(float a, float b) { return (a != 0) != (b != 0); }
  static Int apply(Int a, Int b) { return (a != 0) != (b != 0); }
};
struct And {
  static constexpr bool kTruth = true;
  static float apply(float a, float b) { return a != 0 && b != 0; }
  static Int apply(Int a, Int b) { return a && b; }
};
struct Or {
  static constexpr bool kTruth = true;
  static float apply(float a, float b) { return a != 0 || b != 0; }
  static Int apply(Int a, Int b) { return a || b; }
};
struct Not {
  static constexpr bool kTruth = true;
  static float apply(float a) { return a == 0; }
  static Int apply(Int a) { return a == 0; }
};
struct Neg {
  static float apply(float a) { return -a; }
  static Int apply(Int a) { return Int(-Word(a)); }
};
struct Abs {
  static float apply(float a) { return std::fabs(a); }
  static Int apply(Int a) { return a < 0 ? Int(-Word(a)) : a; }
};
struct Sign {
  static float apply(float a) { return float((a > 0) - (a < 0)); }
  static Int apply(Int a) { return (a > 0) - (a < 0); }
};
struct Round {  // half to even, the default rounding mode
  static float apply(float a) { return std::nearbyint(a); }
  static Int apply(Int a) { return a; }
};
struct Floor {
  static float apply(float a) { return std::floor(a); }
  static Int apply(Int a) { return a; }
};
struct Ceil {
  static float apply(float a) { return std::ceil(a); }
  static Int apply(Int a) { return a; }
};
struct Sqrt {
  static float apply(float a) { return std::sqrt(a); }
};
struct Rsqrt {
  static float apply(float a) { return 1 / std::sqrt(a); }
};
struct Reciprocal {
  static float apply(float a) { return 1 / a; }
};
struct Exp {
  static float apply(float a) { return std::exp(a); }
};
struct Log {
  static float apply(float a) { return std::log(a); }
};
struct Tanh {
  static float apply(float a) { return std::tanh(a); }
};
struct Sigmoid {
  static float apply(float a) { return 1 / (1 + std::exp(-a)); }
};
struct Relu {
  static float apply(float a) { return a > 0 ? a : 0; }
  static Int apply(Int a) { return a > 0 ? a : 0; }
};

template <class Op>
constexpr bool gives_truth() {
  return requires { Op::kTruth; };
}

ForeignType common_type(const ForeignTensor &a, const ForeignTensor &b) {
  if (a.type == b.type) return a.type;
  if (a.is_float() != b.is_float()) return a.is_float() ? a.type : b.type;
  return a.is_float() ? ForeignType::kF32 : ForeignType::kI64;
}

float real_at(const ForeignTensor &tensor, Int at) {
  return tensor.is_float() ? tensor.f32[at] : static_cast<float>(tensor.i64[at]);
}

template <class Op>
Result<ForeignTensor> binary(const Call &call, const ForeignTensor &a, const ForeignTensor &b) {
  const auto dims = broadcast(a.dims, b.dims);
  if (!dims) return bad_operands(to_string(a.dims) + " and " + to_string(b.dims));
  const bool in_integers = Integral<Op> && !a.is_float() && !b.is_float();
  const ForeignType type = gives_truth<Op>()                             ? ForeignType::kBool
                           : in_integers || a.is_float() || b.is_float() ? common_type(a, b)
                                                                         : ForeignType::kF32;
  TRY(ForeignTensor out, make_tensor(call, type, *dims));
  Walk<2> walk(*dims, {broadcast_strides(a.dims, *dims), broadcast_strides(b.dims, *dims)});
  const Int count = out.elements();
  for (Int i = 0; i < count; ++i, walk.next()) {
    if constexpr (Integral<Op>) {
      if (in_integers) {
        out.i64[i] = Op::apply(a.i64[walk.at(0)], b.i64[walk.at(1)]);
        continue;
      }
    }
    const float value = Op::apply(real_at(a, walk.at(0)), real_at(b, walk.at(1)));
    if (gives_truth<Op>())
      out.i64[i] = value != 0;
    else
      out.f32[i] = value;
  }
  return out;
}

Diagnostic missing_operand() { return bad_operands("an operand is missing"); }

template <class Op>
Result<ForeignTensor> fold_binary(const Call &call) {
  if (!call.input(0) || !call.input(1)) return missing_operand();
  return binary<Op>(call, *call.input(0), *call.input(1));
}

template <class Op>
Result<ForeignTensor> fold_all(const Call &call) {  // Min and Max of any number of inputs
  if (!call.input(0)) return missing_operand();
  ForeignTensor result = *call.input(0);
  for (std::size_t i = 1; i < call.inputs.size(); ++i) {
    if (!call.input(i)) return missing_operand();
    TRY(result, binary<Op>(call, result, *call.input(i)));
  }
  return result;
}

template <class Op>
Result<ForeignTensor> fold_unary(const Call &call) {
  const ForeignTensor *in = call.input(0);
  if (!in) return missing_operand();
  const bool in_integers = Integral<Op> && !in->is_float();
  const ForeignType type = gives_truth<Op>()               ? ForeignType::kBool
                           : in_integers || in->is_float() ? in->type
                                                           : ForeignType::kF32;
  TRY(ForeignTensor out, make_tensor(call, type, in->dims));
  const Int count = out.elements();
  for (Int i = 0; i < count; ++i) {
    if constexpr (Integral<Op>) {
      if (in_integers) {
        out.i64[i] = Op::apply(in->i64[i]);
        continue;
      }
    }
    const float value = Op::apply(real_at(*in, i));
    if (gives_truth<Op>())
      out.i64[i] = value != 0;
    else
      out.f32[i] = value;
  }
  return out;
}

Result<ForeignTensor> divide(const Call &call) {
  const ForeignTensor *divisor = call.input(1);
  if (divisor && std::count(divisor->i64.begin(), divisor->i64.end(), 0) > 0)
    return bad_operands("an integer is divided by zero");
  return fold_binary<Div>(call);
}

Result<ForeignTensor> remainder(const Call &call) {
  const ForeignTensor *divisor = call.input(1);
  if (divisor && std::count(divisor->i64.begin(), divisor->i64.end(), 0) > 0)
    return bad_operands("an integer is divided by zero");
  return call.node.integer("fmod", 0) ? fold_binary<Fmod>(call) : fold_binary<Mod>(call);
}

ForeignTensor scalar(double value, bool as_float) {
  if (as_float) return {ForeignType::kF32, {}, {static_cast<float>(value)}, {}};
  return {ForeignType::kI64, {}, {}, {saturated_integer(value)}};
}

// torch.add and torch.sub: the second operand times `alpha`.
template <class Op>
Result<ForeignTensor> with_alpha(const Call &call) {
  const double alpha = call.node.real("alpha", 1);
  if (alpha == 1) return fold_binary<Op>(call);
  if (!call.input(0) || !call.input(1)) return missing_operand();
  const ForeignTensor &other = *call.input(1);
  TRY(const ForeignTensor scaled, binary<Mul>(call, other, scalar(alpha, other.is_float())));
  return binary<Op>(call, *call.input(0), scaled);
}

Result<ForeignTensor> clip(const Call &call) {
  if (!call.input(0)) return missing_operand();
  ForeignTensor result = *call.input(0);
  if (call.input(1)) {
    TRY(result, binary<Max>(call, result, *call.input(1)));
  }
  if (call.input(2)) {
    TRY(result, binary<Min>(call, result, *call.input(2)));
  }
  return result;
}

Result<ForeignTensor> clamp(const Call &call) {
  if (!call.input(0)) return missing_operand();
  ForeignTensor result = *call.input(0);
  const bool as_float = result.is_float();
  if (call.node.has("min")) {
    TRY(result, binary<Max>(call, result, scalar(call.node.real("min", 0), as_float)));
  }
  if (call.node.has("max")) {
    TRY(result, binary<Min>(call, result, scalar(call.node.real("max", 0), as_float)));
  }
  return result;
}

Result<ForeignTensor> where(const Call &call) {
  const ForeignTensor *condition = call.input(0), *yes = call.input(1), *no = call.input(2);
  if (!condition || !yes || !no) return missing_operand();
  if (condition->is_float() || yes->is_float() != no->is_float())
    return bad_operands("their element types differ");
  const auto values = broadcast(yes->dims, no->dims);
  const auto dims = values ? broadcast(condition->dims, *values) : std::nullopt;
  if (!dims) return bad_operands("their dimensions differ");
  TRY(ForeignTensor out, make_tensor(call, common_type(*yes, *no), *dims));
  Walk<3> walk(*dims, {broadcast_strides(condition->dims, *dims),
                       broadcast_strides(yes->dims, *dims), broadcast_strides(no->dims, *dims)});
  const Int count = out.elements();
  for (Int i = 0; i < count; ++i, walk.next()) {
    const bool take = condition->i64[walk.at(0)] != 0;
    const ForeignTensor &from = take ? *yes : *no;
    const Int at = walk.at(take ? 1 : 2);
    if (out.is_float())
      out.f32[i] = from.f32[at];
    else
      out.i64[i] = from.i64[at];
  }
  return out;
}

constexpr Rule kRules[] = {
    {"onnx", "Add", fold_binary<Add>},
    {"onnx", "Sub", fold_binary<Sub>},
    {"onnx", "Mul", fold_binary<Mul>},
    {"onnx", "Div", divide},
    {"onnx", "Pow", fold_binary<Pow>},
    {"onnx", "Min", fold_all<Min>},
    {"onnx", "Max", fold_all<Max>},
    {"onnx", "Equal", fold_binary<Equal>},
    {"onnx", "Less", fold_binary<Less>},
    {"onnx", "Greater", fold_binary<Greater>},
    {"onnx", "LessOrEqual", fold_binary<LessOrEqual>},
    {"onnx", "GreaterOrEqual", fold_binary<GreaterOrEqual>},
    {"onnx", "Mod", remainder},
    {"onnx", "Xor", fold_binary<Xor>},
    {"onnx", "And", fold_binary<And>},
    {"onnx", "Or", fold_binary<Or>},
    {"onnx", "Not", fold_unary<Not>},
    {"onnx", "Neg", fold_unary<Neg>},
    {"onnx", "Abs", fold_unary<Abs>},
    {"onnx", "Sign", fold_unary<Sign>},
    {"onnx", "Round", fold_unary<Round>},
    {"onnx", "Floor", fold_unary<Floor>},
    {"onnx", "Ceil", fold_unary<Ceil>},
    {"onnx", "Sqrt", fold_unary<Sqrt>},
    {"onnx", "Reciprocal", fold_unary<Reciprocal>},
    {"onnx", "Exp", fold_unary<Exp>},
    {"onnx", "Log", fold_unary<Log>},
    {"onnx", "Tanh", fold_unary<Tanh>},
    {"onnx", "Sigmoid", fold_unary<Sigmoid>},
    {"onnx", "Relu", fold_unary<Relu>},
    {"onnx", "Clip", clip},
    {"onnx", "Where", where},
    {"aten", "add.Tensor", with_alpha<Add>},
    {"aten", "sub.Tensor", with_alpha<Sub>},
    {"aten", "mul.Tensor", fold_binary<Mul>},
    {"aten", "div.Tensor", fold_binary<TrueDiv>},
    {"aten", "pow.Tensor_Scalar", fold_binary<Pow>},
    {"aten", "pow.Tensor_Tensor", fold_binary<Pow>},
    {"aten", "minimum.default", fold_binary<Min>},
    {"aten", "maximum.default", fold_binary<Max>},
    {"aten", "eq.Tensor", fold_binary<Equal>},
    {"aten", "lt.Tensor", fold_binary<Less>},
    {"aten", "gt.Tensor", fold_binary<Greater>},
    {"aten", "neg.default", fold_unary<Neg>},
    {"aten", "abs.default", fold_unary<Abs>},
    {"aten", "sign.default", fold_unary<Sign>},
    {"aten", "round.default", fold_unary<Round>},
    {"aten", "floor.default", fold_unary<Floor>},
    {"aten", "ceil.default", fold_unary<Ceil>},
    {"aten", "sqrt.default", fold_unary<Sqrt>},
    {"aten", "rsqrt.default", fold_unary<Rsqrt>},
    {"aten", "reciprocal.default", fold_unary<Reciprocal>},
    {"aten", "exp.default", fold_unary<Exp>},
    {"aten", "log.default", fold_unary<Log>},
    {"aten", "tanh.default", fold_unary<Tanh>},
    {"aten", "sigmoid.default", fold_unary<Sigmoid>},
    {"aten", "relu.default", fold_unary<Relu>},
    {"aten", "clamp.default", clamp},
    {"aten", "where.self", where},
};

}  // namespace

std::span<const Rule> elementwise_rules() { return kRules; }

}  // namespace thimble::frontends::fold
