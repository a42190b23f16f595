// A tensor's number of elements is settled and paid for first; then exactly that many are read,
// from wherever they are.
#include "frontends/onnx/tensors.h"

#include <fmt/format.h>

#include <charconv>
#include <fstream>
#include <optional>
#include <string>

#include "frontends/tensor_bytes.h"

namespace thimble::frontends::onnx {
namespace {

namespace fs = std::filesystem;
using ops::ForeignTensor;

std::optional<Element> element_of(int data_type) {
  switch (data_type) {  // TensorProto.DataType
    case 1:
      return Element::kF32;
    case 2:
      return Element::kU8;
    case 3:
      return Element::kI8;
    case 4:
      return Element::kU16;
    case 5:
      return Element::kI16;
    case 6:
      return Element::kI32;
    case 7:
      return Element::kI64;
    case 9:
      return Element::kBool;
    case 10:
      return Element::kF16;
    case 11:
      return Element::kF64;
    case 12:
      return Element::kU32;
    case 13:
      return Element::kU64;
    case 16:
      return Element::kBF16;
    default:
      return std::nullopt;
  }
}

Diagnostic tensor_error(const TensorMessage &message, std::string why, std::string fix = {}) {
  return model_error(fmt::format("tensor '{}' cannot be read", message.name), std::move(why),
                     std::move(fix));
}

// A decimal number, or `otherwise` for an empty text.
std::optional<std::uint64_t> parse_size(std::string_view text, std::uint64_t otherwise) {
  if (text.empty()) return otherwise;
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// Where external data are, links resolved. Errors: outside `directory`, or not a plain file.
Result<fs::path> locate(const TensorMessage &message, const fs::path &directory) {
  const fs::path location{std::string(message.location)};
  std::error_code error;
  const fs::path root = fs::canonical(directory.empty() ? fs::path(".") : directory, error);
  if (error) return tensor_error(message, "the model's directory cannot be resolved");
  if (location.empty() || location.is_absolute() ||
      message.location.find('\0') != std::string_view::npos)
    return tensor_error(message,
                        fmt::format("external data '{}' is not a relative path", message.location));
  const fs::path path = fs::weakly_canonical(root / location, error);
  const auto [in_root, rest] = std::mismatch(root.begin(), root.end(), path.begin(), path.end());
  if (error || in_root != root.end() || rest == path.end())
    return tensor_error(message, fmt::format("external data '{}' is outside the model's directory",
                                             message.location));
  if (!fs::is_regular_file(path, error))
    return tensor_error(message, fmt::format("external data '{}' is not there", message.location),
                        "keep the .onnx and its data file in one directory, names unchanged");
  return path;
}

Result<std::vector<std::uint8_t>> read_external(const TensorMessage &message,
                                                const fs::path &directory, std::uint64_t bytes) {
  TRY(const fs::path path, locate(message, directory));
  const auto offset = parse_size(message.offset, 0);
  const auto length = parse_size(message.length, bytes);
  if (!offset || !length)
    return tensor_error(message, "offset or length of its external data is not a number");
  if (*length != bytes)
    return tensor_error(
        message, fmt::format("it needs {} bytes, its external data have {}", bytes, *length));
  std::error_code error;
  const std::uint64_t size = fs::file_size(path, error);
  if (error || *offset > size || bytes > size - *offset)
    return tensor_error(message,
                        fmt::format("bytes {} to {} are beyond the end of '{}' ({} bytes)", *offset,
                                    *offset + bytes, message.location, size),
                        "the data file is cut off or of another export");
  std::vector<std::uint8_t> data(bytes);
  std::ifstream stream(path, std::ios::binary);
  stream.seekg(static_cast<std::streamoff>(*offset));
  stream.read(reinterpret_cast<char *>(data.data()), static_cast<std::streamsize>(bytes));
  if (!stream) return tensor_error(message, fmt::format("cannot read '{}'", message.location));
  return data;
}

// float_data, int32_data, int64_data, double_data, uint64_data: at most `count` numbers of each.
struct TypedData {
  std::vector<float> floats;
  std::vector<std::int64_t> integers;
  std::vector<double> doubles;
};

bool read_typed(View message, std::size_t count, TypedData &data) {
  Fields fields(message);
  while (fields.next()) {
    const Field &field = fields.field();
    switch (field.number) {
      case 4:
        if (!append_floats(field, count, data.floats)) return false;
        break;
      case 10:
        if (!append_doubles(field, count, data.doubles)) return false;
        break;
      case 5:
      case 7:
      case 11:
        if (!append_varints(field, count, data.integers)) return false;
        break;
      default:
        break;
    }
  }
  return true;
}

Result<ForeignTensor> from_typed(const TensorMessage &message, Element element, const Dims &dims) {
  const std::size_t count = element_count(dims);
  TypedData data;
  if (!read_typed(message.message, count, data))
    return tensor_error(message, "it holds more numbers than its dimensions say");
  ForeignTensor tensor{.type = foreign_type(element), .dims = dims, .f32 = {}, .i64 = {}};
  if (element == Element::kF64) {
    tensor.f32.assign(data.doubles.begin(), data.doubles.end());
  } else if (element == Element::kF16 || element == Element::kBF16) {  // bits, in int32_data
    const auto convert = element == Element::kF16 ? half_to_float : bfloat16_to_float;
    for (std::int64_t bits : data.integers)
      tensor.f32.push_back(convert(static_cast<std::uint16_t>(bits)));
  } else {
    tensor.f32 = std::move(data.floats);
    tensor.i64 = std::move(data.integers);
  }
  if ((tensor.is_float() ? tensor.f32.size() : tensor.i64.size()) != count)
    return tensor_error(message, "it holds fewer numbers than its dimensions say");
  (tensor.is_float() ? tensor.i64.clear() : tensor.f32.clear());
  return tensor;
}

}  // namespace

ops::ForeignType foreign_type_of(int data_type) {
  const auto element = element_of(data_type);
  return element ? foreign_type(*element) : ops::ForeignType::kOther;
}

namespace {

struct Size {
  Element element = Element::kF32;
  std::uint64_t bytes = 0;
};

// Settled, and paid for.
Result<Size> size_of(const TensorMessage &message, Budget &budget) {
  const auto element = element_of(message.data_type);
  if (!element)
    return tensor_error(message,
                        fmt::format("element type {} is not supported", message.data_type));
  const std::int64_t count = element_count(message.dims);
  if (count < 0)
    return tensor_error(message,
                        fmt::format("dimensions {} make no sense", to_string(message.dims)));
  if (!budget.take(count))
    return tensor_error(
        message, fmt::format("the constants have more than {} elements in all", kMaxElements));
  return Size{*element, static_cast<std::uint64_t>(count) * element_bytes(*element)};
}

}  // namespace

Result<ForeignTensor> read_tensor(const TensorMessage &message, const fs::path &directory,
                                  Budget &budget) {
  TRY(const Size size, size_of(message, budget));
  if (message.external) {
    TRY(const auto data, read_external(message, directory, size.bytes));
    return decode(size.element, message.dims, data);
  }
  if (!message.raw_data) return from_typed(message, size.element, message.dims);
  if (message.raw_data->size() != size.bytes)
    return tensor_error(
        message, fmt::format("dimensions {} need {} bytes, it holds {}", to_string(message.dims),
                             size.bytes, message.raw_data->size()));
  return decode(size.element, message.dims, *message.raw_data);
}

Result<std::vector<std::uint8_t>> external_bytes(const TensorMessage &message,
                                                 const fs::path &directory, Budget &budget) {
  TRY(const Size size, size_of(message, budget));
  return read_external(message, directory, size.bytes);
}

}  // namespace thimble::frontends::onnx
