// A function of single elements, said once: the same characters are C99 for the kernel that codegen
// prints and C++ for the evaluators, so that the two cannot drift apart.
//
// u, v, w are an element of each operand; alpha, beta, gamma the node's parameters.
#pragma once

#include <math.h>

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "ir/graph.h"

namespace thimble::ops {

template <class T>
struct Expression {
  const char *text = nullptr;  // null: there is none
  T (*f)(T u, T v, T w, T alpha, T beta, T gamma) = nullptr;
};

// What stands between the brackets as an Expression<float> or an Expression<std::int32_t>.
#define THIMBLE_EXPRESSION(T, ...)                                           \
  {                                                                          \
#__VA_ARGS__, [](T u, T v, T w, T alpha, T beta, T gamma) -> T {           \
      (void)u, (void)v, (void)w, (void)alpha, (void)beta, (void)gamma;         \
      return __VA_ARGS__;                                                      \
    } \
  }
#define THIMBLE_REAL(...) THIMBLE_EXPRESSION(float, __VA_ARGS__)
#define THIMBLE_INTEGER(...) THIMBLE_EXPRESSION(std::int32_t, __VA_ARGS__)

// Kernels' helpers that expressions may call (codegen/kernels/clamp_f32.c).
inline float clamp_f32(float value, float low, float high) {
  return value < low ? low : value > high ? high : value;
}

// How the integers u and v of two int8 operands relate to real numbers, and what scale the integer
// expression of them has (elementwise_int8.h).
enum class IntegerScales {
  kCommon,    // both at one scale, so is the result: sums, extremes
  kProduct,   // each at its own; the result at the product of the two
  kQuotient,  // each at its own; the result at 2^-15 of their quotient
};

// A parameter as a foreign node's attribute; one without a name is always `otherwise`.
struct ForeignParameter {
  std::string_view parameter;  // "alpha"
  std::string_view attribute;  // "negative_slope"
  double otherwise = 0;
};

// A foreign operator that computes the function of its first inputs.
struct ForeignForm {
  std::string_view domain, op;
  std::vector<ForeignParameter> parameters = {};
  bool swapped = false;  // its inputs are v, u
};

struct ElementFunction {
  std::string_view op;       // the operator's name: "HardSwish"
  std::string_view kernel;   // functions of the generated C begin with it: "hard_swish"
  std::string_view summary;  // one line for `thimble ops`
  int operands = 1;          // 1 to 3
  Expression<float> real;
  Expression<std::int32_t> integer = {};  // of two int8 operands; one is a table whatever it is
  IntegerScales scales = IntegerScales::kCommon;
  std::vector<ForeignForm> foreign = {};
  // Of an int8: its value as TensorFlow Lite's reference computes it (q31_functions.h); null, or
  // nothing for these scales: the rounded real one. `parameters` are alpha, beta, gamma.
  std::optional<int> (*reference)(int q, const ir::Quant &in, const ir::Quant &out,
                                  const float *parameters) = nullptr;
  std::optional<ir::Quant> preferred_quant = {};  // of int8 outputs, where the range is known
};

}  // namespace thimble::ops
