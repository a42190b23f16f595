// Each change is a function of a few lines; two tables list them, and chance picks.
#include "mutate.h"

#include <algorithm>
#include <cctype>
#include <cstring>

#include "archive.h"
#include "message.h"

namespace thimble::fuzz {
namespace {

void cut(std::string &bytes, const std::string &, Random &random) {
  bytes.resize(below(bytes.size(), random));
}

void flip_bits(std::string &bytes, const std::string &, Random &random) {
  for (std::size_t flips = 1 + below(8, random); flips > 0; --flips)
    bytes[below(bytes.size(), random)] ^= static_cast<char>(1 << below(8, random));
}

void overwrite(std::string &bytes, const std::string &, Random &random) {
  for (std::size_t count = 1 + below(4, random); count > 0; --count)
    bytes[below(bytes.size(), random)] = static_cast<char>(random());
}

void forge_word(std::string &bytes, const std::string &, Random &random) {
  const std::size_t width = std::min<std::size_t>(1u << below(4, random), bytes.size());
  const std::uint64_t value = forged_integer(random);  // little-endian, as the host's
  std::memcpy(bytes.data() + below(bytes.size() - width + 1, random), &value, width);
}

void forge_varint(std::string &bytes, const std::string &, Random &random) {
  const std::size_t replaced = below(3, random);  // a number in the file is mostly one byte or two
  bytes.replace(below(bytes.size(), random), replaced, to_varint(forged_integer(random)));
}

void erase(std::string &bytes, const std::string &, Random &random) {
  bytes.erase(below(bytes.size(), random), 1 + below(32, random));
}

void repeat(std::string &bytes, const std::string &, Random &random) {
  const std::string piece = bytes.substr(below(bytes.size(), random), 1 + below(200, random));
  for (std::size_t times = 1 + below(3, random); times > 0; --times)
    bytes.insert(below(bytes.size(), random), piece);
}

void splice(std::string &bytes, const std::string &other, Random &random) {
  const std::string piece = other.substr(below(other.size(), random), 1 + below(400, random));
  bytes.replace(below(bytes.size(), random), below(400, random), piece);
}

using ByteChange = void (*)(std::string &, const std::string &, Random &);
constexpr ByteChange kByteChanges[] = {cut,          flip_bits, overwrite, forge_word,
                                       forge_varint, erase,     repeat,    splice};

struct Token {
  std::size_t at, size;
};

// Runs of letters or digits of which `wanted` likes the first character.
std::vector<Token> tokens(const std::string &text, bool (*wanted)(char)) {
  const auto in_word = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) || c == '_';
  };
  std::vector<Token> found;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = at;
    while (end < text.size() && in_word(text[end])) ++end;
    if (end > at && wanted(text[at])) found.push_back({at, end - at});
    at = std::max(end, at + 1);
  }
  return found;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return !is_digit(c); }

std::string number(Random &random) {
  static constexpr const char *kOdd[] = {"-1", "1e308", "-0.0", "1e-320", "nan", "inf", "null"};
  if (below(4, random) == 0) return kOdd[below(std::size(kOdd), random)];
  const std::uint64_t value = forged_integer(random);
  return below(4, random) == 0 ? std::to_string(static_cast<std::int64_t>(value))
                               : std::to_string(value);
}

void forge_number(std::string &text, Random &random) {
  const auto numbers = tokens(text, is_digit);
  if (numbers.empty()) return;
  const Token token = numbers[below(numbers.size(), random)];
  text.replace(token.at, token.size, number(random));
}

void nudge_number(std::string &text, Random &random) {
  const auto numbers = tokens(text, is_digit);
  if (numbers.empty()) return;
  const Token token = numbers[below(numbers.size(), random)];
  text[token.at + token.size - 1] = static_cast<char>('0' + below(10, random));
}

void swap_word(std::string &text, Random &random) {
  const auto words = tokens(text, is_letter);
  if (words.empty()) return;
  const Token from = words[below(words.size(), random)], to = words[below(words.size(), random)];
  text.replace(to.at, to.size, text.substr(from.at, from.size));
}

// From one delimiter to the next of its kind: a line, an element, an object.
Token piece_of(const std::string &text, Random &random) {
  static constexpr char kDelimiters[] = {'\n', ',', '{', '[', '"', ';', '('};
  const char delimiter = kDelimiters[below(std::size(kDelimiters), random)];
  const std::size_t at = text.find(delimiter, below(text.size(), random));
  if (at == std::string::npos) return {0, 0};
  const std::size_t end = text.find(delimiter, at + 1);
  return {at, (end == std::string::npos ? text.size() : end) - at};
}

