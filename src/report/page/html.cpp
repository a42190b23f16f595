#include "report/page/html.h"

#include <fmt/format.h>

namespace thimble::report::page {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD

bool continues(std::string_view text, std::size_t at) {
  return at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80;
}

// Bytes of the UTF-8 character that begins at `at`; 0: none does. Overlong forms and surrogates are
// none.
std::size_t character_bytes(std::string_view text, std::size_t at) {
  const auto byte = static_cast<unsigned char>(text[at]);
  const auto next = at + 1 < text.size() ? static_cast<unsigned char>(text[at + 1]) : 0;
  if (byte < 0x80) return 1;
  if (byte >= 0xC2 && byte <= 0xDF) return continues(text, at + 1) ? 2 : 0;
  if (byte >= 0xE0 && byte <= 0xEF) {
    if ((byte == 0xE0 && next < 0xA0) || (byte == 0xED && next > 0x9F)) return 0;
    return continues(text, at + 1) && continues(text, at + 2) ? 3 : 0;
  }
  if (byte >= 0xF0 && byte <= 0xF4) {
    if ((byte == 0xF0 && next < 0x90) || (byte == 0xF4 && next > 0x8F)) return 0;
    return continues(text, at + 1) && continues(text, at + 2) && continues(text, at + 3) ? 4 : 0;
  }
  return 0;
}

std::string_view entity(char c) {
  switch (c) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    case '"':
      return "&quot;";
    case '\'':
      return "&#39;";
    default:
      return {};
  }
}

}  // namespace

std::string escaped(std::string_view text) {
  std::string safe;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t bytes = character_bytes(text, at);
    const bool control = bytes == 1 && (static_cast<unsigned char>(text[at]) < 0x20 ||
                                        static_cast<unsigned char>(text[at]) == 0x7F);
    if (bytes == 0 || control)
      safe += kReplacement;
    else if (const std::string_view name = entity(text[at]); !name.empty())
      safe += name;
    else
      safe += text.substr(at, bytes);
    at += bytes == 0 ? 1 : bytes;
  }
  return safe;
}

std::string bold(std::string_view name) {
  constexpr std::size_t kMost = 44, kHead = 28, kTail = 12;
  if (name.size() <= kMost) return "<b>" + escaped(name) + "</b>";
  std::size_t head = kHead, tail = name.size() - kTail;
  while (head > 0 && continues(name, head)) --head;
  while (tail < name.size() && continues(name, tail)) ++tail;
  return fmt::format("<b title=\"{}\">{}…{}</b>", escaped(name), escaped(name.substr(0, head)),
                     escaped(name.substr(tail)));
}

std::string section(std::string_view id, std::string_view title, const std::string &body) {
  if (body.empty()) return {};
  return fmt::format("<section id=\"{}\">\n<h2>{}</h2>\n{}</section>\n", id, title, body);
}

std::string cell(std::string_view label, const std::string &inner, std::string_view kind) {
  return fmt::format("<td data-label=\"{}\"{}>{}</td>", label,
                     kind.empty() ? "" : fmt::format(" class=\"{}\"", kind), inner);
}

}  // namespace thimble::report::page
