// The numbers of a page. Each is taken from the JSON that a command prints, and says so:
//   <data data-key="analyze/layers/3/macs" value="27648">27,648</data>
// so that nothing on the page can differ from what scripts read, and a test can hold it to that.
#pragma once

#include <optional>
#include <string>

#include "support/json.h"

namespace thimble::report::page {

// A key is the name of a command, then a path in its JSON ("bench/flash/total").
class Figures {
 public:
  void add(const std::string &command, Json json) { sources_[command] = std::move(json); }

  bool has(const std::string &key) const { return find(key) != nullptr; }
  double number(const std::string &key) const;  // 0 where there is none

  // All of these: "" where there is no number of that key.
  std::string count(const std::string &key) const;  // 1,234
  std::string bytes(const std::string &key) const;  // 1,234 B
  // Of parts of one: 3.14 %.
  std::string percent(const std::string &key) const;
  std::string real(const std::string &key, int digits) const;
  // One as a share of the other, which is not 0: 34 %.
  std::string share(const std::string &key, const std::string &of) const;

 private:
  const Json *find(const std::string &key) const;
  std::string data(const std::string &key, const std::string &text) const;
  Json sources_ = Json::object();
};

}  // namespace thimble::report::page
