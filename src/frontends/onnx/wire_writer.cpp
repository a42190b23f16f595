// A field is a key, number * 8 + wire type, and its value. Source:
// protobuf.dev/programming-guides/encoding.
#include "frontends/onnx/wire_writer.h"

#include <bit>

namespace thimble::frontends::onnx {
namespace {

enum WireType { kVarint = 0, kFixed64 = 1, kLength = 2, kFixed32 = 5 };

std::uint64_t key(int field, WireType type) {
  return static_cast<std::uint64_t>(field) << 3 | static_cast<std::uint64_t>(type);
}

}  // namespace

void MessageWriter::varint(std::uint64_t value) {
  for (; value >= 128; value >>= 7) data_ += static_cast<char>((value & 127) | 128);
  data_ += static_cast<char>(value);
}

void MessageWriter::integer(int field, std::int64_t value) {
  varint(key(field, kVarint));
  varint(static_cast<std::uint64_t>(value));
}

void MessageWriter::real(int field, float value) {
  varint(key(field, kFixed32));
  const auto bits = std::bit_cast<std::uint32_t>(value);
  for (int shift = 0; shift < 32; shift += 8) data_ += static_cast<char>(bits >> shift & 255);
}

void MessageWriter::bytes(int field, std::string_view value) {
  varint(key(field, kLength));
  varint(value.size());
  data_ += value;
}

void MessageWriter::copy(const Field &field) {
  switch (field.kind) {
    case Field::Kind::kVarint:
      return integer(field.number, field.integer());
    case Field::Kind::kFixed32:
      return real(field.number, field.real());
    case Field::Kind::kBytes:
      return bytes(field.number, field.text());
    case Field::Kind::kFixed64:
      varint(key(field.number, kFixed64));
      for (int shift = 0; shift < 64; shift += 8)
        data_ += static_cast<char>(field.scalar >> shift & 255);
  }
}

}  // namespace thimble::frontends::onnx
