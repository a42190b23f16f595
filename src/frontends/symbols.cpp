// A name at axis 0 of any input is the batch unless the user says otherwise.
#include "frontends/symbols.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace thimble::frontends {

void Symbols::declare(const std::string &name, std::size_t axis, const std::string &input) {
  declared_.insert(name);
  if (axis == 0) values_.try_emplace(name, 1);
  if (!values_.contains(name)) missing_[name] = fmt::format("axis {} of input '{}'", axis, input);
}

std::optional<std::int64_t> Symbols::value(const std::string &name) const {
  const auto found = values_.find(name);
  if (!declared_.contains(name) || found == values_.end()) return std::nullopt;
  return found->second;
}

Diagnostics Symbols::errors() const {
  Diagnostics errors;
  for (const auto &[name, place] : missing_)
    if (!values_.contains(name))
      errors.push_back(
          model_error(fmt::format("dimension '{}' has no size", name),
                      fmt::format("{} is symbolic, and memory is planned for one size", place),
                      fmt::format("--dim {}=N", name)));
  for (const auto &[name, size] : values_) {
    if (!declared_.contains(name))
      errors.push_back(usage_error(fmt::format("the model has no dimension '{}'", name),
                                   declared_.empty()
                                       ? "its inputs have no symbolic dimensions"
                                       : fmt::format("it has: {}", fmt::join(declared_, ", "))));
    else if (size < 1)
      errors.push_back(usage_error(fmt::format("--dim {}={}: a size is at least 1", name, size)));
  }
  return errors;
}

}  // namespace thimble::frontends
