// Activations: functions of one element.
//
// Relu keeps its input's quantization and only cuts. Every other one is a real function f: in float
// the C calls a kernel of its own, in int8 all of them are one kernel and a table of 256 entries,
//     table[q + 128] = quantize_out(f(dequantize_in(q))),
// so a new one is a Function with f and the names it has, and a line at the end.
#include <algorithm>
#include <cfloat>
#include <cmath>

#include "ops/evaluate.h"
#include "ops/families.h"
#include "ops/pointwise.h"
#include "ops/quantized.h"

namespace thimble::ops {
namespace {

void relu_float(const ir::Graph &, const ir::Node &, std::span<const Tensor *const> inputs,
                std::span<Tensor> outputs) {
  allocate(outputs[0]);
  std::transform(inputs[0]->f32.begin(), inputs[0]->f32.end(), outputs[0].f32.begin(),
                 [](float x) { return x > 0 ? x : 0; });
}

void relu_int(const ir::Graph &, const ir::Node &, const Numbers &,
              std::span<const Tensor *const> inputs, std::span<Tensor> outputs) {
  allocate(outputs[0]);
  const auto zero = static_cast<std::int8_t>(outputs[0].type.quant->zero_point);
  std::transform(inputs[0]->i8.begin(), inputs[0]->i8.end(), outputs[0].i8.begin(),
                 [&](std::int8_t q) { return std::max(q, zero); });
}

Kernels relu_kernels(const ir::Graph &graph, const ir::Node &node, const Numbers &, int) {
  Kernel kernel = pointwise_kernel(kernel_file("relu", graph, node), graph, node);
  if (is_int8(graph, node)) {
    kernel.sizes.push_back({"act_min", graph.value(node.outputs[0]).type.quant->zero_point});
    kernel.sizes.push_back({"act_max", 127});
  } else {
    kernel.reals = {{"act_min", 0.0f}, {"act_max", FLT_MAX}};
  }
  return {.row = kernel};
}

// f of every int8, indexed by q + 128. What is not a number becomes the zero point.
std::vector<std::int64_t> lookup_table(double (*f)(double), const ir::Quant &in,
                                       const ir::Quant &out) {
  std::vector<std::int64_t> table;
  for (int q = -128; q <= 127; ++q) {
    const double y = std::round(f((q - in.zero_point) * double{in.scale}) / out.scale);
    const double shifted = std::isnan(y) ? out.zero_point : y + out.zero_point;
    table.push_back(static_cast<std::int64_t>(std::clamp(shifted, -128.0, 127.0)));
  }
  return table;
}

std::vector<std::int64_t> lookup_table(double (*f)(double), const ir::Graph &graph,
                                       const ir::Node &node) {
  return lookup_table(f, *graph.value(node.inputs[0]).type.quant,
                      *graph.value(node.outputs[0]).type.quant);
}

void import_relu(Builder &builder, const ForeignNode &node) {
  import_pointwise(builder, node, "Relu");
}

// All there is to say about a function of one element.
struct Function {
  std::string_view name, summary;
  double (*f)(double);
  const char *kernel_f32;
  std::vector<std::pair<std::string_view, std::string_view>> foreign;  // domain, operator
  std::optional<ir::Quant> preferred_quant;  // of int8 outputs, where f has a known range
};

// The abilities that follow from it.
template <const Function &F>
struct Elementwise {
  static void import(Builder &builder, const ForeignNode &node) {
    import_pointwise(builder, node, std::string(F.name));
  }

  static void eval_float(const ir::Graph &, const ir::Node &, std::span<const Tensor *const> inputs,
                         std::span<Tensor> outputs) {
    allocate(outputs[0]);
    std::transform(inputs[0]->f32.begin(), inputs[0]->f32.end(), outputs[0].f32.begin(),
                   [](float x) { return static_cast<float>(F.f(x)); });
  }

  static void eval_int(const ir::Graph &graph, const ir::Node &node, const Numbers &,
                       std::span<const Tensor *const> inputs, std::span<Tensor> outputs) {
    allocate(outputs[0]);
    const auto table = lookup_table(F.f, graph, node);
    std::transform(inputs[0]->i8.begin(), inputs[0]->i8.end(), outputs[0].i8.begin(),
                   [&](std::int8_t q) { return static_cast<std::int8_t>(table[q + 128]); });
  }

  static Kernels kernels(const ir::Graph &graph, const ir::Node &node, const Numbers &, int) {
    if (!is_int8(graph, node)) return {.row = pointwise_kernel(F.kernel_f32, graph, node)};
    Kernel kernel = pointwise_kernel("lookup_i8", graph, node);
    kernel.tables = {{"table", "int8_t", lookup_table(F.f, graph, node)}};
    return {.row = kernel};
  }
};

template <const Function &F>
Operator elementwise_operator() {
  using Rule = Operator::QuantRule;
  std::vector<ImportRule> imports;
  for (const auto &[domain, op] : F.foreign)
    imports.push_back({domain, op, Elementwise<F>::import});
  return {.name = F.name,
          .summary = F.summary,
          .imports = std::move(imports),
          .infer = infer_pointwise,
          .eval_float = Elementwise<F>::eval_float,
          .eval_int = Elementwise<F>::eval_int,
          .modes = elementwise_modes,
          .kernels = Elementwise<F>::kernels,
          .quant_rule = F.preferred_quant ? Rule::kPreferred : Rule::kCalibrated,
          .fixed_quant = F.preferred_quant,
          .elementwise = true};
}

const Function kSigmoidFunction = {
    .name = "Sigmoid",
    .summary = "1 / (1 + exp(-x)), by table in int8",
    .f = [](double x) { return 1 / (1 + std::exp(-x)); },
    .kernel_f32 = "sigmoid_f32",
    .foreign = {{"onnx", "Sigmoid"}, {"aten", "sigmoid.default"}, {"aten", "sigmoid_.default"}},
    .preferred_quant = ir::Quant{1.0f / 256, -128}};

const Function kHardSwishFunction = {
    .name = "HardSwish",
    .summary = "x * min(max(x + 3, 0), 6) / 6, by table in int8",
    .f = [](double x) { return x * std::clamp(x + 3, 0.0, 6.0) / 6; },
    .kernel_f32 = "hard_swish_f32",
    .foreign = {{"onnx", "HardSwish"},
                {"aten", "hardswish.default"},
                {"aten", "hardswish_.default"}},
    .preferred_quant = {}};

}  // namespace

const Operator kRelu = {.name = "Relu",
                        .summary = "max(x, 0)",
                        .imports = {{"onnx", "Relu", import_relu},
                                    {"aten", "relu.default", import_relu},
                                    {"aten", "relu_.default", import_relu}},
                        .infer = infer_pointwise,
                        .eval_float = relu_float,
                        .eval_int = relu_int,
                        .modes = elementwise_modes,
                        .kernels = relu_kernels,
                        .quant_rule = Operator::QuantRule::kSameAsInput,
                        .elementwise = true};

const Operator kSigmoid = elementwise_operator<kSigmoidFunction>();
const Operator kHardSwish = elementwise_operator<kHardSwishFunction>();

}  // namespace thimble::ops
