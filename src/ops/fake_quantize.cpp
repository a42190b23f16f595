// FakeQuantize: what is left of a real number that an int8 has stood for. A file's QuantizeLinear
// becomes one; the DequantizeLinear that reads it back (directly, or behind what merely reorders
// elements) becomes nothing, so that every value of a quantized file is a float until the pass
// absorb-qdq gives all of them their integers. What that pass leaves reads int8 and makes int8 of
// another scale: a table of 256 entries.
//
// Attributes: scale, zero_point (-128..127): levels are scale * (q - zero_point), q in -128..127. A
// file's uint8 is an int8 with all integers 128 less.
#include "ops/fake_quantize.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "ops/evaluate.h"
#include "ops/families.h"
#include "ops/infer.h"
#include "ops/pointwise.h"
#include "ops/q31_functions.h"
#include "ops/quantized.h"

namespace thimble::ops {
namespace {

ir::Quant quant_of(const ir::Node &node) {
  return {static_cast<float>(node.real("scale", 0)),
          static_cast<int>(node.integer("zero_point", 0))};
}

Result<std::vector<ir::Type>> infer_fake_quantize(const ir::Graph &graph, const ir::Node &node) {
  const float scale = quant_of(node).scale;
  if (!(scale > 0) || !std::isfinite(scale))
    return node_error(node, "attribute 'scale' must be positive and finite");
  const std::int64_t zero = node.integer("zero_point", 0);
  if (zero < -128 || zero > 127)
    return node_error(node, "attribute 'zero_point' must be within -128 .. 127");
  return infer_pointwise(graph, node);
}

// Halves to even, as ONNX has it. Not a number becomes zero.
int level(double real, const ir::Quant &quant) {
  const double q = std::nearbyint(real / quant.scale) + quant.zero_point;
  return std::isnan(q) ? quant.zero_point : static_cast<int>(std::clamp(q, -128.0, 127.0));
}

double real_of(int level, const ir::Quant &quant) {
  return double{quant.scale} * (level - quant.zero_point);
}

void eval_float(const ir::Graph &, const ir::Node &node, std::span<const Tensor *const> inputs,
                std::span<Tensor> outputs) {
  allocate(outputs[0]);
  const ir::Quant quant = quant_of(node);
  std::transform(inputs[0]->f32.begin(), inputs[0]->f32.end(), outputs[0].f32.begin(),
                 [&](float x) { return static_cast<float>(real_of(level(x, quant), quant)); });
}

// The output level of every int8, indexed by q + 128.
std::vector<std::int64_t> requantization_table(const ir::Graph &graph, const ir::Node &node,
                                               const Numbers &numbers) {
  const ir::Quant &in = *graph.value(node.inputs[0]).type.quant;
  const ir::Quant &out = *graph.value(node.outputs[0]).type.quant;
  std::vector<std::int64_t> table;
  const bool is_q31 = numbers.requant == targets::Requant::kQ31;
  for (int q = -128; q <= 127; ++q)
    table.push_back(is_q31 ? rescale_q31(q, in, out) : level(real_of(q, in), out));
  return table;
}

void eval_int(const ir::Graph &graph, const ir::Node &node, const Numbers &numbers,
              std::span<const Tensor *const> inputs, std::span<Tensor> outputs) {
  allocate(outputs[0]);
  const auto table = requantization_table(graph, node, numbers);
  std::transform(inputs[0]->i8.begin(), inputs[0]->i8.end(), outputs[0].i8.begin(),
                 [&](std::int8_t q) { return static_cast<std::int8_t>(table[q + 128]); });
}

Kernels kernels(const ir::Graph &graph, const ir::Node &node, const Numbers &numbers, int) {
  Kernel kernel = pointwise_kernel("lookup_i8", graph, node);
  kernel.tables = {{"table", "int8_t", requantization_table(graph, node, numbers)}};
  return {.row = kernel};
}

// ONNX's number of the 8-bit types (TensorProto.DataType); output_dtype is one of them.
constexpr std::int64_t kOnnxUint8 = 2, kOnnxInt8 = 3;

// Where a node has no zero point, `output_dtype` says the type, and uint8 is meant without it.
std::optional<ForeignType> integer_type(const Builder &builder, const ForeignNode &node) {
  if (builder.has_input(node, 2)) {
    const ForeignTensor *zero = builder.constant(node.inputs[2]);
    return zero ? std::optional(zero->type) : std::nullopt;
  }
  const std::int64_t asked = node.integer("output_dtype", 0);
  if (asked == 0 || asked == kOnnxUint8) return ForeignType::kU8;
  if (asked == kOnnxInt8) return ForeignType::kI8;
  return ForeignType::kOther;
}

std::optional<std::int64_t> zero_point(const Builder &builder, const ForeignNode &node) {
  if (!builder.has_input(node, 2)) return 0;
  const ForeignTensor *zero = builder.constant(node.inputs[2]);
  if (!zero || zero->i64.size() != 1) return std::nullopt;
  return zero->i64[0];
}

// Scale and zero point of a QuantizeLinear or DequantizeLinear, or nothing after a report.
std::optional<ir::Quant> read_quant(Builder &builder, const ForeignNode &node) {
  const ForeignTensor *scale = builder.weights(node, 1);
  if (!scale) return {};
  const auto type = integer_type(builder, node);
  const auto zero = zero_point(builder, node);
  const char *kOneOfEach = "activations have one scale and one zero point, constants of the file";
  if (scale->f32.size() != 1 || !type || !zero) {
    builder.error(node, fmt::format("has {} scales", scale->f32.size()), kOneOfEach,
                  "quantize weights alone by channel");
    return {};
  }
  if (*type != ForeignType::kI8 && *type != ForeignType::kU8) {
    builder.error(node, "quantizes to another type than int8 or uint8",
                  "activations are 8 bits wide");
    return {};
  }
  const std::int64_t shift = *type == ForeignType::kU8 ? 128 : 0;
  if (!(scale->f32[0] > 0) || *zero < shift - 128 || *zero > shift + 127) {
    builder.error(node, fmt::format("has scale {} and zero point {}", scale->f32[0], *zero),
                  "the scale must be positive, the zero point one of its type");
    return {};
  }
  return ir::Quant{scale->f32[0], static_cast<int>(*zero - shift)};
}

void import_quantize(Builder &builder, const ForeignNode &node) {
  const auto quant = read_quant(builder, node);
  const Imported *input = builder.activation(node, 0);
  if (!input) return;
  const Imported from = *input;
  ir::ValueId value = kFailedValue;
  if (quant)
    value = builder.add(
        node, "FakeQuantize", {from.value}, {},
        {{"scale", double{quant->scale}}, {"zero_point", std::int64_t{quant->zero_point}}});
  builder.bind(node.outputs.at(0), value, from.dims);
}

// The FakeQuantize whose integers `value` holds, where only views stand between.
const ir::Node *quantized_by(const ir::Graph &graph, ir::ValueId value) {
  for (auto id = graph.producer(value); id; id = graph.producer(value)) {
    const ir::Node &node = graph.node(*id);
    if (node.op == "FakeQuantize") return &node;
    const Operator &op = operator_of(node);
    if (!op.view || op.quant_rule != Operator::QuantRule::kSameAsInput) return nullptr;
    value = node.inputs[0];
  }
  return nullptr;
}

void import_dequantize(Builder &builder, const ForeignNode &node) {
  const auto quant = read_quant(builder, node);
  const Imported *input = builder.activation(node, 0);
  if (!input) return;
  const Imported from = *input;
  const ir::Node *source = from.value >= 0 ? quantized_by(builder.graph(), from.value) : nullptr;
  if (from.value >= 0 && !source)
    builder.error(node, "reads integers that no QuantizeLinear made",
                  "only what reorders elements may stand between the two",
                  "export the network with float inputs, its operators between DequantizeLinear "
                  "and QuantizeLinear");
  else if (source && quant && (!builder.has_input(node, 2) || quant_of(*source) != *quant))
    builder.error(node, fmt::format("does not undo '{}'", source->name),
                  "scale and zero point differ, or it leaves its zero point out");
  builder.bind(node.outputs.at(0), from.value, from.dims);
}

// TensorFlow Lite's QUANTIZE and DEQUANTIZE: how values are quantized is said of the values.
void import_tflite_quantize(Builder &builder, const ForeignNode &node) {
  const Imported *input = builder.activation(node, 0);
  if (!input) return;
  const Imported from = *input;
  builder.bind(node.outputs.at(0), from.value, from.dims);
}

bool only_reorders(const ForeignNode &node) {
  static constexpr std::string_view kOps[] = {"Reshape", "Transpose", "Flatten",
                                              "Squeeze", "Unsqueeze", "Identity"};
  return std::find(std::begin(kOps), std::end(kOps), node.op) != std::end(kOps);
}

}  // namespace

Diagnostics misread_integers(const ForeignGraph &foreign) {
  Diagnostics errors;
  std::set<std::string> integers;  // by value name
  for (const ForeignNode &node : foreign.nodes) {
    if (node.domain != "onnx" || node.op == "DequantizeLinear") continue;
    const bool reads = !node.inputs.empty() && integers.count(node.inputs[0]) != 0;
    if (node.op == "QuantizeLinear" || (reads && only_reorders(node))) {
      integers.insert(node.outputs.begin(), node.outputs.end());
      continue;
    }
    for (const std::string &input : node.inputs) {
      if (integers.count(input) == 0) continue;
      Diagnostic error = model_error("reads the integers of a QuantizeLinear",
                                     "only a DequantizeLinear makes numbers of them");
      error.file = foreign.file, error.node = node.name, error.op = node.op;
      errors.push_back(error);
    }
  }
  for (const ForeignPort &output : foreign.outputs)
    if (integers.count(output.name) != 0)
      errors.push_back(model_error(
          fmt::format("network output '{}' is the integers of a QuantizeLinear", output.name),
          "networks give real numbers; compiled ones give integers with their scale, too",
          "end the network with a DequantizeLinear"));
  return errors;
}

const Operator kFakeQuantize = {
    .name = "FakeQuantize",
    .summary = "to the levels of an int8 of another scale, by table",
    .imports = {{"onnx", "QuantizeLinear", import_quantize},
                {"onnx", "DequantizeLinear", import_dequantize},
                {"tflite", "QUANTIZE", import_tflite_quantize},
                {"tflite", "DEQUANTIZE", import_tflite_quantize}},
    .infer = infer_fake_quantize,
    .eval_float = eval_float,
    .eval_int = eval_int,
    .modes = elementwise_modes,
    .kernels = kernels,
    .elementwise = true,
};

}  // namespace thimble::ops
