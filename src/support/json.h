// The one place that names the JSON library.
#pragma once

#include <nlohmann/json.hpp>

namespace thimble {
using Json = nlohmann::ordered_json;
using SortedJson = nlohmann::json;  // for objects of many keys that others wrote
}  // namespace thimble
