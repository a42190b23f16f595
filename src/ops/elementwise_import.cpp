// From foreign nodes to elementwise ones (elementwise_import.h).
#include "ops/elementwise_import.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "ops/broadcast.h"
#include "ops/constant.h"
#include "ops/elementwise.h"
#include "ops/infer.h"
#include "ops/tflite_import.h"
#include "support/check.h"

namespace thimble::ops {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

double number_at(const ForeignTensor &tensor, std::size_t at) {
  return tensor.is_float() ? double{tensor.f32.at(at)} : static_cast<double>(tensor.i64.at(at));
}

// A constant of integers or truth values becomes a Constant of floats under its name.
void bind_as_floats(Builder &builder, const ForeignNode &node, const std::string &name,
                    const ForeignTensor &tensor) {
  const bool filled = tensor.elements() == static_cast<std::int64_t>(tensor.i64.size());
  if (!filled || builder.find(name)->value != kConstantValue) return;
  const std::vector<float> floats(tensor.i64.begin(), tensor.i64.end());
  const auto value = add_constant_value(
      builder.graph(), name, {ForeignType::kF32, tensor.dims, floats, {}}, builder.axes());
  if (value.ok()) return builder.bind(name, *value, tensor.dims);
  for (const Diagnostic &wrong : value.diagnostics())
    builder.error(node, wrong.what, wrong.why, wrong.fix);
}

// A node beside the foreign one, for what has to happen before it.
ForeignNode beside(const ForeignNode &node, const std::string &suffix) {
  ForeignNode other = node;
  other.name += suffix;
  other.outputs = {other.name};
  return other;
}

std::string dims_text(const Dims &dims) { return fmt::format("[{}]", fmt::join(dims, ",")); }

// Dimensions of all operands broadcast against each other; reports where they do not fit.
std::optional<Dims> common_dims(Builder &builder, const ForeignNode &node,
                                const std::vector<Operand> &operands) {
  Dims dims = operands.front().value.dims;
  for (const Operand &operand : operands) {
    const auto both = broadcast_dims(dims, operand.value.dims);
    if (!both) {
      builder.error(
          node,
          fmt::format("its operands are {} and {}", dims_text(dims), dims_text(operand.value.dims)),
          "aligned at the last, each dimension must be the same or 1");
      return std::nullopt;
    }
    dims = *both;
  }
  if (const auto layout = builder.layout_of(dims); !layout.ok()) {
    for (const Diagnostic &found : layout.diagnostics())
      builder.error(node, found.what, found.why, found.fix);
    return std::nullopt;
  }
  return dims;
}

struct FormOfOperator {
  const Operator &op;
  const ForeignForm &form;
};

FormOfOperator form_of(const ForeignNode &node) {
  for (const Operator *op : all_operators()) {
    if (!op->function) continue;
    for (const ForeignForm &form : op->function->foreign)
      if (form.domain == node.domain && form.op == node.op) return {*op, form};
  }
  CHECK(false, "'" + node.op + "' has a rule, so some function has its form");
}

Operand number(double value) { return {{{}, kConstantValue}, value}; }

// u op v; both inputs must be there.
std::optional<Operand> add_of_inputs(Builder &builder, const ForeignNode &node,
                                     const std::string &op) {
  const auto u = operand_of(builder, node, 0), v = operand_of(builder, node, 1);
  if (!u || !v) return std::nullopt;
  return add_elementwise(builder, node, op, {*u, *v});
}

// A limit of Clip: absent is infinite; nothing where it is no number of the file.
std::optional<Operand> limit_of(Builder &builder, const ForeignNode &node, std::size_t index,
                                const char *attribute, double otherwise) {
  if (builder.has_input(node, index)) return operand_of(builder, node, index);
  return number(node.real(attribute, otherwise));
}

// A factor and an offset a channel, as constants of a BatchNorm.
struct ChannelAffine {
  std::vector<float> scale, shift;
};

// What `op` does with a value as operand `at` and one constant a channel as the other.
std::optional<ChannelAffine> channel_affine(std::string_view op, std::size_t at,
                                            const std::vector<float> &constant) {
  ChannelAffine affine;
  for (const float c : constant) {
    const bool is_sum = op == "Add" || op == "Sub";
    if (!is_sum && op != "Mul" && (op != "Div" || at == 1)) return std::nullopt;
    const float sign = op == "Sub" ? -1.0f : 1.0f;
    affine.scale.push_back(is_sum ? (at == 1 ? sign : 1.0f) : op == "Mul" ? c : 1.0f / c);
    affine.shift.push_back(!is_sum ? 0.0f : at == 1 ? c : sign * c);
  }
  const auto finite = [](float x) { return std::isfinite(x); };
  if (!std::all_of(affine.scale.begin(), affine.scale.end(), finite) ||
      !std::all_of(affine.shift.begin(), affine.shift.end(), finite))
    return std::nullopt;
  return affine;
}

// Whether the constant is one number for each channel of a stored tensor of dimensions `dims`.
bool is_by_channel(const Builder &builder, const ForeignTensor &constant, const Dims &dims) {
  const auto count = static_cast<std::int64_t>(constant.f32.size());
  if (count < 2 || constant.elements() != count || broadcast_dims(constant.dims, dims) != dims)
    return false;
  const ir::Shape shape = broadcast_operand(builder, {constant.dims, kConstantValue}, dims).shape;
  return shape == ir::Shape{1, 1, static_cast<int>(count)};
}

// Sums and products with one constant a channel are what passes fold into the weights before.
bool import_as_batch_norm(Builder &builder, const ForeignNode &node, std::string_view op) {
  for (const std::size_t at : {0u, 1u}) {
    if (!builder.has_input(node, 1)) return false;
    const Imported *value = builder.find(node.inputs[at]);
    const ForeignTensor *constant = builder.constant(node.inputs[1 - at]);
    if (!value || value->value < 0 || !constant || !is_by_channel(builder, *constant, value->dims))
      continue;
    auto affine = channel_affine(op, at, constant->f32);
    if (!affine) continue;
    const Imported input = *value;
    const std::vector<int> channels{static_cast<int>(constant->f32.size())};
    const auto scale = builder.add_constant(node.name + ".scale", channels, affine->scale);
    const auto shift = builder.add_constant(node.name + ".shift", channels, affine->shift);
    const auto norm = builder.add(node, "BatchNorm", {input.value}, {scale, shift}, {});
    builder.bind(node.outputs.at(0), norm, input.dims);
    return true;
  }
  return false;
}

}  // namespace

