// Quantized constants: a file's integers become floats that remember their scales (ForeignTensor),
// so that importers read them as any weights.
#include <algorithm>
#include <cmath>

#include "frontends/fold/arrays.h"

namespace thimble::frontends::fold {
namespace {

// Which of the scales (or zero points) each element of `dims` has: one for all, or one a step of an
// axis.
struct ByChannel {
  std::int64_t inner = 1, count = 1;
  std::size_t of(std::size_t element) const {
    return element / static_cast<std::size_t>(inner) % static_cast<std::size_t>(count);
  }
};

std::optional<ByChannel> by_channel(const Call &call, const Dims &dims, std::int64_t scales) {
  if (scales == 1) return ByChannel{};
  const auto axis = normal_axis(call.node.integer("axis", 1), dims.size());
  if (!axis || dims[*axis] != scales || call.node.integer("block_size", 0) != 0)
    return std::nullopt;
  return ByChannel{
      element_count(Dims(dims.begin() + static_cast<std::ptrdiff_t>(*axis) + 1, dims.end())),
      scales};
}

// Scales and zero points of a node, one each a channel.
struct Grid {
  ByChannel channels;
  std::vector<float> scales;
  std::vector<std::int64_t> zeros;
};

Result<Grid> read_grid(const Call &call) {
  const ForeignTensor *in = call.input(0), *scale = call.input(1), *zero = call.input(2);
  if (!in || !scale || !scale->is_float() || scale->f32.empty() || (zero && zero->is_float()) ||
      (zero && zero->i64.size() != scale->f32.size()))
    return bad_operands("one scale for all, or one a step of the axis, is meant");
  const auto channels = by_channel(call, in->dims, std::ssize(scale->f32));
  if (!channels) return bad_operands("the scales do not fit the axis, or go by blocks");
  if (!std::all_of(scale->f32.begin(), scale->f32.end(),
                   [](float s) { return std::isfinite(s) && s > 0; }))
    return bad_operands("scales must be positive and finite");
  return Grid{*channels, scale->f32,
              zero ? zero->i64 : std::vector<std::int64_t>(scale->f32.size())};
}

Result<ForeignTensor> dequantize(const Call &call) {
  TRY(const Grid grid, read_grid(call));
  const ForeignTensor &in = *call.input(0);
  if (in.is_float()) return bad_operands("integers are meant");
  TRY(ForeignTensor out, make_tensor(call, ForeignType::kF32, in.dims));
  for (std::size_t i = 0; i < out.f32.size(); ++i) {
    const std::size_t channel = grid.channels.of(i);
    out.f32[i] = static_cast<float>(
        (static_cast<double>(in.i64[i]) - static_cast<double>(grid.zeros[channel])) *
        double{grid.scales[channel]});
  }
  out.scales = grid.scales;
  return out;
}

Result<ForeignTensor> quantize(const Call &call) {
  TRY(const Grid grid, read_grid(call));
  const ForeignTensor &in = *call.input(0);
  const ForeignType type = call.input(2) ? call.input(2)->type : ForeignType::kU8;
  if (!in.is_float() || (type != ForeignType::kI8 && type != ForeignType::kU8) ||
      (!call.input(2) && call.node.integer("output_dtype", 0) != 0))
    return bad_operands("constants are quantized to int8 or uint8, with a zero point");
  const double lo = type == ForeignType::kI8 ? -128 : 0;
  TRY(ForeignTensor out, make_tensor(call, type, in.dims));
  for (std::size_t i = 0; i < out.i64.size(); ++i) {
    const std::size_t channel = grid.channels.of(i);
    const double q =
        std::nearbyint(in.f32[i] / grid.scales[channel]) + static_cast<double>(grid.zeros[channel]);
    out.i64[i] = std::isnan(q) ? 0 : static_cast<std::int64_t>(std::clamp(q, lo, lo + 255));
  }
  return out;
}

// Of TensorFlow Lite's: its constants are told as the real numbers that they stand for.
Result<ForeignTensor> keep_real(const Call &call) {
  const ForeignTensor *in = call.input(0);
  if (!in || !in->is_float()) return bad_operands("quantized numbers or small floats are meant");
  TRY(ForeignTensor out, make_tensor(call, ForeignType::kF32, in->dims));
  out.f32 = in->f32;
  out.scales = in->scales;
  return out;
}

constexpr Rule kRules[] = {{"onnx", "DequantizeLinear", dequantize},
                           {"onnx", "QuantizeLinear", quantize},
                           {"tflite", "DEQUANTIZE", keep_real}};

}  // namespace

std::span<const Rule> quantization_rules() { return kRules; }

}  // namespace thimble::frontends::fold
