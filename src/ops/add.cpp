// Add: two tensors of one shape, element by element.
//
// int8, scales s_a, s_b, s_out, the larger input scale s_max:
//     a_factor = round(s_a / s_max * 2^14), b_factor likewise                       at most 2^14
//     acc      = (a - a_zero) * a_factor + (b - b_zero) * b_factor                  below 2^23
//     out      = clamp(requantize(acc, s_max / (2^14 * s_out)) + out_zero, act_min, act_max)
#include <algorithm>
#include <cmath>

#include "ops/evaluate.h"
#include "ops/families.h"
#include "ops/fused.h"
#include "ops/infer.h"
#include "ops/pointwise.h"
#include "ops/quantized.h"
#include "ops/requant.h"

namespace thimble::ops {
namespace {

Result<std::vector<ir::Type>> infer_add(const ir::Graph &graph, const ir::Node &node) {
  if (auto errors = check_arity(graph, node, 2, 0); !errors.empty()) return errors;
  const ir::Shape &shape = graph.value(node.inputs[0]).type.shape;
  if (shape != graph.value(node.inputs[1]).type.shape)
    return node_error(node, "adds tensors of different shapes", "broadcasting is not supported");
  return output_type(graph, node, shape);
}

void eval_float(const ir::Graph &, const ir::Node &node, std::span<const Tensor *const> inputs,
                std::span<Tensor> outputs) {
  allocate(outputs[0]);
  const RealLimits limits = real_limits(node);
  std::transform(inputs[0]->f32.begin(), inputs[0]->f32.end(), inputs[1]->f32.begin(),
                 outputs[0].f32.begin(), [&](float a, float b) { return limits.clamp(a + b); });
}

struct Factors {
  int a_zero, b_zero, out_zero;
  int a_factor, b_factor;
  Multiplier multiplier;
  IntLimits limits;
};

Factors factors_of(const ir::Graph &graph, const ir::Node &node, const Numbers &numbers) {
  const ir::Quant a = *graph.value(node.inputs[0]).type.quant;
  const ir::Quant b = *graph.value(node.inputs[1]).type.quant;
  const ir::Quant out = *graph.value(node.outputs[0]).type.quant;
  const double max_scale = std::max(a.scale, b.scale);
  const auto factor = [&](const ir::Quant &quant) {
    return static_cast<int>(std::lround(quant.scale / max_scale * (1 << 14)));
  };
  return {a.zero_point,
          b.zero_point,
          out.zero_point,
          factor(a),
          factor(b),
          quantize_multiplier(max_scale / (1 << 14) / out.scale, numbers.requant),
          int_limits(node, out)};
}

void eval_int(const ir::Graph &graph, const ir::Node &node, const Numbers &numbers,
              std::span<const Tensor *const> inputs, std::span<Tensor> outputs) {
  allocate(outputs[0]);
  const Factors f = factors_of(graph, node, numbers);
  std::transform(
      inputs[0]->i8.begin(), inputs[0]->i8.end(), inputs[1]->i8.begin(), outputs[0].i8.begin(),
      [&](std::int8_t a, std::int8_t b) {
        const int sum = (a - f.a_zero) * f.a_factor + (b - f.b_zero) * f.b_factor;
        const std::int64_t q =
            std::int64_t{requantize(sum, f.multiplier, numbers.requant)} + f.out_zero;
        return static_cast<std::int8_t>(std::clamp<std::int64_t>(q, f.limits.lo, f.limits.hi));
      });
}

Kernels add_kernels(const ir::Graph &graph, const ir::Node &node, const Numbers &numbers, int) {
  Kernel kernel = pointwise_kernel(kernel_file("add", graph, node), graph, node);
  if (!is_int8(graph, node)) {
    add_real_limits(kernel, node);
    return {.row = kernel};
  }
  const Factors f = factors_of(graph, node, numbers);
  const std::pair<std::string, std::int64_t> sizes[] = {
      {"a_zero", f.a_zero},         {"b_zero", f.b_zero},
      {"a_factor", f.a_factor},     {"b_factor", f.b_factor},
      {"out_zero", f.out_zero},     {"act_min", f.limits.lo},
      {"act_max", f.limits.hi},     {"multiplier", f.multiplier.multiplier},
      {"shift", f.multiplier.shift}};
  kernel.sizes.insert(kernel.sizes.end(), std::begin(sizes), std::end(sizes));
  return {.row = kernel};
}

void import_add(Builder &builder, const ForeignNode &node) {
  const Imported *a = builder.activation(node, 0);
  const Imported *b = builder.activation(node, 1);
  if (!a || !b) return;
  const auto dims = a->dims;
  const std::vector<ir::ValueId> values{a->value, b->value};
  if (dims != b->dims)
    builder.error(node, "adds tensors of different shapes", "broadcasting is not supported");
  if (node.real("alpha", 1) != 1)
    builder.error(node, "scales its second input", "only alpha = 1 is supported");
  builder.bind(node.outputs.at(0), builder.add(node, "Add", values, {}, {}), dims);
}

}  // namespace

const Operator kAdd = {
    .name = "Add",
    .summary = "sum of two tensors of one shape",
    .imports = {{"onnx", "Add", import_add},
                {"aten", "add.Tensor", import_add},
                {"aten", "add_.Tensor", import_add}},
    .infer = infer_add,
    .eval_float = eval_float,
    .eval_int = eval_int,
    .modes = elementwise_modes,
    .kernels = add_kernels,
};

}  // namespace thimble::ops
