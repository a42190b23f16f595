// The wire format of Protocol Buffers: a message is a list of fields, each a number and a value.
//
// Values are views into the file's bytes, so a hostile file cannot make the reader allocate: a
// message costs nothing until somebody asks for its fields. That, and one package less to install,
// is why ONNX files are not read through the protobuf library. Source:
// protobuf.dev/programming-guides/encoding.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace thimble::frontends::onnx {

using View = std::span<const std::uint8_t>;

struct Field {
  int number = 0;
  enum class Kind { kVarint, kFixed32, kFixed64, kBytes } kind = Kind::kVarint;
  std::uint64_t scalar = 0;  // kVarint, kFixed32, kFixed64
  View bytes;                // kBytes: a string, a message, or packed scalars

  std::int64_t integer() const { return static_cast<std::int64_t>(scalar); }
  float real() const;  // of a kFixed32
  std::string_view text() const;
};

// Walks the fields of one message.
//   for (Fields fields(view); fields.next();) use(fields.field());
class Fields {
 public:
  explicit Fields(View message) : rest_(message) {}
  // False at the end, and for good at the first malformed byte: see broken().
  bool next();
  const Field &field() const { return field_; }
  bool broken() const { return broken_; }

 private:
  bool varint(std::uint64_t &value);
  bool take(std::uint64_t count, View &bytes);
  bool fail();

  View rest_;
  Field field_;
  bool broken_ = false;
};

// Appends the values of a repeated scalar, packed or not; false when malformed, or when `values`
// would get longer than `limit`.
bool append_varints(const Field &field, std::size_t limit, std::vector<std::int64_t> &values);
bool append_floats(const Field &field, std::size_t limit, std::vector<float> &values);
bool append_doubles(const Field &field, std::size_t limit, std::vector<double> &values);

}  // namespace thimble::frontends::onnx
