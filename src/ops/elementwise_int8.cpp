// Scales to integers, by the formulas of elementwise_int8.h.
#include "ops/elementwise_int8.h"

#include <algorithm>
#include <cmath>

namespace thimble::ops {
namespace {

struct Scales {
  double a, b, out;
};

void use_common_scale(IntegerCall &call, const Scales &s, targets::Requant requant) {
  const double max_scale = std::max(s.a, s.b);
  call.factor[0] = static_cast<int>(std::lround(s.a / max_scale * (1 << 14)));
  call.factor[1] = static_cast<int>(std::lround(s.b / max_scale * (1 << 14)));
  call.multiplier = quantize_multiplier(max_scale / (1 << 14) / s.out, requant);
}

void use_shifted_scale(IntegerCall &call, const Scales &s) {
  const double twice_max = 2 * std::max(s.a, s.b);
  call.shifts_first = true;
  call.operand[0] = quantize_multiplier(s.a / twice_max, targets::Requant::kQ31);
  call.operand[1] = quantize_multiplier(s.b / twice_max, targets::Requant::kQ31);
  call.multiplier =
      quantize_multiplier(twice_max / ((1 << kLeftShift) * s.out), targets::Requant::kQ31);
}

void use_product_scale(IntegerCall &call, const Scales &s, bool uses_alpha,
                       targets::Requant requant) {
  double scale_b = s.b;
  if (uses_alpha) {
    constexpr double kMost = 1 << 22;
    for (call.beta = 1 << 10; call.beta > 1 && call.beta / s.b > kMost;) call.beta /= 2;
    call.alpha = static_cast<std::int32_t>(std::lround(std::clamp(call.beta / s.b, 1.0, kMost)));
    scale_b = double(call.beta) / call.alpha;
  }
  call.multiplier = quantize_multiplier(s.a * scale_b / call.beta / s.out, requant);
}

}  // namespace

IntegerCall integer_call(const ir::Graph &graph, const ir::Node &node, const Numbers &numbers) {
  const ElementFunction &function = *operator_of(node).function;
  const ir::Quant a = *graph.value(node.inputs[0]).type.quant;
  const ir::Quant b = *graph.value(node.inputs[1]).type.quant;
  const ir::Quant out = *graph.value(node.outputs[0]).type.quant;
  IntegerCall call{.zero = {a.zero_point, b.zero_point},
                   .factor = {1, 1},
                   .multiplier = {},
                   .out_zero = out.zero_point,
                   .limits = int_limits(node, out)};
  const Scales scales{a.scale, b.scale, out.scale};
  switch (function.scales) {
    case IntegerScales::kCommon:
      if (numbers.requant == targets::Requant::kQ31)
        use_shifted_scale(call, scales);
      else
        use_common_scale(call, scales, numbers.requant);
      break;
    case IntegerScales::kProduct:
      use_product_scale(call, scales, mentions(function.integer.text, "alpha"), numbers.requant);
      break;
    case IntegerScales::kQuotient:
      call.multiplier =
          quantize_multiplier(scales.a / scales.b / scales.out / (1 << 15), numbers.requant);
      break;
  }
  return call;
}

std::int8_t apply(const ElementFunction &function, const IntegerCall &call,
                  targets::Requant requant, std::int8_t a, std::int8_t b) {
  const auto operand = [&](int i, std::int8_t q) {
    const std::int32_t above = q - call.zero[i];
    if (!call.shifts_first) return above * call.factor[i];
    return requantize(above * (1 << kLeftShift), call.operand[i], requant);
  };
  const std::int32_t u = operand(0, a), v = operand(1, b);
  const std::int32_t sum = function.integer.f(u, v, 0, call.alpha, call.beta, 0);
  const std::int64_t q = std::int64_t{requantize(sum, call.multiplier, requant)} + call.out_zero;
  return static_cast<std::int8_t>(std::clamp<std::int64_t>(q, call.limits.lo, call.limits.hi));
}

void add_sizes(Kernel &kernel, const IntegerCall &call) {
  const std::pair<std::string, std::int64_t> sizes[] = {
      {"a_zero", call.zero[0]},        {"b_zero", call.zero[1]},
      {"out_zero", call.out_zero},     {"act_min", call.limits.lo},
      {"act_max", call.limits.hi},     {"multiplier", call.multiplier.multiplier},
      {"shift", call.multiplier.shift}};
  kernel.sizes.insert(kernel.sizes.end(), std::begin(sizes), std::end(sizes));
  static constexpr const char *kOperands[] = {"a", "b"};
  for (int i = 0; i < 2; ++i) {
    const std::string name = kOperands[i];
    if (!call.shifts_first) {
      kernel.sizes.emplace_back(name + "_factor", call.factor[i]);
      continue;
    }
    kernel.sizes.emplace_back(name + "_multiplier", call.operand[i].multiplier);
    kernel.sizes.emplace_back(name + "_shift", call.operand[i].shift);
  }
  if (mentions(kernel.expression, "alpha")) kernel.sizes.emplace_back("alpha", call.alpha);
  if (mentions(kernel.expression, "beta")) kernel.sizes.emplace_back("beta", call.beta);
}

}  // namespace thimble::ops
