// The wire format: a key (field number and kind) and a varint, 4 or 8 bytes, or a length and so
// many bytes, which may be a message again; it is taken for one where it reads as one.
#include "message.h"

#include <optional>
#include <vector>

namespace thimble::fuzz {
namespace {

enum Kind : std::uint64_t { kVarint = 0, kWord64 = 1, kBytes = 2, kWord32 = 5 };

struct Field {
  std::uint64_t key = 0;
  std::uint64_t number = 0;  // kVarint
  std::string bytes;         // every other kind
  Kind kind() const { return static_cast<Kind>(key & 7); }
};

using Fields = std::vector<Field>;

std::optional<std::uint64_t> read_varint(const std::string &text, std::size_t &at) {
  std::uint64_t value = 0;
  for (int shift = 0; shift < 64 && at < text.size(); shift += 7) {
    const auto byte = static_cast<unsigned char>(text[at++]);
    value |= static_cast<std::uint64_t>(byte & 127) << shift;
    if (byte < 128) return value;
  }
  return std::nullopt;
}

// How many bytes the field's contents take, `at` being behind the key.
std::optional<std::uint64_t> contents_size(Kind kind, const std::string &text, std::size_t &at) {
  if (kind == kWord64) return 8;
  if (kind == kWord32) return 4;
  return kind == kBytes ? read_varint(text, at) : std::nullopt;
}

std::optional<Field> read_field(const std::string &text, std::size_t &at) {
  const auto key = read_varint(text, at);
  if (!key || *key < 8) return std::nullopt;
  Field field{*key, 0, {}};
  if (field.kind() == kVarint) {
    const auto number = read_varint(text, at);
    if (number) field.number = *number;
    return number ? std::optional(field) : std::nullopt;
  }
  const auto size = contents_size(field.kind(), text, at);
  if (!size || *size > text.size() - at) return std::nullopt;
  field.bytes = text.substr(at, *size);
  at += *size;
  return field;
}

std::optional<Fields> read_fields(const std::string &text) {
  Fields fields;
  for (std::size_t at = 0; at < text.size();) {
    auto field = read_field(text, at);
    if (!field) return std::nullopt;
    fields.push_back(*std::move(field));
  }
  return fields;
}

std::string write_fields(const Fields &fields) {
  std::string text;
  for (const Field &field : fields) {
    text += to_varint(field.key);
    if (field.kind() == kVarint) text += to_varint(field.number);
    if (field.kind() == kBytes) text += to_varint(field.bytes.size());
    text += field.bytes;
  }
  return text;
}

void change_list(Fields &fields, Random &random) {
  const std::size_t at = below(fields.size(), random), other = below(fields.size(), random);
  switch (below(4, random)) {
    case 0:
      fields.erase(fields.begin() + static_cast<std::ptrdiff_t>(at));
      break;
    case 1:
      fields.push_back(fields[at]);
      break;
    case 2:
      std::swap(fields[at], fields[other]);
      break;
    default:
      fields[at].key = (1 + below(24, random)) << 3 | fields[at].kind();
  }
}

}  // namespace

std::string to_varint(std::uint64_t value) {
  std::string text;
  for (; value > 127; value >>= 7) text += static_cast<char>((value & 127) | 128);
  return text + static_cast<char>(value);
}

void mutate_message(std::string &message, void (*change)(std::string &, Random &), Random &random) {
  auto fields = read_fields(message);
  if (!fields || fields->empty()) return;
  Field &field = (*fields)[below(fields->size(), random)];
  if (below(6, random) == 0)
    change_list(*fields, random);
  else if (field.kind() == kVarint)
    field.number = below(2, random) ? forged_integer(random) : below(24, random);
  else if (below(4, random) != 0 && field.kind() == kBytes && read_fields(field.bytes))
    mutate_message(field.bytes, change, random);
  else
    change(field.bytes, random);
  message = write_fields(*fields);
}

}  // namespace thimble::fuzz
