// The list of runs of a sweep: which networks, trained from which seeds. A JSON file
//
//   {"seeds": [1, 2], "common": {"method": "angle", "latent": 1, "epochs": 400},
//    "configs": [{"channels": [4, 4, 4, 4]}, {"channels": [8, 8, 8, 8], "hires": 2}]}
//
// where a config may have every key of the trainer's, "common" holds for all, and "name" tells
// apart configs that differ in other keys than these.
#pragma once

#include <array>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "support/diagnostic.h"
#include "support/json.h"

namespace thimble::sweep {

struct Config {
  std::string name;               // "4-4-4-4-hires2"
  std::array<int, 4> channels{};  // d1 to d4 of the decoder, d4 next to the latent
  int hires = 0;                  // layers at full resolution beyond the trend's four
  int latent = 1;
  std::string method = "angle";
  int epochs = 1;
  Json json = {};  // what the trainer reads: all keys, "common" and defaults included
};

struct Run {
  Config config;
  int seed = 1;
  std::string name;  // the config's with "-seed1": its folder
};

// What the command line says instead of the file.
struct Overrides {
  std::optional<int> epochs;
  std::optional<int> seeds;  // how many: 1 to N
};

// All seeds of the first config, then of the next. Errors (kUsage): every problem of the file.
Result<std::vector<Run>> parse_runs(std::string_view text, const std::string &file,
                                    const Overrides &overrides);
// An empty path: the shipped list.
Result<std::vector<Run>> read_runs(const std::filesystem::path &configs,
                                   const Overrides &overrides);

// min / max of the channels: 1 when all layers are equally wide.
double evenness(const Config &config);

}  // namespace thimble::sweep
