// Normalisations as what they are made of: statistics along some axes (Reduce), and each element
// with them (elementwise operators, which broadcast). Statistics of a pixel's channels stream;
// those over rows keep the tensor until they are known.
#include <algorithm>

#include "ops/composites.h"
#include "ops/reduce_import.h"
#include "ops/strided_view.h"

namespace thimble::ops {
namespace {

using MaybeOperand = std::optional<Operand>;

// Elementwise `op` as a step of the node.
MaybeOperand step(Builder &builder, const ForeignNode &node, const char *suffix, const char *op,
                  std::vector<Operand> operands) {
  return add_elementwise(builder, step_of(node, suffix), op, std::move(operands));
}

// A normalised tensor, and the statistics that it took.
struct Normalized {
  MaybeOperand value, mean, inverse;
};

// (x - mean) / sqrt(variance + epsilon), or without `centred` x / sqrt(mean square + epsilon).
Normalized normalized(Builder &builder, const ForeignNode &node, const Operand &x,
                      const std::vector<std::size_t> &axes, double epsilon, bool centred) {
  Normalized result;
  MaybeOperand offset = x;
  if (centred) {
    result.mean = add_reduce(builder, step_of(node, "_mean"), "mean", x, axes, true);
    offset = step(builder, node, "_centred", "Sub", {x, *result.mean});
    if (!offset) return {};
  }
  const auto square = step(builder, node, "_square", "Mul", {*offset, *offset});
  if (!square) return {};
  const Operand variance =
      add_reduce(builder, step_of(node, "_variance"), "mean", *square, axes, true);
  const auto safe = step(builder, node, "_epsilon", "Add", {variance, number_operand(epsilon)});
  if (safe) result.inverse = step(builder, node, "_inverse", "Rsqrt", {*safe});
  if (result.inverse)
    result.value = step(builder, node, "_normalized", "Mul", {*offset, *result.inverse});
  return result;
}

// The i-th input, if it is there, with ones as dimensions behind its own: a factor a channel.
MaybeOperand by_channel(Builder &builder, const ForeignNode &node, std::size_t index,
                        std::size_t rank) {
  auto operand = operand_of(builder, node, index);
  if (!operand || operand->number || operand->value.value < 0) return operand;
  StridedView view = builder.view_of(operand->value);
  while (view.axes.size() + 1 < rank) view.axes.push_back({{1, 0}});
  const ForeignNode shaping = step_of(node, "_by_channel");
  builder.bind_view(shaping, view);
  const Imported *bound = builder.find(shaping.outputs[0]);
  if (!bound) return std::nullopt;
  return Operand{*bound, {}};
}

MaybeOperand plain_input(Builder &builder, const ForeignNode &node, std::size_t index,
                         std::size_t) {
  return operand_of(builder, node, index);
}

// x * input `scale` + input `bias`, where those are there; `read` brings them into shape.
using ReadOperand = MaybeOperand (*)(Builder &, const ForeignNode &, std::size_t, std::size_t);
MaybeOperand affine(Builder &builder, const ForeignNode &node, MaybeOperand x, std::size_t scale,
                    std::size_t bias, ReadOperand read) {
  if (x && builder.has_input(node, scale)) {
    const auto factor = read(builder, node, scale, x->value.dims.size());
    if (!factor) return std::nullopt;
    x = step(builder, node, "_scaled", "Mul", {*x, *factor});
  }
  if (x && builder.has_input(node, bias)) {
    const auto offset = read(builder, node, bias, x->value.dims.size());
    if (!offset) return std::nullopt;
    x = step(builder, node, "_shifted", "Add", {*x, *offset});
  }
  return x;
}

std::vector<std::size_t> axes_from(std::size_t first, std::size_t rank) {
  std::vector<std::size_t> axes;
  for (std::size_t axis = first; axis < rank; ++axis) axes.push_back(axis);
  return axes;
}

// Input 0, which must be computed.
MaybeOperand tensor_input(Builder &builder, const ForeignNode &node, std::size_t least_rank) {
  const auto input = operand_of(builder, node, 0);
  if (!input) return std::nullopt;
  if (!input->number && input->value.dims.size() >= least_rank) return input;
  builder.error(node, "normalises a tensor of too few dimensions");
  return std::nullopt;
}

double epsilon_of(const ForeignNode &node) {
  return node.real(node.domain == "onnx" ? "epsilon" : "eps", 1e-5);
}

void bind_at(Builder &builder, const ForeignNode &node, std::size_t output,
             const MaybeOperand &operand) {
  if (operand && output < node.outputs.size() && !node.outputs[output].empty())
    builder.bind(node.outputs[output], operand->value.value, operand->value.dims);
}

// Over all axes from `axis` on. ONNX can also have the mean and the inverse of the deviation.
void import_layer_norm(Builder &builder, const ForeignNode &node) {
  const auto x = tensor_input(builder, node, 1);
  if (!x) return;
  const std::size_t rank = x->value.dims.size();
  const std::int64_t last =
      node.domain == "onnx"
          ? node.integer("axis", -1)
          : -static_cast<std::int64_t>(node.integers("normalized_shape", {1}).size());
  const auto first = position(last, rank);
  if (!first) return builder.error(node, "normalises from an axis that its input lacks");
  const bool centred = node.op != "RMSNormalization" && node.op != "rms_norm.default";
  // Without an epsilon PyTorch takes the smallest step of a float above 1.
  const double epsilon =
      node.op == "rms_norm.default" ? node.real("eps", 1.1920929e-7) : epsilon_of(node);
  const Normalized result =
      normalized(builder, node, *x, axes_from(*first, rank), epsilon, centred);
  bind_result(builder, node, affine(builder, node, result.value, 1, 2, plain_input));
  bind_at(builder, node, 1, result.mean);
  bind_at(builder, node, 2, result.inverse);
}

// Each channel of each sample over its pixels.
void import_instance_norm(Builder &builder, const ForeignNode &node) {
  const auto x = tensor_input(builder, node, 3);
  if (!x) return;
  const auto axes = axes_from(2, x->value.dims.size());
  const Normalized result = normalized(builder, node, *x, axes, epsilon_of(node), true);
  bind_result(builder, node, affine(builder, node, result.value, 1, 2, by_channel));
}

// The same elements in other dimensions, which the file's order allows.
MaybeOperand reshaped_to(Builder &builder, const ForeignNode &node, const Operand &x,
                         const Dims &dims) {
  if (x.value.value < 0) return Operand{{dims, kFailedValue}, {}};
  const auto view = reshaped(builder.view_of(x.value), dims);
  const ForeignNode shaping = step_of(node, "_reshaped");
  if (view) {
    builder.bind_view(shaping, *view);
  } else {
    const ir::ValueId flat = builder.to_file_order(shaping, x.value);
    builder.bind(shaping.outputs[0], builder.from_file_order(shaping, flat, dims), dims);
  }
  const Imported *bound = builder.find(shaping.outputs[0]);
  if (!bound) return std::nullopt;
  return Operand{*bound, {}};
}

// Groups of channels over their pixels. Before opset 21 ONNX has a factor a group, since then, and
// in ATen, one a channel.
void import_group_norm(Builder &builder, const ForeignNode &node) {
  const auto x = tensor_input(builder, node, 2);
  if (!x) return;
  const Dims dims = x->value.dims;
  const std::int64_t groups = node.integer("num_groups", 0);
  if (groups < 1 || dims[1] % groups != 0)
    return builder.error(node, "has channels that its groups do not divide");
  Dims split{dims[0], groups, dims[1] / groups};
  split.insert(split.end(), dims.begin() + 2, dims.end());
  const auto grouped = reshaped_to(builder, node, *x, split);
  if (!grouped) return;
  Normalized result =
      normalized(builder, node, *grouped, axes_from(2, split.size()), epsilon_of(node), true);
  const bool by_group = node.domain == "onnx" && node.version < 21;
  if (by_group) result.value = affine(builder, node, result.value, 1, 2, by_channel);
  if (!result.value) return;
  auto back = reshaped_to(builder, step_of(node, "_back"), *result.value, dims);
  if (!by_group) back = affine(builder, node, back, 1, 2, by_channel);
  bind_result(builder, node, back);
}

// (x - mean) / (deviation + 1e-9) over these axes; the function body in ONNX has it so.
void import_mean_variance(Builder &builder, const ForeignNode &node) {
  const auto x = tensor_input(builder, node, 1);
  if (!x) return;
  const auto axes =
      sound_axes(builder, node, node.integers("axes", {0, 2, 3}), x->value.dims.size());
  if (!axes) return;
  const Operand mean = add_reduce(builder, step_of(node, "_mean"), "mean", *x, *axes, true);
  const auto centred = step(builder, node, "_centred", "Sub", {*x, mean});
  if (!centred) return;
  const auto square = step(builder, node, "_square", "Mul", {*centred, *centred});
  if (!square) return;
  const Operand variance =
      add_reduce(builder, step_of(node, "_variance"), "mean", *square, *axes, true);
  const auto deviation = step(builder, node, "_deviation", "Sqrt", {variance});
  if (!deviation) return;
  const auto safe = step(builder, node, "_epsilon", "Add", {*deviation, number_operand(1e-9)});
  if (safe) bind_result(builder, node, add_elementwise(builder, node, "Div", {*centred, *safe}));
}

// x over its norm along one axis.
void import_lp_norm(Builder &builder, const ForeignNode &node) {
  const auto x = tensor_input(builder, node, 1);
  if (!x) return;
  const auto axes = sound_axes(builder, node, {node.integer("axis", -1)}, x->value.dims.size());
  if (!axes) return;
  const std::int64_t p = node.integer("p", 2);
  if (p != 1 && p != 2) return builder.error(node, "normalises by another norm than 1 or 2");
  MaybeOperand norm =
      add_reduce(builder, step_of(node, "_sum"), p == 1 ? "l1" : "sum_square", *x, *axes, true);
  if (p == 2) norm = step(builder, node, "_norm", "Sqrt", {*norm});
  // Vectors of zeros stay so.
  if (norm) norm = step(builder, node, "_safe", "Max", {*norm, number_operand(1e-12)});
  if (norm) bind_result(builder, node, add_elementwise(builder, node, "Div", {*x, *norm}));
}

}  // namespace

std::vector<ImportRule> normalize_import_rules() {
  return {{"onnx", "LayerNormalization", import_layer_norm},
          {"onnx", "RMSNormalization", import_layer_norm},
          {"onnx", "InstanceNormalization", import_instance_norm},
          {"onnx", "GroupNormalization", import_group_norm},
          {"onnx", "MeanVarianceNormalization", import_mean_variance},
          {"onnx", "LpNormalization", import_lp_norm},
          {"aten", "layer_norm.default", import_layer_norm},
          {"aten", "rms_norm.default", import_layer_norm},
          {"aten", "instance_norm.default", import_instance_norm},
          {"aten", "group_norm.default", import_group_norm}};
}

}  // namespace thimble::ops