void erase_piece(std::string &text, Random &random) {
  const Token piece = piece_of(text, random);
  text.erase(piece.at, piece.size);
}

void repeat_piece(std::string &text, Random &random) {
  const Token piece = piece_of(text, random);
  text.insert(piece.at, text.substr(piece.at, piece.size));
}

void nest(std::string &text, Random &random) {
  static constexpr char kOpening[] = {'[', '{', '(', '"'};
  text.insert(below(text.size(), random), 1 + below(5000, random),
              kOpening[below(std::size(kOpening), random)]);
}

using TextChange = void (*)(std::string &, Random &);
constexpr TextChange kTextChanges[] = {forge_number, forge_number, nudge_number, swap_word,
                                       erase_piece,  repeat_piece, nest};

void change_entry(Entries &entries, const std::string &other, Random &random) {
  auto &[name, contents] = entries[below(entries.size(), random)];
  if (name.ends_with(".json") && below(4, random) != 0) return mutate_text(contents, random);
  mutate_bytes(contents, other, random);
}

void change_entries(Entries &entries, const std::string &other, Random &random) {
  switch (below(8, random)) {
    case 0:
      entries.erase(entries.begin() + static_cast<std::ptrdiff_t>(below(entries.size(), random)));
      break;
    case 1:
      mutate_text(entries[below(entries.size(), random)].first, random);
      break;
    case 2:
      std::swap(entries[below(entries.size(), random)].second,
                entries[below(entries.size(), random)].second);
      break;
    default:
      change_entry(entries, other, random);
  }
}

// A flatbuffer is words at places that other words name: one of 16, 32 or 64 bits becomes an
// extreme, its neighbour, or another of the file's.
void mutate_flatbuffer(std::string &bytes, const std::string &other, Random &random) {
  const std::size_t width = 2u << below(3, random);
  if (bytes.size() < 2 * width || below(8, random) == 0) return mutate_bytes(bytes, other, random);
  const auto place = [&] { return below(bytes.size() / width, random) * width; };
  const std::size_t at = place();
  std::uint64_t word = 0;
  std::memcpy(&word, bytes.data() + at, width);
  switch (below(3, random)) {
    case 0:
      word = forged_integer(random);
      break;
    case 1:
      word += below(17, random) - 8;
      break;
    default:
      std::memcpy(&word, bytes.data() + place(), width);
  }
  std::memcpy(bytes.data() + at, &word, width);
}

void mutate_archive(std::string &file, const std::string &other, Random &random) {
  auto entries = unpack(file);
  if (!entries || entries->empty() || below(4, random) == 0)
    return mutate_bytes(file, other, random);
  change_entries(*entries, other, random);
  if (std::string packed = pack(*entries); !packed.empty()) file = std::move(packed);
}

void change_contents(std::string &bytes, Random &random) {
  const bool is_text =
      std::all_of(bytes.begin(), bytes.end(), [](unsigned char c) { return std::isprint(c); });
  return is_text ? mutate_text(bytes, random) : mutate_bytes(bytes, bytes, random);
}

}  // namespace

const char *ending(Format format) {
  static constexpr const char *kEndings[] = {".onnx", ".pt2", ".tflite", ".thm"};
  return kEndings[static_cast<int>(format)];
}

void mutate_bytes(std::string &bytes, const std::string &other, Random &random) {
  if (bytes.empty()) bytes = other.substr(0, 1 + below(64, random));
  if (bytes.empty()) return;
  kByteChanges[below(std::size(kByteChanges), random)](bytes, other, random);
}

void mutate_text(std::string &text, Random &random) {
  if (!text.empty()) kTextChanges[below(std::size(kTextChanges), random)](text, random);
}

std::string mutate(Format format, const std::string &file, const std::vector<std::string> &others,
                   Random &random) {
  std::string mutant = file;
  const std::string &other = others[below(others.size(), random)];
  for (std::size_t changes = 1 + below(3, random); changes > 0; --changes) {
    if (format == Format::kPt2)
      mutate_archive(mutant, other, random);
    else if (format == Format::kTflite)
      mutate_flatbuffer(mutant, other, random);
    else if (format == Format::kThm && below(4, random) != 0)
      mutate_text(mutant, random);
    else if (format == Format::kOnnx && below(4, random) != 0)
      mutate_message(mutant, change_contents, random);
    else
      mutate_bytes(mutant, other, random);
  }
  return mutant;
}

}  // namespace thimble::fuzz
