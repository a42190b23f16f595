// C names from whatever a model file calls its nodes, each given once.
#pragma once

#include <set>
#include <string>
#include <string_view>

namespace thimble::ctext {

// Letters, digits and underscores of `text`; runs of anything else become one underscore, none at
// the ends. "model/conv.1" -> "model_conv_1"; "n" before a leading digit; "x" for nothing at all.
// No double underscores, which C++ reserves.
std::string identifier(std::string_view text);
// Letters to upper case.
std::string upper(std::string_view text);
bool is_identifier(std::string_view text);  // ASCII; not a keyword of C or C++
// Every identifier-like word in C text.
std::set<std::string> words(std::string_view text);

// Names that are taken, and new ones beside them.
class Names {
 public:
  void reserve(std::set<std::string> names) { taken_.merge(names); }
  std::string fresh(const std::string &wish);  // `wish`, or with _2, _3, ... if taken

 private:
  std::set<std::string> taken_;
};

}  // namespace thimble::ctext