std::optional<Operand> operand_of(Builder &builder, const ForeignNode &node, std::size_t index) {
  const ForeignTensor *constant =
      builder.has_input(node, index) ? builder.constant(node.inputs[index]) : nullptr;
  if (constant && constant->elements() == 1 && constant->f32.size() + constant->i64.size() == 1)
    return Operand{{constant->dims, kConstantValue}, number_at(*constant, 0)};
  if (constant && !constant->is_float())
    bind_as_floats(builder, node, node.inputs[index], *constant);
  const Imported *value = builder.activation(node, index);
  if (!value) return std::nullopt;
  return Operand{*value, std::nullopt};
}

std::optional<Operand> add_elementwise(Builder &builder, const ForeignNode &node,
                                       const std::string &op, std::vector<Operand> operands,
                                       ir::Attributes attributes) {
  const auto dims = common_dims(builder, node, operands);
  if (!dims) return std::nullopt;
  std::vector<ir::ValueId> inputs;
  for (std::size_t i = 0; i < operands.size(); ++i) {
    if (operands[i].number) {
      attributes[std::string(kOperandNames[i])] = *operands[i].number;
      continue;
    }
    const BroadcastOperand broadcast = broadcast_operand(builder, operands[i].value, *dims);
    inputs.push_back(builder.add_strided(beside(node, fmt::format("_in{}", i)),
                                         operands[i].value.value, broadcast.elements,
                                         broadcast.shape));
  }
  const ir::ValueId value = builder.add(node, op, inputs, {}, std::move(attributes));
  return Operand{{*dims, value}, std::nullopt};
}

