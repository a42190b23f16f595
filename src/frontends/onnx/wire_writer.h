// Messages in the wire format of Protocol Buffers (wire.h), field by field, in the order given.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "frontends/onnx/wire.h"

namespace thimble::frontends::onnx {

class MessageWriter {
 public:
  void integer(int field, std::int64_t value);
  void real(int field, float value);
  void bytes(int field, std::string_view value);  // a string, or packed bytes
  void copy(const Field &field);                  // as it was read
  void message(int field, const MessageWriter &value) { bytes(field, value.data_); }
  const std::string &data() const { return data_; }

 private:
  void varint(std::uint64_t value);
  std::string data_;
};

}  // namespace thimble::frontends::onnx
