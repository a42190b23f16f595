// Resized rows and columns, as files say it: scales or sizes, of all axes or of some. A mapping
// that only repeats pixels becomes a ResizeNearest, whatever words it comes in, which is tried out
// position by position; any other a Resample.
#include "ops/resize_import.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "ops/infer.h"
#include "ops/integer_list.h"
#include "ops/resampling.h"

namespace thimble::ops {
namespace {

// What a file asks for, one entry a dimension of the file.
struct Target {
  std::vector<double> scales;
  Dims sizes;
};

// Whether each of `in` positions is simply repeated `scale` times.
bool repeats(const ResizeRule &rule, std::int64_t in, std::int64_t out, double scale) {
  if (rule.mode != "nearest" || out % in != 0) return false;
  const auto axis = resampling(rule, static_cast<int>(in), static_cast<int>(out), scale);
  for (std::int64_t x = 0; x < out; ++x)
    if (axis.first[x] != x / (out / in)) return false;
  return true;
}

// A side of this size; 0 where that is nothing sensible.
std::int64_t whole(double size) {
  return size >= 1 && size <= static_cast<double>(kMaxElements) ? static_cast<std::int64_t>(size)
                                                                : 0;
}

Target target_of_scales(const Dims &dims, const std::vector<double> &scales) {
  Target target{scales, {}};
  for (std::size_t i = 0; i < dims.size(); ++i)
    target.sizes.push_back(whole(std::floor(static_cast<double>(dims[i]) * scales[i])));
  return target;
}

Target target_of_sizes(const Dims &dims, const Dims &sizes) {
  Target target{{}, sizes};
  for (std::size_t i = 0; i < dims.size(); ++i)
    target.scales.push_back(static_cast<double>(sizes[i]) / static_cast<double>(dims[i]));
  return target;
}

// The file's axes of rows and of columns.
std::vector<std::size_t> spatial_axes(const Builder &builder, const Dims &dims) {
  const std::size_t first = builder.axes() == ir::AxisOrder::kChannelsLast ? 1 : 2;
  if (dims.size() == 3) return {first};
  return {first, first + 1};
}

// Empty when the target fits the dimensions. Corners of a size that is no whole number lie at two
// places, by ONNX's reference and by its other implementations.
std::string misfit(const Dims &dims, const std::vector<std::size_t> &spatial, const Target &target,
                   const ResizeRule &rule) {
  for (std::size_t i = 0; i < dims.size(); ++i) {
    if (!std::count(spatial.begin(), spatial.end(), i) && target.sizes[i] != dims[i])
      return fmt::format("scales dimension {} by {}", i, target.scales[i]);
    if (target.sizes[i] < 1 || target.sizes[i] > kMostResampled || dims[i] > kMostResampled)
      return fmt::format("makes {} positions of {}", target.sizes[i], dims[i]);
    const double exact = static_cast<double>(dims[i]) * target.scales[i];
    if (rule.transformation == "align_corners" &&
        std::abs(exact - static_cast<double>(target.sizes[i])) > 1e-3)
      return fmt::format("aligns corners of {} positions scaled by {}", dims[i], target.scales[i]);
  }
  return {};
}

ir::ValueId add_resample(Builder &builder, const ForeignNode &node, const Imported &input,
                         const Target &target, const ResizeRule &rule) {
  const std::vector<std::size_t> spatial = spatial_axes(builder, input.dims);
  const bool columns = spatial.size() > 1;
  ir::Attributes attributes = {
      {"out", Dims{target.sizes[spatial[0]], columns ? target.sizes[spatial[1]] : 1}},
      {"scale_h", target.scales[spatial[0]]},
      {"scale_w", columns ? target.scales[spatial[1]] : 1.0},
      {"mode", rule.mode},
      {"transformation", rule.transformation},
  };
  if (rule.mode == "nearest") attributes["rounding"] = rule.rounding;
  if (rule.mode == "cubic") attributes["cubic_a"] = rule.cubic_a;
  if (rule.antialias) attributes["antialias"] = std::int64_t{1};
  if (rule.exclude_outside) attributes["exclude_outside"] = std::int64_t{1};
  if (rule.fixed_point) attributes["fixed_point"] = std::int64_t{1};
  return builder.add(node, "Resample", {input.value}, {}, std::move(attributes));
}

// `target` has an entry for each dimension.
void import_resize(Builder &builder, const ForeignNode &node, const Target &target,
                   const ResizeRule &rule) {
  const Imported input = *builder.activation(node, 0);
  const std::size_t rank = input.dims.size();
  if (!builder.one_sample(node, input.dims)) return;
  if (rank < 3 || rank > 4)
    return builder.error(node, fmt::format("resizes a tensor of {} dimensions", rank),
                         "[1,C,L] or [1,C,H,W] is meant");
  const std::vector<std::size_t> spatial = spatial_axes(builder, input.dims);
  if (const std::string wrong = misfit(input.dims, spatial, target, rule); !wrong.empty())
    return builder.error(node, wrong, "only rows and columns can be scaled, to whole numbers",
                         "give sizes instead of scales");
  if (const std::string unknown = unknown_rule(rule); !unknown.empty())
    return builder.error(node, unknown);
  Dims scale{1, 1};
  bool all_repeat = true;
  for (std::size_t i = 0; i < spatial.size(); ++i) {
    const std::size_t axis = spatial[i];
    all_repeat =
        all_repeat && repeats(rule, input.dims[axis], target.sizes[axis], target.scales[axis]);
    scale[i] = target.sizes[axis] / input.dims[axis];
  }
  const ir::ValueId value =
      all_repeat ? builder.add(node, "ResizeNearest", {input.value}, {}, {{"scale", scale}})
                 : add_resample(builder, node, input, target, rule);
  builder.bind(node.outputs.at(0), value, target.sizes);
}

// The dimensions that the file's numbers are of: attribute `axes`, or all. Empty: not sound.
std::vector<std::size_t> scaled_axes(const ForeignNode &node, std::size_t rank) {
  std::vector<std::size_t> axes;
  if (!node.has("axes")) {
    for (std::size_t i = 0; i < rank; ++i) axes.push_back(i);
    return axes;
  }
  for (const std::int64_t axis : node.integers("axes")) {
    const auto at = position(axis, rank);
    if (!at) return {};
    axes.push_back(*at);
  }
  return axes;
}

// Sizes with attribute keep_aspect_ratio_policy: one scale for all.
std::optional<Target> kept_aspect(const Dims &dims, const std::vector<std::size_t> &axes,
                                  const Dims &sizes, const std::string &policy) {
  std::vector<double> scales;
  for (const std::size_t axis : axes)
    scales.push_back(static_cast<double>(sizes[axis]) / static_cast<double>(dims[axis]));
  double scale = 0;
  if (policy == "not_larger") scale = *std::min_element(scales.begin(), scales.end());
  if (policy == "not_smaller") scale = *std::max_element(scales.begin(), scales.end());
  if (!(scale > 0)) return std::nullopt;
  Target target = target_of_sizes(dims, dims);
  for (const std::size_t axis : axes) {
    target.scales[axis] = scale;
    target.sizes[axis] = whole(std::floor(static_cast<double>(dims[axis]) * scale + 0.5));
  }
  return target;
}

// Upsample and Resize of opset 10 have (X, scales), Resize since opset 11 (X, roi, scales, sizes).
std::optional<Target> onnx_target(Builder &builder, const ForeignNode &node, const Dims &dims) {
  const auto axes = scaled_axes(node, dims.size());
  std::vector<double> scales = node.reals("scales");
  const std::size_t at = node.op == "Upsample" || node.version < 11 ? 1 : 2;
  const auto constant = [&](std::size_t index) -> const ForeignTensor * {
    return builder.has_input(node, index) ? builder.constant(node.inputs[index]) : nullptr;
  };
  if (const ForeignTensor *given = constant(at); given && !given->f32.empty())
    scales.assign(given->f32.begin(), given->f32.end());
  if (!axes.empty() && scales.size() == axes.size()) {
    std::vector<double> all(dims.size(), 1.0);
    for (std::size_t i = 0; i < axes.size(); ++i) all[axes[i]] = scales[i];
    return target_of_scales(dims, all);
  }
  const ForeignTensor *given = constant(at + 1);
  if (axes.empty() || !given || given->i64.size() != axes.size()) return std::nullopt;
  Dims sizes = dims;
  for (std::size_t i = 0; i < axes.size(); ++i) sizes[axes[i]] = given->i64[i];
  const std::string policy = node.text("keep_aspect_ratio_policy", "stretch");
  return policy == "stretch" ? target_of_sizes(dims, sizes)
                             : kept_aspect(dims, axes, sizes, policy);
}

void import_onnx(Builder &builder, const ForeignNode &node) {
  const Imported *input = builder.activation(node, 0);
  if (!input) return;
  const bool old = node.op == "Upsample" || node.version < 11;
  const ResizeRule rule{
      node.text("mode", "nearest"),
      node.text("coordinate_transformation_mode", old ? "asymmetric" : "half_pixel"),
      node.text("nearest_mode", old ? "floor" : "round_prefer_floor"),
      node.real("cubic_coeff_a", -0.75),
      node.integer("antialias", 0) != 0,
      node.integer("exclude_outside", 0) != 0};
  const auto target = onnx_target(builder, node, input->dims);
  if (!target)
    return builder.error(node, "has no constant scale or size for each dimension of its input");
  import_resize(builder, node, *target, rule);
}

// upsample_MODE.vec has output_size or scale_factors (of rows and columns), .default output_size
// and perhaps scales.
void import_aten(Builder &builder, const ForeignNode &node, const ResizeRule &rule) {
  const Imported *input = builder.activation(node, 0);
  if (!input) return;
  const std::size_t spatial = input->dims.size() < 3 ? 0 : input->dims.size() - 2;
  std::vector<double> scales = node.reals("scale_factors");
  for (const char *name : {"scales", "scales_h", "scales_w"})
    if (node.has(name)) scales.push_back(node.real(name, 1));
  Dims sizes = node.integers("output_size");
  const bool by_sizes = spatial > 0 && sizes.size() == spatial;
  const bool by_scales = spatial > 0 && scales.size() == spatial;
  if (!by_sizes && !by_scales)
    return builder.error(node, "has no scale or size for each row and column axis of its input");
  scales.insert(scales.begin(), {1.0, 1.0});
  sizes.insert(sizes.begin(), input->dims.begin(), input->dims.begin() + 2);
  Target target =
      by_sizes ? target_of_sizes(input->dims, sizes) : target_of_scales(input->dims, scales);
  if (by_scales && rule.transformation != "align_corners") target.scales = scales;
  import_resize(builder, node, target, rule);
}

void import_aten_nearest(Builder &builder, const ForeignNode &node) {
  import_aten(builder, node, {"nearest", "asymmetric", "floor"});
}

void import_aten_nearest_exact(Builder &builder, const ForeignNode &node) {
  import_aten(builder, node, {"nearest", "tf_half_pixel_for_nn", "floor"});
}

ResizeRule aten_rule(const ForeignNode &node, const std::string &mode) {
  ResizeRule rule;
  rule.mode = mode;
  if (node.integer("align_corners", 0) != 0) rule.transformation = "align_corners";
  return rule;
}

void import_aten_linear(Builder &builder, const ForeignNode &node) {
  import_aten(builder, node, aten_rule(node, "linear"));
}

void import_aten_cubic(Builder &builder, const ForeignNode &node) {
  import_aten(builder, node, aten_rule(node, "cubic"));
}

// TensorFlow Lite: rows and columns in input 1.
void import_tflite(Builder &builder, const ForeignNode &node) {
  const Imported *input = builder.activation(node, 0);
  const auto size = integer_list(builder, node, "size", 1);
  if (!input || !size) return;
  if (input->dims.size() != 4 || size->size() != 2 || (*size)[0] < 1 || (*size)[1] < 1)
    return builder.error(node, "has no size for rows and columns of [1,H,W,C]");
  const bool aligned = node.integer("align_corners", 0) != 0;
  const bool half_pixel = node.integer("half_pixel_centers", 0) != 0;
  ResizeRule rule;
  rule.transformation = aligned ? "align_corners" : half_pixel ? "half_pixel" : "asymmetric";
  if (node.op == "RESIZE_BILINEAR") {
    rule.mode = "linear";
    rule.fixed_point = builder.quant(node.outputs.at(0)) != nullptr;
  } else {
    if (!aligned && half_pixel) rule.transformation = "tf_half_pixel_for_nn";
    rule.rounding = aligned ? "round_prefer_ceil" : "floor";
  }
  if (aligned && half_pixel)
    return builder.error(node, "aligns corners and has half-pixel centres",
                         "TensorFlow Lite itself does not know what that means");
  import_resize(
      builder, node,
      target_of_sizes(input->dims, {input->dims[0], (*size)[0], (*size)[1], input->dims[3]}), rule);
}

}  // namespace

std::vector<ImportRule> resize_import_rules() {
  return {{"onnx", "Resize", import_onnx},
          {"onnx", "Upsample", import_onnx},
          {"aten", "upsample_nearest1d.vec", import_aten_nearest},
          {"aten", "upsample_nearest1d.default", import_aten_nearest},
          {"aten", "upsample_nearest2d.vec", import_aten_nearest},
          {"aten", "upsample_nearest2d.default", import_aten_nearest},
          {"aten", "_upsample_nearest_exact2d.vec", import_aten_nearest_exact},
          {"aten", "_upsample_nearest_exact2d.default", import_aten_nearest_exact},
          {"aten", "upsample_linear1d.vec", import_aten_linear},
          {"aten", "upsample_linear1d.default", import_aten_linear},
          {"aten", "upsample_bilinear2d.vec", import_aten_linear},
          {"aten", "upsample_bilinear2d.default", import_aten_linear},
          {"aten", "upsample_bicubic2d.vec", import_aten_cubic},
          {"aten", "upsample_bicubic2d.default", import_aten_cubic},
          {"tflite", "RESIZE_BILINEAR", import_tflite},
          {"tflite", "RESIZE_NEAREST_NEIGHBOR", import_tflite}};
}

}  // namespace thimble::ops
