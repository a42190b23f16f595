// Bytes to numbers, one element type a line; strided views are first copied to C order.
#include "frontends/tensor_bytes.h"

#include <bit>
#include <cstring>

#include "support/check.h"

static_assert(std::endian::native == std::endian::little, "storages are read by memcpy");

namespace thimble::frontends {
namespace {

using ops::ForeignTensor;
using ops::ForeignType;

template <class T>
T load(const std::uint8_t *bytes) {
  T value;
  std::memcpy(&value, bytes, sizeof(T));
  return value;
}

template <class T, class Out>
void widen(std::span<const std::uint8_t> bytes, std::vector<Out> &out) {
  out.resize(bytes.size() / sizeof(T));
  for (std::size_t i = 0; i < out.size(); ++i)
    out[i] = static_cast<Out>(load<T>(&bytes[i * sizeof(T)]));
}

void widen_small_floats(std::span<const std::uint8_t> bytes, float (*convert)(std::uint16_t),
                        std::vector<float> &out) {
  out.resize(bytes.size() / 2);
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = convert(load<std::uint16_t>(&bytes[i * 2]));
}

}  // namespace

int element_bytes(Element element) {
  switch (element) {
    case Element::kF64:
    case Element::kI64:
    case Element::kU64:
      return 8;
    case Element::kF32:
    case Element::kI32:
    case Element::kU32:
      return 4;
    case Element::kF16:
    case Element::kBF16:
    case Element::kI16:
    case Element::kU16:
      return 2;
    case Element::kI8:
    case Element::kU8:
    case Element::kBool:
      return 1;
  }
  check_failed(__FILE__, __LINE__, "element", "unknown element type");
}

ForeignType foreign_type(Element element) {
  switch (element) {
    case Element::kF32:
      return ForeignType::kF32;
    case Element::kF64:
      return ForeignType::kF64;
    case Element::kF16:
      return ForeignType::kF16;
    case Element::kBF16:
      return ForeignType::kBF16;
    case Element::kI8:
      return ForeignType::kI8;
    case Element::kU8:
      return ForeignType::kU8;
    case Element::kI16:
      return ForeignType::kI16;
    case Element::kU16:
    case Element::kI32:
      return ForeignType::kI32;
    case Element::kU32:
    case Element::kI64:
    case Element::kU64:
      return ForeignType::kI64;
    case Element::kBool:
      return ForeignType::kBool;
  }
  return ForeignType::kOther;
}

ForeignTensor decode(Element element, const Dims &dims, std::span<const std::uint8_t> bytes) {
  CHECK(element_count(dims) * element_bytes(element) == static_cast<std::int64_t>(bytes.size()),
        "bytes do not match the dimensions");
  ForeignTensor tensor;
  tensor.type = foreign_type(element);
  tensor.dims = dims;
  switch (element) {
    case Element::kF32:
      widen<float>(bytes, tensor.f32);
      break;
    case Element::kF64:
      widen<double>(bytes, tensor.f32);
      break;
    case Element::kF16:
      widen_small_floats(bytes, half_to_float, tensor.f32);
      break;
    case Element::kBF16:
      widen_small_floats(bytes, bfloat16_to_float, tensor.f32);
      break;
    case Element::kI8:
      widen<std::int8_t>(bytes, tensor.i64);
      break;
    case Element::kU8:
    case Element::kBool:
      widen<std::uint8_t>(bytes, tensor.i64);
      break;
    case Element::kI16:
      widen<std::int16_t>(bytes, tensor.i64);
      break;
    case Element::kU16:
      widen<std::uint16_t>(bytes, tensor.i64);
      break;
    case Element::kI32:
      widen<std::int32_t>(bytes, tensor.i64);
      break;
    case Element::kU32:
      widen<std::uint32_t>(bytes, tensor.i64);
      break;
    case Element::kI64:
    case Element::kU64:
      widen<std::int64_t>(bytes, tensor.i64);
      break;
  }
  return tensor;
}

bool storage_fits(std::uint64_t storage_bytes, int element_bytes, const Dims &dims,
                  const Dims &strides, std::int64_t offset) {
  const auto capacity = static_cast<std::int64_t>(storage_bytes / element_bytes);
  if (dims.size() != strides.size() || offset < 0 || element_count(dims) < 0) return false;
  if (element_count(dims) == 0) return true;
  std::int64_t last = offset;
  for (std::size_t axis = 0; axis < dims.size(); ++axis) {
    if (strides[axis] < 0) return false;
    std::int64_t reach = 0;
    if (__builtin_mul_overflow(dims[axis] - 1, strides[axis], &reach)) return false;
    if (__builtin_add_overflow(last, reach, &last)) return false;
  }
  return last < capacity;
}

std::vector<std::uint8_t> gather_strided(std::span<const std::uint8_t> storage, int element_bytes,
                                         const Dims &dims, const Dims &strides,
                                         std::int64_t offset) {
  const std::int64_t count = element_count(dims);
  std::vector<std::uint8_t> out(count * element_bytes);
  Dims index(dims.size(), 0);
  std::int64_t from = offset;
  for (std::int64_t i = 0; i < count; ++i) {
    std::memcpy(&out[i * element_bytes], &storage[from * element_bytes], element_bytes);
    for (std::size_t axis = dims.size(); axis-- > 0;) {
      if (dims[axis] == 1) continue;  // its stride means nothing and may be anything
      from += strides[axis];
      if (++index[axis] < dims[axis]) break;
      from -= strides[axis] * dims[axis];
      index[axis] = 0;
    }
  }
  return out;
}

float half_to_float(std::uint16_t bits) {
  const std::uint32_t sign = (bits & 0x8000u) << 16;
  const std::uint32_t exponent = (bits >> 10) & 0x1fu;
  const std::uint32_t fraction = bits & 0x3ffu;
  if (exponent == 0) {  // zero and subnormals: fraction * 2^-24
    const float magnitude = static_cast<float>(fraction) * 0x1p-24f;
    return sign ? -magnitude : magnitude;
  }
  const std::uint32_t wide_exponent = exponent == 31 ? 255 : exponent + 112;
  return std::bit_cast<float>(sign | (wide_exponent << 23) | (fraction << 13));
}

float bfloat16_to_float(std::uint16_t bits) {
  return std::bit_cast<float>(std::uint32_t{bits} << 16);
}

}  // namespace thimble::frontends