void bind_result(Builder &builder, const ForeignNode &node, const std::optional<Operand> &result) {
  if (!result) return;
  if (result->number) return builder.error(node, "reads nothing but numbers of the file");
  builder.bind(node.outputs.at(0), result->value.value, result->value.dims);
}

void import_elementwise(Builder &builder, const ForeignNode &node) {
  const auto [op, form] = form_of(node);
  if (import_as_batch_norm(builder, node, op.name)) return;
  std::vector<Operand> operands;
  for (int i = 0; i < op.function->operands; ++i)
    if (const auto operand = operand_of(builder, node, static_cast<std::size_t>(i)))
      operands.push_back(*operand);
  if (static_cast<int>(operands.size()) < op.function->operands) return;
  if (form.swapped) std::swap(operands.at(0), operands.at(1));
  ir::Attributes attributes;
  for (const ForeignParameter &parameter : form.parameters)
    attributes[std::string(parameter.parameter)] =
        parameter.attribute.empty() ? parameter.otherwise
                                    : node.real(parameter.attribute, parameter.otherwise);
  bind_result(builder, node,
              add_elementwise(builder, node, std::string(op.name), operands, attributes));
}

void import_square(Builder &builder, const ForeignNode &node) {
  const auto u = operand_of(builder, node, 0);
  if (u) bind_result(builder, node, add_elementwise(builder, node, "Mul", {*u, *u}));
}

// Constants of a quantized network are integers like everything else, single numbers too.
void import_tflite_arithmetic(Builder &builder, const ForeignNode &node) {
  const auto limits = fused_limits(builder, node);
  const bool quantized = !node.outputs.empty() && builder.quant(node.outputs[0]);
  const auto operand = [&](std::size_t index) -> std::optional<Operand> {
    if (!quantized) return operand_of(builder, node, index);
    const Imported *value = builder.activation(node, index);
    return value ? std::optional(Operand{*value, std::nullopt}) : std::nullopt;
  };
  const auto u = operand(0), v = operand(1);
  if (!u || !v || !limits) return;
  const char *op = node.op == "ADD" ? "Add" : node.op == "SUB" ? "Sub" : "Mul";
  bind_result(builder, node, add_elementwise(builder, node, op, {*u, *v}, *limits));
}

void import_gelu(Builder &builder, const ForeignNode &node) {
  const auto u = operand_of(builder, node, 0);
  const bool by_tanh = node.text("approximate", "none") == "tanh";
  if (u)
    bind_result(builder, node, add_elementwise(builder, node, by_tanh ? "GeluTanh" : "Gelu", {*u}));
}

// ONNX has the limits as attributes (opset 6) or inputs, ATen under three names. Both numbers: one
// Clip; else a Max, then a Min, so that the upper limit wins.
void import_clip(Builder &builder, const ForeignNode &node) {
  const bool is_hardtanh = node.op == "hardtanh.default";
  const auto u = operand_of(builder, node, 0);
  const auto lo =
      limit_of(builder, node, 1, is_hardtanh ? "min_val" : "min", is_hardtanh ? -1 : -kInfinity);
  const auto hi =
      limit_of(builder, node, 2, is_hardtanh ? "max_val" : "max", is_hardtanh ? 1 : kInfinity);
  if (!u || !lo || !hi) return;
  if (lo->number && hi->number)
    return bind_result(
        builder, node,
        add_elementwise(builder, node, "Clip", {*u},
                        {{"alpha", std::min(*lo->number, *hi->number)}, {"beta", *hi->number}}));
  auto result = u;
  if (!lo->number || *lo->number > -kInfinity)
    result = add_elementwise(builder, node, "Max", {*result, *lo});
  if (result && (!hi->number || *hi->number < kInfinity))
    result = add_elementwise(builder, node, "Min", {*result, *hi});
  bind_result(builder, node, result);
}

