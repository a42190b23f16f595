// Collects lines of C: keeps the indentation (two spaces a block) and wraps what is too long. Line
// width is 100 columns.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace thimble::ctext {

inline constexpr int kLineWidth = 100;

// Invariant: every block that was opened is closed before `take`.
class CWriter {
 public:
  void line(std::string_view text = {});  // one line at the current indentation; "" is blank
  void lines(std::string_view text);      // several, indented each; as they are otherwise
  // "// ...", wrapped between words; '\n' breaks. What begins with spaces goes on four further in.
  void comment(std::string_view text);
  void open(std::string_view head);  // "head {"
  void close(std::string_view tail = "}");
  // `head` + items separated by ", " + `tail`, continued four columns further in when too long.
  void list(std::string_view head, const std::vector<std::string> &items, std::string_view tail);
  std::string take();

 private:
  std::string indentation() const { return std::string(2 * depth_, ' '); }
  std::string text_;
  int depth_ = 0;
};

}  // namespace thimble::ctext
