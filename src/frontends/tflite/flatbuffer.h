// FlatBuffers' format, read where it lies: a table is a place in the file with a list of where its
// fields are, a vector a count with elements behind it. Source:
// flatbuffers.dev/internals.
//
// Every offset is checked when it is followed, in bytes() alone, so no file makes the reader leave
// its bytes, and nothing is allocated before somebody asks. What is out of place reads as absent
// and is remembered in the Buffer, whose owner asks once at the end.
#pragma once

#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string_view>

namespace thimble::frontends::tflite {

using View = std::span<const std::uint8_t>;

class Buffer {
 public:
  explicit Buffer(View file) : file_(file) {}
  View file() const { return file_; }

  // `count` bytes from `at` on; empty, and broken from now on, where the file ends before.
  View bytes(std::uint64_t at, std::uint64_t count);
  // Little endian; 0 where there is none.
  template <class T>
  T scalar(std::uint64_t at) {
    T value{};
    if (const View found = bytes(at, sizeof(T)); !found.empty())
      std::memcpy(&value, found.data(), sizeof(T));
    return value;
  }
  // The place that the 32-bit offset at `at` names.
  std::uint64_t follow(std::uint64_t at) { return at + scalar<std::uint32_t>(at); }
  bool broken() const { return broken_; }

 private:
  View file_;
  bool broken_ = false;
};

// The elements of a vector of numbers, in the file's bytes.
template <class T>
class Numbers {
 public:
  Numbers() = default;
  explicit Numbers(View bytes) : bytes_(bytes) {}
  View bytes() const { return bytes_; }
  std::size_t size() const { return bytes_.size() / sizeof(T); }
  T operator[](std::size_t i) const {
    T value;
    std::memcpy(&value, bytes_.data() + i * sizeof(T), sizeof(T));
    return value;
  }

 private:
  View bytes_;
};

class Tables;

// One table; an absent one has no fields.
class Table {
 public:
  Table() = default;
  Table(Buffer &buffer, std::uint64_t at) : buffer_(&buffer), at_(at) {}

  bool present() const { return buffer_ != nullptr; }
  std::uint64_t at() const { return at_; }  // where it is in the file
  // Where what the field leads to is; nothing: it is absent.
  std::optional<std::uint64_t> target(int field) const;
  template <class T>
  T scalar(int field, T otherwise) const {
    const auto at = place(field);
    return at ? buffer_->scalar<T>(*at) : otherwise;
  }
  Table table(int field) const;
  Tables tables(int field) const;
  std::string_view text(int field) const;
  template <class T>
  Numbers<T> numbers(int field) const {
    return Numbers<T>(vector(field, sizeof(T)));
  }

 private:
  friend class Tables;
  // Where the field is, or nothing: it has its default.
  std::optional<std::uint64_t> place(int field) const;
  // The elements of a vector, each of so many bytes.
  View vector(int field, std::size_t element_bytes) const;

  Buffer *buffer_ = nullptr;
  std::uint64_t at_ = 0;
};

// A vector of tables.
class Tables {
 public:
  Tables() = default;
  Tables(Buffer &buffer, View offsets) : buffer_(&buffer), offsets_(offsets) {}
  std::size_t size() const { return offsets_.size() / sizeof(std::uint32_t); }
  Table operator[](std::size_t i) const;  // absent beyond the end

 private:
  Buffer *buffer_ = nullptr;
  View offsets_;
};

// The table that the file begins with.
Table root(Buffer &buffer);

}  // namespace thimble::frontends::tflite