// ATen's slopes [C] belong to axis 1; ONNX's broadcast like everything else. One slope: LeakyRelu.
void import_prelu(Builder &builder, const ForeignNode &node) {
  const auto u = operand_of(builder, node, 0), slope = operand_of(builder, node, 1);
  if (!u || !slope) return;
  if (slope->number)
    return bind_result(
        builder, node,
        add_elementwise(builder, node, "LeakyRelu", {*u}, {{"alpha", *slope->number}}));
  if (node.domain == "onnx" || u->value.dims.size() < 2)
    return bind_result(builder, node, add_elementwise(builder, node, "PRelu", {*u, *slope}));
  StridedView view = builder.view_of(slope->value);
  view.axes.resize(u->value.dims.size() - 1, {{1, 0}});
  const ForeignNode shaped = beside(node, "_slope");
  builder.bind_view(shaped, view);
  const Imported *by_channel = builder.find(shaped.outputs[0]);
  if (by_channel)
    bind_result(builder, node,
                add_elementwise(builder, node, "PRelu", {*u, {*by_channel, std::nullopt}}));
}

void import_mod(Builder &builder, const ForeignNode &node) {
  bind_result(builder, node,
              add_of_inputs(builder, node, node.integer("fmod", 0) ? "Fmod" : "Mod"));
}

// u + alpha * v, u - alpha * v; rsub has its inputs the other way round.
void import_scaled_sum(Builder &builder, const ForeignNode &node) {
  const std::string op = node.op.starts_with("add") ? "Add" : "Sub";
  const bool is_swapped = node.op.starts_with("rsub");
  const double alpha = node.real("alpha", 1);
  if (alpha == 1 && !is_swapped && import_as_batch_norm(builder, node, op)) return;
  auto u = operand_of(builder, node, 0), v = operand_of(builder, node, 1);
  if (is_swapped) std::swap(u, v);
  if (alpha != 1 && v && v->number)
    *v->number *= alpha;
  else if (alpha != 1 && v)
    v = add_elementwise(builder, beside(node, "_alpha"), "Mul", {*v, number(alpha)});
  if (!u || !v) return;
  bind_result(builder, node, add_elementwise(builder, node, op, {*u, *v}));
}

// One after the other, numbers last: the first pair has to have a value.
void import_variadic(Builder &builder, const ForeignNode &node) {
  std::vector<Operand> operands;
  for (std::size_t i = 0; i < node.inputs.size(); ++i)
    if (const auto operand = operand_of(builder, node, i)) operands.push_back(*operand);
  if (operands.empty() || operands.size() < node.inputs.size()) return;
  std::stable_partition(operands.begin(), operands.end(),
                        [](const Operand &operand) { return !operand.number; });
  const std::string op = node.op == "Sum" || node.op == "Mean" ? "Add" : node.op;
  std::optional<Operand> result = operands[0];
  for (std::size_t i = 1; result && i < operands.size(); ++i)
    result = add_elementwise(builder, node, op, {*result, operands[i]});
  if (result && node.op == "Mean")
    result = add_elementwise(builder, node, "Mul",
                             {*result, number(1.0 / static_cast<double>(operands.size()))});
  bind_result(builder, node, result);
}

void import_rounded_division(Builder &builder, const ForeignNode &node) {
  const std::string mode = node.op.starts_with("floor") ? "floor" : node.text("rounding_mode", "");
  const auto quotient = add_of_inputs(builder, node, "Div");
  if (!quotient || mode.empty()) return bind_result(builder, node, quotient);
  bind_result(builder, node,
              add_elementwise(builder, node, mode == "floor" ? "Floor" : "Trunc", {*quotient}));
}

}  // namespace thimble::ops
