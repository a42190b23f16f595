// JSON in, runs or every problem out. Keys that only the trainer knows are the trainer's to check.
#include "sweep/config.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "support/files.h"

namespace thimble::sweep {

std::string_view shipped_list(std::string_view file_name);  // generated, see room.cmake

namespace {

constexpr int kMostChannels = 1024, kMostHires = 16, kMostLatents = 64;
constexpr int kMostEpochs = 1000000, kMostSeed = 1000000000;

// Collects what is wrong, each with its place: "configs[2]: channels must be ...".
struct Problems {
  std::string file;
  Diagnostics found;
  void add(const std::string &where, const std::string &what) {
    Diagnostic error = usage_error(where.empty() ? what : where + ": " + what);
    error.file = file;
    found.push_back(std::move(error));
  }
};

bool is_integer(const Json &json, int low, int high) {
  if (!json.is_number_integer()) return false;
  const auto value = json.get<std::int64_t>();
  return value >= low && value <= high;
}

struct Reader {
  const Json &json;
  std::string where;
  Problems &problems;

  int integer(const char *key, int otherwise, int low, int high) const {
    if (!json.contains(key)) return otherwise;
    if (is_integer(json[key], low, high)) return json[key].get<int>();
    problems.add(where, fmt::format("{} must be a number from {} to {}", key, low, high));
    return otherwise;
  }

  std::string word(const char *key, const std::string &otherwise) const {
    if (!json.contains(key)) return otherwise;
    const std::string text = json[key].is_string() ? json[key].get<std::string>() : "";
    const bool plain = std::all_of(text.begin(), text.end(), [](unsigned char c) {
      return std::isalnum(c) || c == '-' || c == '_';
    });
    if (!text.empty() && plain) return text;  // it becomes part of a folder's name
    problems.add(where, fmt::format("{} must be a word of letters, digits, '-' and '_'", key));
    return otherwise;
  }

  std::array<int, 4> channels() const {
    std::array<int, 4> channels{};
    const Json list = json.value("channels", Json());
    bool good = list.is_array() && list.size() == channels.size();
    for (std::size_t i = 0; good && i < channels.size(); ++i) {
      good = is_integer(list[i], 1, kMostChannels);
      if (good) channels[i] = list[i].get<int>();
    }
    if (!good) {
      problems.add(where, fmt::format("channels must be four numbers from 1 to {}", kMostChannels));
    }
    return channels;
  }
};

std::string name_of(const Config &config) {
  std::string name = fmt::format("{}", fmt::join(config.channels, "-"));
  if (config.hires > 0) name += fmt::format("-hires{}", config.hires);
  if (config.latent != 1) name += fmt::format("-latent{}", config.latent);
  if (config.method != Config().method) name += "-" + config.method;
  return name;
}

Config read_config(Json json, const std::string &where, const Overrides &overrides,
                   Problems &problems) {
  const Reader reader{json, where, problems};
  Config config;
  config.channels = reader.channels();
  config.hires = reader.integer("hires", config.hires, 0, kMostHires);
  config.latent = reader.integer("latent", config.latent, 1, kMostLatents);
  config.method = reader.word("method", config.method);
  config.epochs = overrides.epochs.value_or(reader.integer("epochs", 0, 1, kMostEpochs));
  if (config.epochs == 0 && !json.contains("epochs")) {
    problems.add(where, "epochs is missing (here, in \"common\" or as --epochs)");
  }
  config.name = reader.word("name", name_of(config));
  config.json = std::move(json);
  config.json.erase("name");  // ours, not the trainer's
  config.json["hires"] = config.hires;
  config.json["latent"] = config.latent;
  config.json["method"] = config.method;
  config.json["epochs"] = config.epochs;
  return config;
}

std::vector<Config> read_configs(const Json &json, const Overrides &overrides, Problems &problems) {
  const Json common = json.value("common", Json::object());
  if (!common.is_object()) problems.add("common", "must be an object");
  const Json list = json.value("configs", Json());
  if (!list.is_array() || list.empty()) problems.add("configs", "must be a list of objects");
  std::vector<Config> configs;
  std::set<std::string> names;
  for (std::size_t i = 0; list.is_array() && i < list.size(); ++i) {
    const std::string where = fmt::format("configs[{}]", i);
    if (!list[i].is_object() || !common.is_object()) {
      problems.add(where, "must be an object");
      continue;
    }
    Json merged = common;
    merged.update(list[i]);
    configs.push_back(read_config(std::move(merged), where, overrides, problems));
    if (!names.insert(configs.back().name).second) {
      problems.add(where, "is a second '" + configs.back().name + "'; give it a \"name\"");
    }
  }
  return configs;
}

std::vector<int> read_seeds(const Json &json, const Overrides &overrides, Problems &problems) {
  std::vector<int> seeds;
  for (int seed = 1; seed <= overrides.seeds.value_or(0); ++seed) seeds.push_back(seed);
  if (!seeds.empty()) return seeds;
  const Json list = json.value("seeds", Json::array({1}));
  bool good = list.is_array() && !list.empty();
  for (std::size_t i = 0; good && i < list.size(); ++i) {
    good = is_integer(list[i], 0, kMostSeed);
    if (good) seeds.push_back(list[i].get<int>());
  }
  if (std::set<int>(seeds.begin(), seeds.end()).size() != seeds.size()) good = false;
  if (!good) problems.add("seeds", "must be a list of different numbers");
  return seeds;
}

}  // namespace

Result<std::vector<Run>> parse_runs(std::string_view text, const std::string &file,
                                    const Overrides &overrides) {
  Problems problems{file, {}};
  const Json json = Json::parse(text, nullptr, false);
  if (!json.is_object()) {
    problems.add("", "is no JSON object with a list of \"configs\"");
    return problems.found;
  }
  for (const auto &[key, value] : json.items()) {
    if (key != "seeds" && key != "common" && key != "configs") {
      problems.add("", "'" + key + "' is not known; there are seeds, common, configs");
    }
  }
  const std::vector<int> seeds = read_seeds(json, overrides, problems);
  const std::vector<Config> configs = read_configs(json, overrides, problems);
  if (!problems.found.empty()) return problems.found;
  std::vector<Run> runs;
  for (const Config &config : configs) {
    for (int seed : seeds) {
      runs.push_back({config, seed, fmt::format("{}-seed{}", config.name, seed)});
    }
  }
  return runs;
}

Result<std::vector<Run>> read_runs(const std::filesystem::path &configs,
                                   const Overrides &overrides) {
  if (configs.empty()) return parse_runs(shipped_list("sweep.json"), "sweep.json", overrides);
  TRY(const std::string text, read_text(configs));
  return parse_runs(text, configs.string(), overrides);
}

double evenness(const Config &config) {
  const auto [least, most] = std::minmax_element(config.channels.begin(), config.channels.end());
  return static_cast<double>(*least) / *most;
}

}  // namespace thimble::sweep
