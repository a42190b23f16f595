// ResizeNearest: every input pixel becomes scale_h x scale_w output pixels. Files say it in many
// ways (coordinate transformations, rounding modes, scales or sizes); all of them are accepted
// whose mapping from output to input positions is this one, which is tried out position by
// position.
//
// Attribute: scale {2}, rows and columns.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "ops/families.h"
#include "ops/infer.h"
#include "ops/movement.h"
#include "ops/quantized.h"

namespace thimble::ops {
namespace {

constexpr std::int64_t kMaxScale = 1 << 15;

Result<std::vector<ir::Type>> infer_resize(const ir::Graph &graph, const ir::Node &node) {
  Diagnostics errors = check_arity(graph, node, 1, 0);
  if (errors.empty()) errors = check_integers(node, "scale", 2, 1, kMaxScale, true);
  if (!errors.empty()) return errors;
  const auto scale = node.integers("scale");
  const ir::Shape &in = graph.value(node.inputs[0]).type.shape;
  TRY(const ir::Shape shape,
      checked_shape(node, in.rows * scale[0], in.cols * scale[1], in.channels));
  return output_type(graph, node, shape);
}

void resize(const ir::Graph &, const ir::Node &node, std::span<const Tensor *const> inputs,
            std::span<Tensor> outputs) {
  const auto scale = node.integers("scale");
  const ir::Shape in = inputs[0]->type.shape, out = outputs[0].type.shape;
  const auto source = [&](std::int64_t i) {
    const std::int64_t pixel = i / out.channels, channel = i % out.channels;
    const std::int64_t row = pixel / out.cols / scale[0], col = pixel % out.cols / scale[1];
    return (row * in.cols + col) * in.channels + channel;
  };
  move_elements(*inputs[0], outputs[0], out.elements(), source, same_place);
}

std::vector<Range> shrunk(int count, std::int64_t scale) {
  std::vector<Range> ranges(count);
  for (int i = 0; i < count; ++i) {
    const int at = static_cast<int>(i / scale);
    ranges[i] = {at, at + 1};
  }
  return ranges;
}

std::vector<Mode> resize_modes(const ir::Graph &graph, const ir::Node &node) {
  const ir::Shape &out = graph.value(node.outputs[0]).type.shape;
  const auto scale = node.integers("scale");
  Mode mode;
  mode.name = "window";
  mode.inputs = {{AccessKind::kWindow, shrunk(out.rows, scale[0]), shrunk(out.cols, scale[1])}};
  return {mode};
}

Kernels resize_kernels(const ir::Graph &graph, const ir::Node &node, const Numbers &, int) {
  const auto scale = node.integers("scale");
  Kernel kernel;
  kernel.file = kernel_file("resize_nearest", graph, node);
  kernel.sizes = {{"in_c", graph.value(node.inputs[0]).type.shape.channels},
                  {"scale_h", scale[0]},
                  {"scale_w", scale[1]}};
  return {.row = kernel};
}

// How ONNX goes from an output position to an input position along one axis.
struct Mapping {
  std::string transformation;  // coordinate_transformation_mode
  std::string rounding;        // nearest_mode
};

double transformed(const Mapping &mapping, double x, double scale, double in, double out) {
  if (mapping.transformation == "asymmetric") return x / scale;
  if (mapping.transformation == "align_corners") return out > 1 ? x * (in - 1) / (out - 1) : 0;
  if (mapping.transformation == "tf_half_pixel_for_nn") return (x + 0.5) / scale;
  if (mapping.transformation == "pytorch_half_pixel" && out <= 1) return 0;
  return (x + 0.5) / scale - 0.5;  // half_pixel, half_pixel_symmetric: the same for whole scales
}

double rounded(const Mapping &mapping, double x) {
  if (mapping.rounding == "floor") return std::floor(x);
  if (mapping.rounding == "ceil") return std::ceil(x);
  if (mapping.rounding == "round_prefer_ceil") return std::floor(x + 0.5);
  return std::ceil(x - 0.5);  // round_prefer_floor
}

bool is_known(const Mapping &mapping) {
  static constexpr std::string_view kTransformations[] = {
      "asymmetric",         "align_corners", "tf_half_pixel_for_nn",
      "pytorch_half_pixel", "half_pixel",    "half_pixel_symmetric"};
  static constexpr std::string_view kRoundings[] = {"floor", "ceil", "round_prefer_floor",
                                                    "round_prefer_ceil"};
  return std::count(std::begin(kTransformations), std::end(kTransformations),
                    mapping.transformation) &&
         std::count(std::begin(kRoundings), std::end(kRoundings), mapping.rounding);
}

// Whether each of `in` positions is simply repeated `scale` times.
bool repeats(const Mapping &mapping, std::int64_t in, std::int64_t scale) {
  const auto size = static_cast<double>(in), factor = static_cast<double>(scale);
  for (std::int64_t x = 0; x < in * scale; ++x) {
    const double at = transformed(mapping, static_cast<double>(x), factor, size, size * factor);
    if (std::clamp(rounded(mapping, at), 0.0, size - 1) != static_cast<double>(x / scale))
      return false;
  }
  return true;
}

// A resize as a file has it: one factor a dimension of the file, and the mapping.
struct ForeignResize {
  std::vector<double> factors;
  Mapping mapping;
};

void import_repeating(Builder &builder, const ForeignNode &node, const ForeignResize &resize) {
  const Imported input = *builder.activation(node, 0);
  const std::size_t rank = input.dims.size();
  if (!builder.one_sample(node, input.dims)) return;
  if (rank < 3 || rank > 4 || resize.factors.size() != rank)
    return builder.error(node, "has no factor for each dimension of its input");
  Dims dims = input.dims, scale{1, 1};
  for (std::size_t i = 0; i < rank; ++i) {
    const double factor = resize.factors[i];
    if (!(factor >= 1 && factor <= kMaxScale) || factor != std::floor(factor) ||
        (i < 2 && factor != 1))
      return builder.error(node, fmt::format("scales dimension {} by {}", i, factor),
                           "only rows and columns, and only by whole numbers, can be scaled");
    if (i >= 2) scale[i - 2] = static_cast<std::int64_t>(factor);
    dims[i] *= static_cast<std::int64_t>(factor);
    if (dims[i] > kMaxElements) return builder.error(node, "makes a tensor that is too large");
    if (i >= 2 && !repeats(resize.mapping, input.dims[i], scale[i - 2]))
      builder.error(node, "picks other neighbours than the nearest by whole steps",
                    fmt::format("coordinate_transformation_mode {} with nearest_mode {}",
                                resize.mapping.transformation, resize.mapping.rounding),
                    "export with asymmetric and floor, as PyTorch's nearest upsampling does");
  }
  const ir::ValueId value =
      builder.add(node, "ResizeNearest", {input.value}, {}, {{"scale", scale}});
  builder.bind(node.outputs.at(0), value, dims);
}

// One factor a dimension from new sizes.
std::vector<double> factors_of_sizes(const Dims &from, const Dims &to) {
  std::vector<double> factors;
  for (std::size_t i = 0; i < std::min(from.size(), to.size()); ++i)
    factors.push_back(static_cast<double>(to[i]) / static_cast<double>(from[i]));
  return factors;
}

// With attribute `axes`, the factors are of those dimensions only.
std::vector<double> spread(const ForeignNode &node, const std::vector<double> &factors,
                           std::size_t rank) {
  if (!node.has("axes")) return factors;
  const Dims axes = node.integers("axes");
  std::vector<double> all(rank, 1.0);
  for (std::size_t i = 0; i < std::min(axes.size(), factors.size()); ++i) {
    const std::int64_t axis = axes[i] < 0 ? axes[i] + static_cast<std::int64_t>(rank) : axes[i];
    if (axis < 0 || axis >= static_cast<std::int64_t>(rank)) return {};
    all[axis] = factors[i];
  }
  return all;
}

// What `from` has along the attribute `axes`, or all of it.
Dims along_axes(const ForeignNode &node, const Dims &from) {
  if (!node.has("axes")) return from;
  Dims chosen;
  for (const std::int64_t axis : node.integers("axes")) {
    const std::int64_t at = axis < 0 ? axis + static_cast<std::int64_t>(from.size()) : axis;
    if (at >= 0 && at < static_cast<std::int64_t>(from.size())) chosen.push_back(from[at]);
  }
  return chosen;
}

// Upsample and Resize of opset 10 have (X, scales), Resize since opset 11 (X, roi, scales, sizes).
std::vector<double> onnx_factors(Builder &builder, const ForeignNode &node, const Dims &dims) {
  if (node.has("scales")) return node.reals("scales");
  const std::size_t at = node.op == "Upsample" || node.version < 11 ? 1 : 2;
  const auto constant = [&](std::size_t index) -> const ForeignTensor * {
    return builder.has_input(node, index) ? builder.constant(node.inputs[index]) : nullptr;
  };
  if (const ForeignTensor *scales = constant(at); scales && !scales->f32.empty())
    return spread(node, {scales->f32.begin(), scales->f32.end()}, dims.size());
  if (const ForeignTensor *sizes = constant(at + 1); sizes && !sizes->i64.empty())
    return spread(node, factors_of_sizes(along_axes(node, dims), sizes->i64), dims.size());
  return {};
}

void import_onnx(Builder &builder, const ForeignNode &node) {
  const Imported *input = builder.activation(node, 0);
  if (!input) return;
  if (node.text("mode", "nearest") != "nearest")
    return builder.error(node, "interpolates (" + node.text("mode", "") + ")",
                         "only mode nearest is supported");
  const bool old = node.op == "Upsample" || node.version < 11;
  Mapping mapping{node.text("coordinate_transformation_mode", old ? "asymmetric" : "half_pixel"),
                  node.text("nearest_mode", old ? "floor" : "round_prefer_floor")};
  if (!is_known(mapping))
    return builder.error(
        node, fmt::format("maps positions by {} and {}", mapping.transformation, mapping.rounding));
  import_repeating(builder, node, {onnx_factors(builder, node, input->dims), mapping});
}

// upsample_nearest2d.vec has output_size or scale_factors, .default output_size; rows and columns.
void import_aten(Builder &builder, const ForeignNode &node) {
  const Imported *input = builder.activation(node, 0);
  if (!input) return;
  std::vector<double> factors = node.reals("scale_factors");
  if (node.has("output_size") && input->dims.size() > 2)
    factors = factors_of_sizes({input->dims.begin() + 2, input->dims.end()},
                               node.integers("output_size"));
  factors.insert(factors.begin(), {1.0, 1.0});
  import_repeating(builder, node, {factors, {"asymmetric", "floor"}});
}

}  // namespace

const Operator kResizeNearest = {
    .name = "ResizeNearest",
    .summary = "each pixel repeated by a whole number of rows and columns",
    .imports = {{"onnx", "Resize", import_onnx},
                {"onnx", "Upsample", import_onnx},
                {"aten", "upsample_nearest1d.vec", import_aten},
                {"aten", "upsample_nearest1d.default", import_aten},
                {"aten", "upsample_nearest2d.vec", import_aten},
                {"aten", "upsample_nearest2d.default", import_aten}},
    .infer = infer_resize,
    .eval_float = move_float<resize>,
    .eval_int = move_int<resize>,
    .modes = resize_modes,
    .kernels = resize_kernels,
    .quant_rule = Operator::QuantRule::kSameAsInput,
};

}  // namespace thimble::ops
