// Functions of single elements (ops/elementwise.h). u, v, w are the operands, tensors that
// broadcast or numbers; alpha, beta, gamma the node's parameters. Where libtorch has the function
// by name it is used: its slopes are right where the formula's would be infinity times zero.
//
// What compares or tells has no slope, but may choose what does (Where): computed all the same.
#include "ops/elementwise.h"
#include "train/differentiable.h"

namespace thimble::train {
namespace {

using torch::Tensor;

struct Elements {
  Tensor u, v, w;
  double alpha, beta, gamma;
};
using Function = Tensor (*)(const Elements &);

Elements elements_of(const Call &call) {
  const ops::ElementCall element(call.node);
  Tensor operands[3];
  std::size_t input = 0;
  for (int i = 0; i < element.function().operands; ++i)
    operands[i] = element.is_input(i) ? call.inputs[input++] : torch::tensor(element.scalar(i));
  return {operands[0],          operands[1],          operands[2],
          element.parameter(0), element.parameter(1), element.parameter(2)};
}

Tensor truth(const Tensor &is_true) { return is_true.to(torch::kFloat32); }

// A number as exponent stays one: libtorch knows squares and roots.
Tensor power(const Elements &e) {
  if (e.v.dim() == 0) return torch::pow(e.u, e.v.item());
  return torch::pow(e.u, e.v);
}

// Rounded to levels; the slope is 1 where the levels reach.
Tensor fake_quantize(const Call &call) {
  const double scale = static_cast<float>(call.node.real("scale", 1));
  const auto zero = static_cast<double>(call.node.integer("zero_point", 0));
  const double lo = -128 - zero, hi = 127 - zero;
  const Tensor &in = call.inputs[0];
  const Tensor levels = (in.detach().to(torch::kFloat64) / scale).round().clamp(lo, hi);
  const Tensor within = in.clamp(lo * scale, hi * scale);
  return (levels * scale).to(torch::kFloat32) + (within - within.detach());
}

#define THIMBLE_ELEMENTS(Name, ...)                                \
  {                                                                \
#Name, [](const Elements &e) -> Tensor { return __VA_ARGS__; } \
  }

const std::pair<std::string_view, Function> kFunctions[] = {
    THIMBLE_ELEMENTS(Relu, torch::relu(e.u)),
    THIMBLE_ELEMENTS(Sigmoid, torch::sigmoid(e.u)),
    THIMBLE_ELEMENTS(Tanh, torch::tanh(e.u)),
    THIMBLE_ELEMENTS(HardSigmoid, torch::clamp(e.alpha *e.u + e.beta, 0, 1)),
    THIMBLE_ELEMENTS(HardSwish, torch::hardswish(e.u)),
    THIMBLE_ELEMENTS(Swish, e.u *torch::sigmoid(e.alpha *e.u)),
    THIMBLE_ELEMENTS(Mish, torch::mish(e.u)),
    THIMBLE_ELEMENTS(Elu, torch::elu(e.u, e.alpha, e.beta, e.gamma)),
    THIMBLE_ELEMENTS(Celu, torch::celu(e.u, e.alpha)),
    THIMBLE_ELEMENTS(Gelu, torch::gelu(e.u)),
    THIMBLE_ELEMENTS(GeluTanh, torch::gelu(e.u, "tanh")),
    THIMBLE_ELEMENTS(LeakyRelu, torch::leaky_relu(e.u, e.alpha)),
    THIMBLE_ELEMENTS(ThresholdedRelu, torch::threshold(e.u, e.alpha, e.beta)),
    THIMBLE_ELEMENTS(Softplus, torch::softplus(e.u, e.alpha, e.beta)),
    THIMBLE_ELEMENTS(Softsign, e.u / (1 + torch::abs(e.u))),
    THIMBLE_ELEMENTS(Shrink, torch::where(e.u < -e.alpha, e.u + e.beta,
                                          torch::where(e.u > e.alpha, e.u - e.beta, 0.0))),
    THIMBLE_ELEMENTS(Clip, torch::clamp(e.u, e.alpha, e.beta)),
    THIMBLE_ELEMENTS(Abs, torch::abs(e.u)),
    THIMBLE_ELEMENTS(Neg, -e.u),
    THIMBLE_ELEMENTS(Sign, torch::sign(e.u)),
    THIMBLE_ELEMENTS(Floor, torch::floor(e.u)),
    THIMBLE_ELEMENTS(Ceil, torch::ceil(e.u)),
    THIMBLE_ELEMENTS(Round, torch::round(e.u)),
    THIMBLE_ELEMENTS(Trunc, torch::trunc(e.u)),
    THIMBLE_ELEMENTS(Reciprocal, torch::reciprocal(e.u)),
    THIMBLE_ELEMENTS(Sqrt, torch::sqrt(e.u)),
    THIMBLE_ELEMENTS(Rsqrt, torch::rsqrt(e.u)),
    THIMBLE_ELEMENTS(Exp, torch::exp(e.u)),
    THIMBLE_ELEMENTS(Exp2, torch::exp2(e.u)),
    THIMBLE_ELEMENTS(Log, torch::log(e.u)),
    THIMBLE_ELEMENTS(Log2, torch::log2(e.u)),
    THIMBLE_ELEMENTS(Log10, torch::log10(e.u)),
    THIMBLE_ELEMENTS(Erf, torch::erf(e.u)),
    THIMBLE_ELEMENTS(Sin, torch::sin(e.u)),
    THIMBLE_ELEMENTS(Cos, torch::cos(e.u)),
    THIMBLE_ELEMENTS(Tan, torch::tan(e.u)),
    THIMBLE_ELEMENTS(Asin, torch::asin(e.u)),
    THIMBLE_ELEMENTS(Acos, torch::acos(e.u)),
    THIMBLE_ELEMENTS(Atan, torch::atan(e.u)),
    THIMBLE_ELEMENTS(Sinh, torch::sinh(e.u)),
    THIMBLE_ELEMENTS(Cosh, torch::cosh(e.u)),
    THIMBLE_ELEMENTS(Asinh, torch::asinh(e.u)),
    THIMBLE_ELEMENTS(Acosh, torch::acosh(e.u)),
    THIMBLE_ELEMENTS(Atanh, torch::atanh(e.u)),
    THIMBLE_ELEMENTS(Add, e.u + e.v),
    THIMBLE_ELEMENTS(Sub, e.u - e.v),
    THIMBLE_ELEMENTS(Mul, e.u *e.v),
    THIMBLE_ELEMENTS(Div, e.u / e.v),
    THIMBLE_ELEMENTS(Min, torch::minimum(e.u, e.v)),
    THIMBLE_ELEMENTS(Max, torch::maximum(e.u, e.v)),
    THIMBLE_ELEMENTS(PRelu, torch::where(e.u < 0, e.u *e.v, e.u)),
    THIMBLE_ELEMENTS(Pow, power(e)),
    THIMBLE_ELEMENTS(Fmod, torch::fmod(e.u, e.v)),
    THIMBLE_ELEMENTS(Mod, torch::remainder(e.u, e.v)),
    THIMBLE_ELEMENTS(Atan2, torch::atan2(e.u, e.v)),
    THIMBLE_ELEMENTS(Where, torch::where(e.u != 0, e.v, e.w)),
    THIMBLE_ELEMENTS(IsNaN, truth(torch::isnan(e.u))),
    THIMBLE_ELEMENTS(IsInf, truth((torch::isposinf(e.u) * (e.beta != 0)) +
                                  (torch::isneginf(e.u) * (e.alpha != 0)))),
    THIMBLE_ELEMENTS(Not, truth(e.u == 0)),
    THIMBLE_ELEMENTS(Bool, truth(e.u != 0)),
    THIMBLE_ELEMENTS(And, truth(torch::logical_and(e.u, e.v))),
    THIMBLE_ELEMENTS(Or, truth(torch::logical_or(e.u, e.v))),
    THIMBLE_ELEMENTS(Xor, truth(torch::logical_xor(e.u, e.v))),
    THIMBLE_ELEMENTS(Equal, truth(torch::eq(e.u, e.v))),
    THIMBLE_ELEMENTS(NotEqual, truth(torch::ne(e.u, e.v))),
    THIMBLE_ELEMENTS(Less, truth(torch::lt(e.u, e.v))),
    THIMBLE_ELEMENTS(LessOrEqual, truth(torch::le(e.u, e.v))),
};

#undef THIMBLE_ELEMENTS

}  // namespace

Family element_family() {
  Family family = {{"FakeQuantize", fake_quantize}};
  for (const auto &[op, function] : kFunctions)
    family.push_back({op, [function = function](const Call &call) {
                        return activated(call.node, function(elements_of(call)));
                      }});
  return family;
}

}  // namespace thimble::train
