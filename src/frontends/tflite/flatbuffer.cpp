// A table begins with the distance back to its list of fields: the list's bytes, the table's bytes,
// then for each field its distance from the table's beginning, 0 where it is absent.
#include "frontends/tflite/flatbuffer.h"

namespace thimble::frontends::tflite {

View Buffer::bytes(std::uint64_t at, std::uint64_t count) {
  if (at <= file_.size() && count <= file_.size() - at) return file_.subspan(at, count);
  broken_ = true;
  return {};
}

std::optional<std::uint64_t> Table::place(int field) const {
  if (!buffer_) return std::nullopt;
  const std::int64_t list =
      static_cast<std::int64_t>(at_) - std::int64_t{buffer_->scalar<std::int32_t>(at_)};
  if (list < 0) {
    buffer_->bytes(buffer_->file().size() + 1, 0);  // before the beginning
    return std::nullopt;
  }
  const auto begin = static_cast<std::uint64_t>(list);
  const std::uint64_t entry = 4 + 2 * static_cast<std::uint64_t>(field);
  if (entry + 2 > buffer_->scalar<std::uint16_t>(begin)) return std::nullopt;
  const std::uint64_t distance = buffer_->scalar<std::uint16_t>(begin + entry);
  if (distance == 0) return std::nullopt;
  return at_ + distance;
}

std::optional<std::uint64_t> Table::target(int field) const {
  const auto at = place(field);
  return at ? std::optional(buffer_->follow(*at)) : std::nullopt;
}

Table Table::table(int field) const {
  const auto at = target(field);
  return at ? Table(*buffer_, *at) : Table();
}

View Table::vector(int field, std::size_t element_bytes) const {
  const auto at = place(field);
  if (!at) return {};
  const std::uint64_t begin = buffer_->follow(*at);
  const std::uint64_t count = buffer_->scalar<std::uint32_t>(begin);
  return buffer_->bytes(begin + 4, count * element_bytes);
}

Tables Table::tables(int field) const {
  return buffer_ ? Tables(*buffer_, vector(field, sizeof(std::uint32_t))) : Tables();
}

std::string_view Table::text(int field) const {
  const View bytes = vector(field, 1);
  return {reinterpret_cast<const char *>(bytes.data()), bytes.size()};
}

Table Tables::operator[](std::size_t i) const {
  if (i >= size()) return {};
  const auto begin = static_cast<std::uint64_t>(offsets_.data() - buffer_->file().data());
  return {*buffer_, buffer_->follow(begin + i * sizeof(std::uint32_t))};
}

Table root(Buffer &buffer) { return {buffer, buffer.follow(0)}; }

}  // namespace thimble::frontends::tflite
