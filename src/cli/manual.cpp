// `thimble manual`: the man page thimble(1), printed from what the parser knows (words.h) and what
// --help teaches.
#include <fmt/format.h>

#include "cli/command.h"
#include "cli/console.h"
#include "cli/words.h"

namespace thimble::cli {
namespace {

constexpr std::string_view kHead = R"(.TH THIMBLE 1 "" "thimble {}" "User Commands"
.SH NAME
thimble \- trained networks into C that runs in a thimbleful of memory
.SH SYNOPSIS
.B thimble
.I COMMAND
[\fIOPTION\fR ...] [\fIMODEL\fR]
.SH DESCRIPTION
A model of PyTorch (.pt2, .onnx) or TensorFlow Lite (.tflite) goes in; readable C99 without dependencies comes out, with a
plan of its memory and the figures of what it takes. Results are printed on the standard output, all else on the standard
error.
)";

constexpr std::string_view kTail = R"(.SH EXIT STATUS
.TP
0
it is done
.TP
1
the command line is wrong
.TP
2
the model cannot be read or is not supported
.TP
3
it does not fit the budget
.TP
4
verification failed
.TP
5
a compiler or an emulator is missing
.SH ENVIRONMENT
.TP
THIMBLE_TARGETS
a file with more chips
.TP
NO_COLOR
no colours, if it is set
)";

// Text that roff takes as it is.
std::string escaped(std::string_view text) {
  std::string out;
  bool at_start = true;
  for (const char c : text) {
    if (at_start && (c == '.' || c == '\'')) out += "\\&";
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else {
      out += c;
    }
    at_start = c == '\n';
  }
  return out;
}

std::string option_entry(const OptionWords &option) {
  std::string names;
  for (const std::string &name : option.names)
    names += (names.empty() ? "" : ", ") + ("\\fB" + escaped(name) + "\\fR");
  if (!option.choices.empty())
    names += " " + escaped(fmt::format("{}", fmt::join(option.choices, "|")));
  else if (option.takes_value && !option.is_positional)
    names += " \\fIVALUE\\fR";
  return ".TP\n" + names + "\n" + escaped(option.description) + "\n";
}

std::string command_entry(const CommandWords &command) {
  std::string text = ".SS thimble " + command.name + "\n" + escaped(command.description) + ".\n";
  for (const OptionWords &option : command.options)
    if (option.names.back() != "--help") text += option_entry(option);
  if (!command.footer.empty()) text += ".PP\n.nf\n" + escaped(command.footer) + "\n.fi\n";
  return text;
}

Status print_manual(App root) {
  std::string text = fmt::format(kHead, THIMBLE_VERSION);
  text += ".PP\n.nf\n" + escaped(root.footer()) + "\n.fi\n.SH COMMANDS\n";
  for (const CommandWords &command : words_of(root)) text += command_entry(command);
  print_result(text + std::string(kTail));
  return Unit{};
}

}  // namespace

Command manual_command(App root) {
  App app = root.add_subcommand("manual", "Print the man page, thimble(1)");
  return {app, [=] { return print_manual(root); }};
}

}  // namespace thimble::cli
