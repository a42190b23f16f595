// Commands and options as data, read off the parser: what completion and manual are made from, so
// that neither can say something else than --help.
#pragma once

#include <string>
#include <vector>

#include "cli/parser.h"

namespace thimble::cli {

struct OptionWords {
  std::vector<std::string> names;  // "-o", "--output"; of a positional its name alone, "MODEL"
  bool is_positional = false, takes_value = false;
  std::vector<std::string> choices;  // of the value; empty: any
  std::string description;
};

struct CommandWords {
  std::string name, description;
  std::vector<OptionWords> options;  // those of subcommands too
  std::vector<std::string> subcommands;
  std::string footer;
};

std::vector<CommandWords> words_of(App root);

}  // namespace thimble::cli
