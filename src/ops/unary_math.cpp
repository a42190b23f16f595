// Functions of one element that C's library or an operator of C computes. Truth is 1 or 0.
#include "ops/cast.h"
#include "ops/elementwise.h"
#include "ops/families.h"

namespace thimble::ops {
namespace {

// One function under its ONNX and its ATen name ("" where there is none).
Operator unary(std::string_view op, std::string_view kernel, std::string_view summary,
               Expression<float> real, std::string_view onnx, std::string_view aten) {
  std::vector<ForeignForm> foreign;
  if (!onnx.empty()) foreign.push_back({"onnx", onnx});
  if (!aten.empty()) foreign.push_back({"aten", aten});
  return elementwise_operator({.op = op,
                               .kernel = kernel,
                               .summary = summary,
                               .real = real,
                               .foreign = std::move(foreign)});
}

}  // namespace

#define THIMBLE_UNARY(Name, kernel, summary, onnx, aten, ...) \
  const Operator k##Name = unary(#Name, kernel, summary, THIMBLE_REAL(__VA_ARGS__), onnx, aten);

THIMBLE_UNARY(Abs, "abs", "|x|", "Abs", "abs.default", fabsf(u))
THIMBLE_UNARY(Neg, "neg", "-x", "Neg", "neg.default", -u)
THIMBLE_UNARY(Sign, "sign", "-1, 0 or 1", "Sign", "sign.default",
              u > 0.0f   ? 1.0f
              : u < 0.0f ? -1.0f
                         : u)
THIMBLE_UNARY(Floor, "floor", "down to an integer", "Floor", "floor.default", floorf(u))
THIMBLE_UNARY(Ceil, "ceil", "up to an integer", "Ceil", "ceil.default", ceilf(u))
THIMBLE_UNARY(Round, "round", "to the nearest integer, halves to even", "Round", "round.default",
              rintf(u))
THIMBLE_UNARY(Reciprocal, "reciprocal", "1 / x", "Reciprocal", "reciprocal.default", 1.0f / u)
THIMBLE_UNARY(Sqrt, "sqrt", "square root", "Sqrt", "sqrt.default", sqrtf(u))
THIMBLE_UNARY(Rsqrt, "rsqrt", "1 / sqrt(x)", "", "rsqrt.default", 1.0f / sqrtf(u))
THIMBLE_UNARY(Exp, "exp", "e to the x", "Exp", "exp.default", expf(u))
THIMBLE_UNARY(Log, "log", "natural logarithm", "Log", "log.default", logf(u))
THIMBLE_UNARY(Erf, "erf", "error function", "Erf", "erf.default", erff(u))
THIMBLE_UNARY(Sin, "sin", "sine", "Sin", "sin.default", sinf(u))
THIMBLE_UNARY(Cos, "cos", "cosine", "Cos", "cos.default", cosf(u))
THIMBLE_UNARY(Tan, "tan", "tangent", "Tan", "tan.default", tanf(u))
THIMBLE_UNARY(Asin, "asin", "inverse sine", "Asin", "asin.default", asinf(u))
THIMBLE_UNARY(Acos, "acos", "inverse cosine", "Acos", "acos.default", acosf(u))
THIMBLE_UNARY(Atan, "atan", "inverse tangent", "Atan", "atan.default", atanf(u))
THIMBLE_UNARY(Sinh, "sinh", "hyperbolic sine", "Sinh", "sinh.default", sinhf(u))
THIMBLE_UNARY(Cosh, "cosh", "hyperbolic cosine", "Cosh", "cosh.default", coshf(u))
THIMBLE_UNARY(Asinh, "asinh", "inverse hyperbolic sine", "Asinh", "asinh.default", asinhf(u))
THIMBLE_UNARY(Acosh, "acosh", "inverse hyperbolic cosine", "Acosh", "acosh.default", acoshf(u))
THIMBLE_UNARY(Atanh, "atanh", "inverse hyperbolic tangent", "Atanh", "atanh.default", atanhf(u))
THIMBLE_UNARY(Exp2, "exp2", "2 to the x", "", "exp2.default", powf(2.0f, u))
THIMBLE_UNARY(Log2, "log2", "logarithm to base 2", "", "log2.default", logf(u) * 1.44269504f)
THIMBLE_UNARY(Log10, "log10", "logarithm to base 10", "", "log10.default", log10f(u))
THIMBLE_UNARY(IsNaN, "is_nan", "whether x is not a number", "IsNaN", "isnan.default",
              u != u ? 1.0f : 0.0f)
THIMBLE_UNARY(Not, "not", "whether x is 0", "Not", "logical_not.default", u == 0.0f ? 1.0f : 0.0f)
THIMBLE_UNARY(Bool, "bool", "whether x is not 0", "", "", u != 0.0f ? 1.0f : 0.0f)

#undef THIMBLE_UNARY

// Casts in a network of floats: to integers these are Trunc, to truth values Bool.
const Operator kTrunc = elementwise_operator({.op = "Trunc",
                                              .kernel = "trunc",
                                              .summary = "to an integer towards 0",
                                              .real = THIMBLE_REAL(truncf(u)),
                                              .foreign = {{"aten", "trunc.default"}}},
                                             {{"onnx", "Cast", import_cast},
                                              {"onnx", "CastLike", import_cast_like},
                                              {"aten", "to.dtype", import_cast},
                                              {"aten", "_to_copy.default", import_cast}});

const Operator kIsInf = elementwise_operator(
    {.op = "IsInf",
     .kernel = "is_inf",
     .summary = "whether x is infinite: negative if alpha, positive if beta",
     .real = THIMBLE_REAL(fabsf(u) > 3.40282347e+38f && (u < 0.0f ? alpha : beta) != 0.0f ? 1.0f
                                                                                          : 0.0f),
     .foreign = {
         {"onnx", "IsInf", {{"alpha", "detect_negative", 1}, {"beta", "detect_positive", 1}}},
         {"aten", "isinf.default", {{"alpha", "", 1}, {"beta", "", 1}}}}});

}  // namespace thimble::ops
