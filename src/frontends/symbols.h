// Symbolic dimensions: the batch is 1, the others are sized by the user.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "support/diagnostic.h"

namespace thimble::frontends {

class Symbols {
 public:
  explicit Symbols(std::map<std::string, std::int64_t> given) : values_(std::move(given)) {}

  // Declares that axis `axis` of the network's input `input` has the size `name`.
  void declare(const std::string &name, std::size_t axis, const std::string &input);

  // None: not declared, or no size given.
  std::optional<std::int64_t> value(const std::string &name) const;

  // Sizes missing, sizes below 1, and sizes for names that no input has.
  Diagnostics errors() const;

 private:
  std::map<std::string, std::int64_t> values_;
  std::set<std::string> declared_;
  std::map<std::string, std::string> missing_;  // name -> where it stands
};

}  // namespace thimble::frontends
