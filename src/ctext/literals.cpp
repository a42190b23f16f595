// Spelling of numbers and strings (literals.h).
#include "ctext/literals.h"

#include <charconv>
#include <cmath>
#include <cstdio>

#include "support/check.h"

namespace thimble::ctext {

std::string int_literal(std::int64_t value) {
  if (value == INT32_MIN) return "(-2147483647 - 1)";
  return std::to_string(value);
}

std::string float_literal(float value) {
  CHECK(!std::isnan(value), "a float literal is a number");
  if (std::isinf(value)) return value < 0 ? "-INFINITY" : "INFINITY";
  char buffer[32];
  const auto [end, error] = std::to_chars(buffer, buffer + sizeof buffer, value);
  CHECK(error == std::errc{}, "a float fits 32 characters");
  std::string text(buffer, end);
  if (text.find_first_of(".e") == std::string::npos) text += ".0";
  return text + "f";
}

std::string string_literal(std::string_view text) {
  std::string literal = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      literal += '\\';
      literal += c;
    } else if (c >= ' ' && c <= '~') {
      literal += c;
    } else {
      char escape[8];
      std::snprintf(escape, sizeof escape, "\\%03o", static_cast<unsigned char>(c));
      literal += escape;
    }
  }
  return literal + "\"";
}

std::string comment_text(std::string_view text) {
  std::string plain(text);
  for (char &c : plain) {
    if (c == '\\') c = '/';
    if (c < ' ' || c > '~') c = '?';
  }
  return plain;
}

}  // namespace thimble::ctext
