// Indentation and wrapping of C text (c_writer.h).
#include "ctext/c_writer.h"

#include <algorithm>

#include "support/check.h"

namespace thimble::ctext {
namespace {

// Calls `use` with each line of `text`, without its end.
template <class F>
void for_each_line(std::string_view text, F use) {
  while (!text.empty()) {
    const auto end = text.find('\n');
    use(text.substr(0, end));
    text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
  }
}

}  // namespace

void CWriter::line(std::string_view text) {
  if (!text.empty()) text_ += indentation();
  text_ += text;
  text_ += '\n';
}

void CWriter::lines(std::string_view text) {
  for_each_line(text, [this](std::string_view one) { line(one); });
}

void CWriter::comment(std::string_view text) {
  const std::size_t width = kLineWidth - 2 * depth_ - 3;
  for_each_line(text, [&](std::string_view whole) {
    std::string rest(whole);
    const std::size_t indented = std::min(rest.find_first_not_of(' '), rest.size());
    const std::string margin(indented > 0 ? indented + 4 : 0, ' ');
    while (rest.size() > width) {
      auto space = rest.rfind(' ', width);
      if (space == std::string::npos || space <= margin.size()) space = rest.find(' ', width);
      if (space == std::string::npos) break;
      line("// " + rest.substr(0, space));
      rest = margin + rest.substr(space + 1);
    }
    line(rest.empty() ? "//" : "// " + rest);
  });
}

void CWriter::open(std::string_view head) {
  line(std::string(head) + " {");
  ++depth_;
}

void CWriter::close(std::string_view tail) {
  CHECK(depth_ > 0, "a block is closed that was not opened");
  --depth_;
  line(tail);
}

void CWriter::list(std::string_view head, const std::vector<std::string> &items,
                   std::string_view tail) {
  std::string current = indentation() + std::string(head);
  for (std::size_t i = 0; i < items.size(); ++i) {
    const std::string item = items[i] + (i + 1 < items.size() ? "," : std::string(tail));
    const bool first = i == 0;
    if (!first && current.size() + 1 + item.size() > kLineWidth) {
      text_ += current + '\n';
      current = indentation() + "    " + item;
    } else {
      current += (first ? "" : " ") + item;
    }
  }
  if (items.empty()) current += tail;
  text_ += current + '\n';
}

std::string CWriter::take() {
  CHECK(depth_ == 0, "a block is left open");
  return std::move(text_);
}

}  // namespace thimble::ctext
