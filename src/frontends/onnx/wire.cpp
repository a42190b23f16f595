// Bounds are checked in take(), the only place that moves forward by a length from the file.
#include "frontends/onnx/wire.h"

#include <bit>
#include <cstring>

namespace thimble::frontends::onnx {
namespace {

enum WireType { kWireVarint = 0, kWireFixed64 = 1, kWireBytes = 2, kWireFixed32 = 5 };

std::uint64_t little_endian(View bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = bytes.size(); i-- > 0;) value = value << 8 | bytes[i];
  return value;
}

template <class T>
bool append_packed(View bytes, std::size_t limit, std::vector<T> &values) {
  const std::size_t old = values.size(), added = bytes.size() / sizeof(T);
  if (bytes.size() % sizeof(T) != 0 || old + added > limit) return false;
  values.resize(old + added);
  if (!bytes.empty()) std::memcpy(&values[old], bytes.data(), bytes.size());
  return true;
}

}  // namespace

float Field::real() const { return std::bit_cast<float>(static_cast<std::uint32_t>(scalar)); }

std::string_view Field::text() const {
  return {reinterpret_cast<const char *>(bytes.data()), bytes.size()};
}

bool Fields::fail() {
  broken_ = true;
  rest_ = {};
  return false;
}

bool Fields::take(std::uint64_t count, View &bytes) {
  if (count > rest_.size()) return fail();
  bytes = rest_.first(count);
  rest_ = rest_.subspan(count);
  return true;
}

bool Fields::varint(std::uint64_t &value) {
  value = 0;
  for (int shift = 0; shift < 64; shift += 7) {
    View byte;
    if (!take(1, byte)) return false;
    value |= std::uint64_t{byte[0] & 0x7fu} << shift;
    if ((byte[0] & 0x80u) == 0) return true;
  }
  return fail();
}

bool Fields::next() {
  if (rest_.empty()) return false;
  std::uint64_t key = 0, length = 0;
  if (!varint(key)) return false;
  field_ = {};
  if (key >> 3 == 0 || key >> 3 > 0x1fffffff) return fail();
  field_.number = static_cast<int>(key >> 3);
  View scalar;
  switch (key & 7) {
    case kWireVarint:
      field_.kind = Field::Kind::kVarint;
      return varint(field_.scalar);
    case kWireFixed64:
      field_.kind = Field::Kind::kFixed64;
      if (!take(8, scalar)) return false;
      field_.scalar = little_endian(scalar);
      return true;
    case kWireFixed32:
      field_.kind = Field::Kind::kFixed32;
      if (!take(4, scalar)) return false;
      field_.scalar = little_endian(scalar);
      return true;
    case kWireBytes:
      field_.kind = Field::Kind::kBytes;
      return varint(length) && take(length, field_.bytes);
    default:  // groups, long deprecated
      return fail();
  }
}

bool append_varints(const Field &field, std::size_t limit, std::vector<std::int64_t> &values) {
  if (field.kind == Field::Kind::kVarint) {
    values.push_back(field.integer());
    return values.size() <= limit;
  }
  if (field.kind != Field::Kind::kBytes) return false;
  std::size_t at = 0;
  while (at < field.bytes.size()) {
    std::uint64_t value = 0;
    for (int shift = 0;; shift += 7) {
      if (at == field.bytes.size() || shift >= 70) return false;
      const std::uint8_t byte = field.bytes[at++];
      value |= std::uint64_t{byte & 0x7fu} << shift;
      if ((byte & 0x80u) == 0) break;
    }
    if (values.size() == limit) return false;
    values.push_back(static_cast<std::int64_t>(value));
  }
  return true;
}

bool append_floats(const Field &field, std::size_t limit, std::vector<float> &values) {
  if (field.kind == Field::Kind::kBytes) return append_packed(field.bytes, limit, values);
  if (field.kind != Field::Kind::kFixed32) return false;
  values.push_back(field.real());
  return values.size() <= limit;
}

bool append_doubles(const Field &field, std::size_t limit, std::vector<double> &values) {
  if (field.kind == Field::Kind::kBytes) return append_packed(field.bytes, limit, values);
  if (field.kind != Field::Kind::kFixed64) return false;
  values.push_back(std::bit_cast<double>(field.scalar));
  return values.size() <= limit;
}

}  // namespace thimble::frontends::onnx
