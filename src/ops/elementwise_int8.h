// Functions of two int8 operands in integers (element_function.h): the operands become integers u
// and v, the function's integer expression of them an accumulator, which is requantized.
//
//   kCommon    u = (a - a_zero) * round(s_a / s_max * 2^14), v likewise; the result at s_max / 2^14
//              requantization q31, as TensorFlow Lite has it: u = requantize((a - a_zero) * 2^20,
//              s_a / (2 * s_max)), v likewise; the result at 2 * s_max / 2^20
//   kProduct   u = a - a_zero, v = b - b_zero; the result at s_a * s_b / beta
//   kQuotient  u and v as for kProduct; the result at s_a / s_b / 2^15
//
// with s_max the larger input scale. Of a kProduct, beta and alpha are integers: beta the largest
// power of two up to 2^10 for which alpha = round(beta / s_b), which stands for v = 1, is at most
// 2^22. Where an expression uses alpha, beta / alpha takes the place of s_b. The int8 result is
//     clamp(requantize(accumulator, its scale / s_out) + out_zero, act_min, act_max).
// Factors are at most 2^14, |a - a_zero| at most 255: sums stay below 2^23, products with alpha or
// beta below 2^30.
#pragma once

#include "ops/elementwise.h"
#include "ops/fused.h"
#include "ops/requant.h"

namespace thimble::ops {

// Operands are taken so many bits up before they are rounded to the scale they share (q31).
constexpr int kLeftShift = 20;

struct IntegerCall {
  int zero[2], factor[2];
  std::int32_t alpha = 1, beta = 1;
  Multiplier multiplier;
  bool shifts_first = false;  // kCommon in q31: multipliers of the operands instead of factors
  Multiplier operand[2] = {};
  int out_zero = 0;
  IntLimits limits;
};
// `node` has two int8 inputs and its function an integer expression.
IntegerCall integer_call(const ir::Graph &graph, const ir::Node &node, const Numbers &numbers);
std::int8_t apply(const ElementFunction &function, const IntegerCall &call,
                  targets::Requant requant, std::int8_t a, std::int8_t b);
void add_sizes(Kernel &kernel, const IntegerCall &call);

}  // namespace thimble::ops
