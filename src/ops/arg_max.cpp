// ArgMax: for each pixel the channel of its largest element, as a number; of equal ones the first,
// or with attribute last = 1 the last. Attribute least = 1: of the smallest (ArgMin). Importers
// bring the file's axis into the channels.
//
// int8: the output counts in steps of 1 from -128, so at most 256 channels.
#include "ops/evaluate.h"
#include "ops/families.h"
#include "ops/infer.h"
#include "ops/lanes.h"
#include "ops/pointwise.h"
#include "ops/quantized.h"
#include "ops/reduce_import.h"

namespace thimble::ops {
namespace {

Result<std::vector<ir::Type>> infer(const ir::Graph &graph, const ir::Node &node) {
  if (auto found = check_arity(graph, node, 1, 0); !found.empty()) return found;
  ir::Shape shape = graph.value(node.inputs[0]).type.shape;
  if (is_int8(graph, node) && shape.channels > 256)
    return node_error(node, "chooses among more than 256 channels",
                      "an int8 output counts up to 255");
  shape.channels = 1;
  return output_type(graph, node, shape);
}

// The place of the chosen one among `count` elements.
template <class T>
int arg_max(const T *pixel, int count, bool least, bool last) {
  int best = 0;
  for (int c = 1; c < count; ++c) {
    const bool better = least ? pixel[c] < pixel[best] : pixel[c] > pixel[best];
    if (better || (last && pixel[c] == pixel[best])) best = c;
  }
  return best;
}

template <class T, class F>
void each_pixel(const ir::Node &node, const std::vector<T> &input, int channels, F put) {
  const bool least = node.integer("least", 0) != 0, last = node.integer("last", 0) != 0;
  for (std::size_t i = 0; i * channels < input.size(); ++i)
    put(i, arg_max(&input[i * channels], channels, least, last));
}

void eval_float(const ir::Graph &, const ir::Node &node, std::span<const Tensor *const> inputs,
                std::span<Tensor> outputs) {
  allocate(outputs[0]);
  each_pixel(node, inputs[0]->f32, inputs[0]->type.shape.channels,
             [&](std::size_t i, int best) { outputs[0].f32[i] = static_cast<float>(best); });
}

void eval_int(const ir::Graph &, const ir::Node &node, const Numbers &,
              std::span<const Tensor *const> inputs, std::span<Tensor> outputs) {
  allocate(outputs[0]);
  each_pixel(node, inputs[0]->i8, inputs[0]->type.shape.channels, [&](std::size_t i, int best) {
    outputs[0].i8[i] = static_cast<std::int8_t>(best - 128);
  });
}

std::vector<Mode> modes(const ir::Graph &graph, const ir::Node &node) {
  return {pointwise_mode(graph, node, WriteOrder::kPixel)};
}

Kernels kernels(const ir::Graph &graph, const ir::Node &node, const Numbers &, int) {
  Kernel kernel = pointwise_kernel(kernel_file("arg_max", graph, node), graph, node);
  kernel.sizes.emplace_back("least", node.integer("least", 0));
  kernel.sizes.emplace_back("last", node.integer("last", 0));
  return {.row = kernel};
}

// Outputs of the foreign node: where the values and where their places go; -1: nowhere.
struct ArgOutputs {
  int values = -1, places = 0;
};

void import_places(Builder &builder, const ForeignNode &node, bool least, ArgOutputs outputs) {
  const auto input = operand_of(builder, node, 0);
  if (!input) return;
  if (input->number) return builder.error(node, "chooses within a constant");
  const bool onnx = node.domain == "onnx";
  const Dims &dims = input->value.dims;
  const bool flat = !onnx && !node.has("dim");
  std::vector<std::size_t> axes;
  if (flat) {
    for (std::size_t i = 0; i < dims.size(); ++i) axes.push_back(i);
  } else {
    const auto named =
        sound_axes(builder, node, {node.integer(onnx ? "axis" : "dim", 0)}, dims.size());
    if (!named) return;
    axes = *named;
  }
  const bool keep = node.integer(onnx ? "keepdims" : "keepdim", onnx ? 1 : 0) != 0;
  const Lanes lanes = to_lanes(builder, node, input->value, axes);
  const auto wanted = [&](int output) {
    return output >= 0 && static_cast<std::size_t>(output) < node.outputs.size() &&
           !node.outputs[output].empty();
  };
  if (wanted(outputs.places)) {
    const ir::ValueId places = builder.add(
        step_of(node, "_places"), "ArgMax", {lanes.value}, {},
        {{"least", std::int64_t{least}}, {"last", node.integer("select_last_index", 0)}});
    bind_lanes(builder, node, lanes, places, 1, keep, static_cast<std::size_t>(outputs.places));
  }
  if (!wanted(outputs.values)) return;
  const ir::ValueId values = builder.add(
      step_of(node, "_values"), "Reduce", {lanes.value}, {},
      {{"kind", std::string(least ? "min" : "max")}, {"axes", std::vector<std::int64_t>{2}}});
  bind_lanes(builder, node, lanes, values, 1, keep, static_cast<std::size_t>(outputs.values));
}

template <bool kLeast>
void import_arg(Builder &builder, const ForeignNode &node) {
  import_places(builder, node, kLeast, {});
}

template <bool kLeast>
void import_values_and_places(Builder &builder, const ForeignNode &node) {
  import_places(builder, node, kLeast, {0, 1});
}

}  // namespace

const Operator kArgMax = {
    .name = "ArgMax",
    .summary = "the channel of a pixel's largest or smallest element",
    .imports = {{"onnx", "ArgMax", import_arg<false>},
                {"onnx", "ArgMin", import_arg<true>},
                {"aten", "argmax.default", import_arg<false>},
                {"aten", "argmin.default", import_arg<true>},
                {"aten", "max.dim", import_values_and_places<false>},
                {"aten", "min.dim", import_values_and_places<true>}},
    .infer = infer,
    .eval_float = eval_float,
    .eval_int = eval_int,
    .modes = modes,
    .kernels = kernels,
    .quant_rule = Operator::QuantRule::kFixed,
    .fixed_quant = ir::Quant{1.0f, -128},
};

}  // namespace thimble::ops
