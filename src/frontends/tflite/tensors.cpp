// Names are made unique here, since the file's are for people; data are decoded straight to the
// floats they stand for, since a second copy of a large file's weights would be one too many.
#include "frontends/tflite/tensors.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "frontends/tensor_bytes.h"
#include "frontends/tflite/schema.h"

namespace thimble::frontends::tflite {
namespace {

constexpr std::size_t kLongestName = 256;
constexpr double kLargestExact = 1 << 23;  // whole floats beyond may be rounded

// The first `count` of them, zeros where there are fewer.
template <class T>
std::vector<T> to_vector(const Numbers<T> &numbers, std::size_t count) {
  std::vector<T> values(count);
  for (std::size_t i = 0; i < std::min(count, numbers.size()); ++i) values[i] = numbers[i];
  return values;
}

bool is_sound_scale(float scale) { return scale > 0 && std::isfinite(scale); }
// Of an int32, the widest there is.
bool is_sound_zero_point(std::int64_t zero) { return static_cast<std::int32_t>(zero) == zero; }

Diagnostic tensor_error(const TensorInfo &info, std::string why, std::string fix = {}) {
  return model_error(fmt::format("tensor '{}' cannot be read", info.name), std::move(why),
                     std::move(fix));
}

bool is_quantized(const TensorInfo &info) {
  const auto element = element_of(info.type);
  return !info.scales.empty() && (element == Element::kI8 || element == Element::kI32);
}

// Elements of one channel that lie side by side, and how many channels there are.
struct Channels {
  std::int64_t run = 1, count = 1;
};

Channels channels_of(const TensorInfo &info) {
  const auto axis = static_cast<std::size_t>(info.channel_axis);
  Channels channels{1, info.dims.at(axis)};
  for (std::size_t i = axis + 1; i < info.dims.size(); ++i) channels.run *= info.dims[i];
  return channels;
}

// Real numbers from the integers T of the data.
template <class T>
ops::ForeignTensor dequantize(const TensorInfo &info) {
  ops::ForeignTensor tensor;
  tensor.dims = info.dims;
  tensor.scales = info.scales;
  const Numbers<T> data(info.data);
  const Channels channels = info.scales.size() > 1 ? channels_of(info) : Channels{};
  bool is_exact = true;
  tensor.f32.reserve(data.size());
  for (std::size_t i = 0; i < data.size(); ++i) {
    const auto index = static_cast<std::int64_t>(i);
    const auto channel = static_cast<std::size_t>(index / channels.run % channels.count);
    const double integer = static_cast<double>(data[i] - info.zero_points[channel]);
    is_exact = is_exact && std::abs(integer) < kLargestExact;
    tensor.f32.push_back(static_cast<float>(integer * info.scales[channel]));
  }
  for (std::size_t i = 0; !is_exact && i < data.size(); ++i)
    tensor.multiples.push_back(static_cast<std::int32_t>(data[i]));
  return tensor;
}

}  // namespace

const TensorInfo *TensorReader::find(std::int64_t index) {
  if (index < 0 || index >= static_cast<std::int64_t>(tensors_.size())) return nullptr;
  if (const auto found = read_.find(index); found != read_.end()) return &found->second;
  const Table tensor = tensors_[static_cast<std::size_t>(index)];
  const auto shape = tensor.numbers<std::int32_t>(Tensor::kShape);
  const std::string_view name = tensor.text(Tensor::kName).substr(0, kLongestName);
  if (shape.size() > kMaxRank || !items_.take(1 + static_cast<std::int64_t>(name.size() / 32)))
    return nullptr;
  TensorInfo info;
  info.name = unique_name(name, index);
  for (std::size_t i = 0; i < shape.size(); ++i) info.dims.push_back(shape[i]);
  info.type = tensor.scalar<std::int8_t>(Tensor::kType, 0);
  info.data = data_of(tensor);
  info.is_sparse = tensor.table(Tensor::kSparsity).present();
  if (!read_quantization(tensor, info)) return nullptr;
  return &read_.emplace(index, std::move(info)).first->second;
}

std::string TensorReader::unique_name(std::string_view name, std::int64_t index) {
  std::string unique = name.empty() ? fmt::format("tensor_{}", index) : std::string(name);
  while (!names_.insert(unique).second) unique += fmt::format("_{}", index);
  return unique;
}

// In the flatbuffer, or behind it where that would grow too large.
View TensorReader::data_of(const Table &tensor) const {
  const auto index = tensor.scalar<std::uint32_t>(Tensor::kBuffer, 0);
  const Table buffer = buffers_[index];
  const auto data = buffer.numbers<std::uint8_t>(BufferTable::kData);
  if (data.size() > 0) return data.bytes();
  const auto offset = buffer.scalar<std::uint64_t>(BufferTable::kOffset, 0);
  const auto size = buffer.scalar<std::uint64_t>(BufferTable::kSize, 0);
  if (offset < 2 || offset > file_.size() || size > file_.size() - offset) return {};
  return file_.subspan(offset, size);
}

// False where there is too much of it. What does not fit the tensor counts as none.
bool TensorReader::read_quantization(const Table &tensor, TensorInfo &info) {
  const Table quantization = tensor.table(Tensor::kQuantization);
  const auto scales = quantization.numbers<float>(Quantization::kScale);
  const auto zero_points = quantization.numbers<std::int64_t>(Quantization::kZeroPoint);
  if (scales.size() == 0) return true;
  if (!elements_.take(2 * static_cast<std::int64_t>(scales.size()))) return false;
  const auto axis = quantization.scalar<std::int32_t>(Quantization::kDimension, 0);
  const bool has_axis = axis >= 0 && axis < std::ssize(info.dims);
  if (scales.size() > 1 && (!has_axis || info.dims[axis] != static_cast<int>(scales.size())))
    return true;
  info.channel_axis = axis;
  info.scales = to_vector(scales, scales.size());
  info.zero_points = to_vector(zero_points, scales.size());
  const bool sound =
      std::all_of(info.scales.begin(), info.scales.end(), is_sound_scale) &&
      std::all_of(info.zero_points.begin(), info.zero_points.end(), is_sound_zero_point);
  if (!sound) info.scales.clear();
  return true;
}

Result<ops::ForeignTensor> TensorReader::constant(const TensorInfo &info) {
  const auto element = element_of(info.type);
  if (!element) return tensor_error(info, fmt::format("its elements are {}", type_name(info.type)));
  if (info.is_sparse)
    return tensor_error(info, "it is stored sparsely", "convert without sparsity");
  const std::int64_t count = element_count(info.dims);
  if (count < 0 || count * element_bytes(*element) != std::ssize(info.data))
    return tensor_error(info, fmt::format("{} bytes do not fill {} of {}", info.data.size(),
                                          to_string(info.dims), type_name(info.type)));
  // Shared data are paid for by each tensor that has them.
  if (!elements_.take(count)) return tensor_error(info, "the constants are too large altogether");
  if (*element == Element::kI8 && info.scales.empty())
    return tensor_error(info, "its integers have no sound scales and zero points");
  if (is_quantized(info))
    return *element == Element::kI8 ? dequantize<std::int8_t>(info)
                                    : dequantize<std::int32_t>(info);
  return decode(*element, info.dims, info.data);
}

std::optional<ir::Quant> activation_quant(const TensorInfo &info) {
  if (element_of(info.type) != Element::kI8 || info.scales.size() != 1) return std::nullopt;
  const std::int64_t zero = info.zero_points[0];
  if (zero < -128 || zero > 127) return std::nullopt;
  return ir::Quant{info.scales[0], static_cast<int>(zero)};
}

bool is_real(const TensorInfo &info) {
  return element_of(info.type) == Element::kF32 || activation_quant(info).has_value();
}

std::string describe_type(const TensorInfo &info) {
  const bool by_channel = info.scales.size() > 1;
  return type_name(info.type) + (by_channel            ? ", quantized by channel"
                                 : info.scales.empty() ? ""
                                                       : ", quantized");
}

}  // namespace thimble::frontends::tflite
