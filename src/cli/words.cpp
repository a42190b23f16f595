// Reading the parser. What an option's value may be stands in the name of its type, as "{a,b,c}";
// chips and levels, which are data, are looked up.
#include "cli/words.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <sstream>
#include <utility>

#include "targets/target.h"

namespace thimble::cli {
namespace {

std::vector<std::string> chips() {
  std::vector<std::string> names;
  if (const auto targets = targets::all_targets())
    for (const targets::Target &target : *targets) names.push_back(target.name);
  return names;
}

std::vector<std::string> levels() {
  std::vector<std::string> names;
  if (const auto targets = targets::all_targets(); targets.ok() && !targets->empty())
    for (const targets::Level &level : targets->front().levels) names.push_back(level.name);
  return names;
}

std::vector<std::string> choices_of(const CLI::Option &option, const std::string &name) {
  if (name == "--target") return chips();
  if (name == "--optimize") return levels();
  if (name == "--on") {
    std::vector<std::string> all = {"float", "int"};
    for (const std::string &chip : chips()) all.push_back(chip);
    return all;
  }
  const std::string type = option.get_type_name();
  const std::size_t begin = type.find('{'), end = type.find('}');
  if (begin == std::string::npos || end == std::string::npos) return {};
  std::vector<std::string> choices;
  std::istringstream list(type.substr(begin + 1, end - begin - 1));
  for (std::string choice; std::getline(list, choice, ',');) choices.push_back(choice);
  return choices;
}

OptionWords words_of(const CLI::Option &option) {
  OptionWords words;
  words.is_positional = option.get_positional();
  if (words.is_positional) words.names = {option.get_name(true)};
  for (const std::string &name : option.get_snames()) words.names.push_back("-" + name);
  for (const std::string &name : option.get_lnames()) words.names.push_back("--" + name);
  words.takes_value = option.get_items_expected_max() > 0;
  if (words.takes_value && !words.names.empty())
    words.choices = choices_of(option, words.names.back());
  words.description = option.get_description();
  return words;
}

void add_options(const CLI::App &app, std::vector<OptionWords> &options) {
  for (const CLI::Option *option : app.get_options()) {
    OptionWords words = words_of(*option);
    const bool is_there = std::any_of(options.begin(), options.end(),
                                      [&](const OptionWords &o) { return o.names == words.names; });
    const bool is_hidden = option->get_group().empty();
    if (!words.names.empty() && !is_there && !is_hidden) options.push_back(std::move(words));
  }
}

}  // namespace

std::vector<CommandWords> words_of(App root) {
  std::vector<CommandWords> all;
  for (const CLI::App *app :
       std::as_const(root.parser()).get_subcommands([](const CLI::App *) { return true; })) {
    CommandWords words{app->get_name(), app->get_description(), {}, {}, app->get_footer()};
    add_options(*app, words.options);
    for (const CLI::App *below : app->get_subcommands([](const CLI::App *) { return true; })) {
      words.subcommands.push_back(below->get_name());
      add_options(*below, words.options);
    }
    all.push_back(std::move(words));
  }
  return all;
}

}  // namespace thimble::cli
