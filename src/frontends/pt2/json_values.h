// Values of model.json, strictly: what is not of the expected kind throws the JSON library's
// exception, which read_pt2 turns into a diagnostic.
#pragma once

#include <cmath>
#include <cstdint>
#include <limits>
#include <string>

#include "support/json.h"

namespace thimble::frontends::pt2 {

inline std::int64_t integer(const Json &json) { return json.get_ref<const std::int64_t &>(); }

inline const std::string &text(const Json &json) { return json.get_ref<const std::string &>(); }

// JSON has no infinities: torch writes them, and NaN, as strings.
inline double real(const Json &json) {
  if (!json.is_string()) return json.get<double>();
  if (text(json) == "Infinity") return std::numeric_limits<double>::infinity();
  if (text(json) == "-Infinity") return -std::numeric_limits<double>::infinity();
  return std::nan("");
}

// The member of an object, or null when it has none of this name (or is no object).
inline const Json *find(const Json &json, const char *key) {
  const auto found = json.find(key);
  return found == json.end() || found->is_null() ? nullptr : &*found;
}

}  // namespace thimble::frontends::pt2
