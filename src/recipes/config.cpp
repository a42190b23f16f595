// A table of keys: each knows its range and its place.
#include "recipes/config.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <functional>
#include <vector>

namespace thimble::recipes {
namespace {

struct Key {
  std::string name, range;
  std::function<bool(DieConfig &, const Json &)> read;  // false: out of range
  std::function<Json(const DieConfig &)> write;
};

Key number(std::string name, double low, double high, double DieConfig::*field) {
  return {std::move(name), fmt::format("a number from {} to {}", low, high),
          [=](DieConfig &config, const Json &json) {
            if (!json.is_number()) return false;
            config.*field = json.get<double>();
            return config.*field >= low && config.*field <= high;
          },
          [=](const DieConfig &config) { return Json(config.*field); }};
}

template <class Field>
Key integer(std::string name, int low, int high, Field field) {
  return {std::move(name), fmt::format("a whole number from {} to {}", low, high),
          [=](DieConfig &config, const Json &json) {
            if (!json.is_number_integer()) return false;
            const auto value = json.get<std::int64_t>();
            if (value < low || value > high) return false;
            field(config) = static_cast<int>(value);
            return true;
          },
          [=](DieConfig config) { return Json(field(config)); }};
}

template <class Field>
Key channels(std::string name, Field field) {
  return {std::move(name), "four whole numbers from 1 to 1024",
          [=](DieConfig &config, const Json &json) {
            if (!json.is_array() || json.size() != 4) return false;
            for (std::size_t i = 0; i < 4; ++i) {
              if (!json[i].is_number_integer()) return false;
              const auto value = json[i].get<std::int64_t>();
              if (value < 1 || value > 1024) return false;
              field(config)[i] = static_cast<int>(value);
            }
            return true;
          },
          [=](DieConfig config) { return Json(field(config)); }};
}

Key word(std::string name, std::vector<std::string> words, std::string DieConfig::*field) {
  return {std::move(name), fmt::format("one of {}", fmt::join(words, ", ")),
          [=](DieConfig &config, const Json &json) {
            if (!json.is_string()) return false;
            config.*field = json.get<std::string>();
            return std::find(words.begin(), words.end(), config.*field) != words.end();
          },
          [=](const DieConfig &config) { return Json(config.*field); }};
}

const std::vector<Key> &keys() {
  static const std::vector<Key> all = {
      word("method", {"cvae", "angle", "gan", "flow"}, &DieConfig::method),
      channels("channels", [](DieConfig &c) -> die::Channels & { return c.shape.channels; }),
      integer("hires", 0, 16, [](DieConfig &c) -> int & { return c.shape.hires; }),
      integer("latent", 1, 1, [](DieConfig &c) -> int & { return c.shape.latent; }),
      channels("encoder", [](DieConfig &c) -> die::Channels & { return c.encoder; }),
      integer("epochs", 1, 1000000, [](DieConfig &c) -> int & { return c.epochs; }),
      integer("batch", 1, 4096, [](DieConfig &c) -> int & { return c.batch; }),
      integer("restarts", 1, 1000, [](DieConfig &c) -> int & { return c.restarts; }),
      number("rate", 1e-6, 1, &DieConfig::rate),
      number("beta", 0, 1, &DieConfig::beta),
      number("telling", 0, 1, &DieConfig::telling),
      number("quantized", 0, 1, &DieConfig::quantized),
      word("bits", {"8", "4", "2", "ternary", "1"}, &DieConfig::bits),
  };
  return all;
}

std::string all_names() {
  std::string names;
  for (const Key &key : keys()) names += (names.empty() ? "" : ", ") + key.name;
  return names;
}

}  // namespace

Result<DieConfig> parse_config(std::string_view text, const std::string &file) {
  Diagnostics errors;
  const auto complain = [&](std::string what, std::string why) {
    errors.push_back(usage_error(std::move(what), std::move(why), "mend this file"));
    errors.back().file = file;
  };
  Json json = Json::parse(text, nullptr, false);
  if (!json.is_object()) {
    complain("is no JSON object", {});
    json = Json::object();
  }
  DieConfig config;
  for (const auto &item : json.items()) {
    const auto key = std::find_if(keys().begin(), keys().end(),
                                  [&](const Key &k) { return k.name == item.key(); });
    if (key == keys().end())
      complain("'" + item.key() + "' is not known", "there are " + all_names());
    else if (!key->read(config, item.value()))
      complain("'" + item.key() + "' is out of range", "it must be " + key->range);
  }
  if (!errors.empty()) return errors;
  return config;
}

Json to_json(const DieConfig &config) {
  Json json = Json::object();
  for (const Key &key : keys()) json[key.name] = key.write(config);
  return json;
}

}  // namespace thimble::recipes
