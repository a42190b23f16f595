// `thimble completion SHELL`: a script that completes commands, options and their values, printed
// from what the parser knows (words.h). Where nothing is known, files are completed.
#include <fmt/format.h>

#include "cli/command.h"
#include "cli/console.h"
#include "cli/words.h"

namespace thimble::cli {
namespace {

std::string joined(const std::vector<std::string> &words) {
  return fmt::format("{}", fmt::join(words, " "));
}

// The first clause of a description, without what shells would read as theirs.
std::string brief(const std::string &description) {
  std::string text = description.substr(0, description.find_first_of(":;("));
  std::erase_if(
      text, [](char c) { return std::string_view("'\"`[]\\$").find(c) != std::string_view::npos; });
  while (!text.empty() && text.back() == ' ') text.pop_back();
  return text;
}

std::vector<std::string> names_of(const std::vector<CommandWords> &commands) {
  std::vector<std::string> names;
  for (const CommandWords &command : commands) names.push_back(command.name);
  return names;
}

std::vector<std::string> dashed_of(const CommandWords &command) {
  std::vector<std::string> names;
  for (const OptionWords &option : command.options)
    if (!option.is_positional) names.insert(names.end(), option.names.begin(), option.names.end());
  return names;
}

std::string bash(const std::vector<CommandWords> &commands) {
  std::string values, options;
  for (const CommandWords &command : commands) {
    options += fmt::format("      {}) words=\"{}\" ;;\n", command.name, joined(dashed_of(command)));
    for (const OptionWords &option : command.options)
      for (const std::string &name : option.names)
        if (!option.choices.empty() && !option.is_positional)
          values += fmt::format("    '{} {}') words=\"{}\" ;;\n", command.name, name,
                                joined(option.choices));
    if (!command.subcommands.empty())
      values += fmt::format("    '{0} {0}') words=\"{1}\" ;;\n", command.name,
                            joined(command.subcommands));
  }
  return fmt::format(R"(# Completion of thimble for bash: source this file.
_thimble() {{
  local current=${{COMP_WORDS[COMP_CWORD]}} previous=${{COMP_WORDS[COMP_CWORD-1]}} words=
  if (( COMP_CWORD == 1 )); then
    COMPREPLY=($(compgen -W "{} --help --version" -- "$current"))
    return
  fi
  case "${{COMP_WORDS[1]}} $previous" in
{}  esac
  if [[ -z $words && $current == -* ]]; then
    case ${{COMP_WORDS[1]}} in
{}    esac
  fi
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}}
complete -o default -F _thimble thimble
)",
                     joined(names_of(commands)), values, options);
}

std::string zsh_option(const OptionWords &option, const std::string &name) {
  const std::string values =
      option.choices.empty() ? ":value:_files" : fmt::format(":value:({})", joined(option.choices));
  return fmt::format("        '*{}[{}]{}' \\\n", name, brief(option.description),
                     option.takes_value ? values : "");
}

std::string zsh(const std::vector<CommandWords> &commands) {
  std::string names, cases;
  for (const CommandWords &command : commands) {
    names += fmt::format("    '{}:{}'\n", command.name, brief(command.description));
    cases += fmt::format("    {})\n      _arguments \\\n", command.name);
    for (const OptionWords &option : command.options)
      for (const std::string &name : option.names)
        if (!option.is_positional) cases += zsh_option(option, name);
    cases += command.subcommands.empty()
                 ? "        '*:file:_files'\n"
                 : fmt::format("        '1:subcommand:({})' '*:file:_files'\n",
                               joined(command.subcommands));
    cases += "      ;;\n";
  }
  return fmt::format(R"(#compdef thimble
# Completion of thimble for zsh: as _thimble in a folder of $fpath.
_thimble() {{
  local -a commands=(
{}  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  shift words
  (( CURRENT-- ))
  case $words[1] in
{}  esac
}}
if [[ $funcstack[1] == _thimble ]]; then
  _thimble "$@"
else
  compdef _thimble thimble
fi
)",
                     names, cases);
}

std::string fish_option(const std::string &command, const OptionWords &option) {
  std::string line =
      fmt::format("complete -c thimble -n '__fish_seen_subcommand_from {}'", command);
  for (const std::string &name : option.names)
    line += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
  if (!option.choices.empty())
    line += fmt::format(" -x -a '{}'", joined(option.choices));
  else if (option.takes_value)
    line += " -r";
  return line + fmt::format(" -d '{}'\n", brief(option.description));
}

std::string fish(const std::vector<CommandWords> &commands) {
  std::string text =
      "# Completion of thimble for fish: as thimble.fish in ~/.config/fish/completions.\n";
  for (const CommandWords &command : commands) {
    text += fmt::format("complete -c thimble -n __fish_use_subcommand -f -a {} -d '{}'\n",
                        command.name, brief(command.description));
    for (const OptionWords &option : command.options)
      if (!option.is_positional) text += fish_option(command.name, option);
    for (const std::string &below : command.subcommands)
      text += fmt::format("complete -c thimble -n '__fish_seen_subcommand_from {}' -f -a {}\n",
                          command.name, below);
  }
  return text;
}

Status print_completion(App root, const std::string &shell) {
  const std::vector<CommandWords> commands = words_of(root);
  print_result(shell == "bash" ? bash(commands) : shell == "zsh" ? zsh(commands) : fish(commands));
  return Unit{};
}

}  // namespace

Command completion_command(App root) {
  App app = root.add_subcommand("completion", "Print a script that completes words in a shell");
  auto shell = std::make_shared<std::string>();
  app->add_option("SHELL", *shell, "bash, zsh or fish")
      ->required()
      ->check(one_of({"bash", "zsh", "fish"}));
  return {app, [=] { return print_completion(root, *shell); }};
}

}  // namespace thimble::cli
