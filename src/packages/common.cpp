// The files that are the same whatever the build system (common.h).
#include "packages/common.h"

#include <fmt/format.h>

#include "ctext/identifiers.h"
#include "support/check.h"

namespace thimble::packages {
namespace {

// Everything that is emitted; the numbers of a network are not Thimble's to give away.
constexpr std::string_view kLicence = R"(BSD Zero Clause License

Permission to use, copy, modify, and/or distribute this software for any
purpose with or without fee is hereby granted.

THE SOFTWARE IS PROVIDED "AS IS" AND THE AUTHOR DISCLAIMS ALL WARRANTIES WITH
REGARD TO THIS SOFTWARE INCLUDING ALL IMPLIED WARRANTIES OF MERCHANTABILITY
AND FITNESS. IN NO EVENT SHALL THE AUTHOR BE LIABLE FOR ANY SPECIAL, DIRECT,
INDIRECT, OR CONSEQUENTIAL DAMAGES OR ANY DAMAGES WHATSOEVER RESULTING FROM
LOSS OF USE, DATA OR PROFITS, WHETHER IN AN ACTION OF CONTRACT, NEGLIGENCE OR
OTHER TORTIOUS ACTION, ARISING OUT OF OR IN CONNECTION WITH THE USE OR
PERFORMANCE OF THIS SOFTWARE.
)";

constexpr std::string_view kReadme = R"(# @NAME@
A trained network in C99: @WHAT@. Made by Thimble @VERSION@ for @TARGET@.

| | |
|---|---|
@PORTS@| compiler | `@COMPILER@` |

## Use
@USE@
`src/@NAME@.h` says what there is to call; `@NAME@_selftest()` runs a golden vector and returns 0 if it comes out right.

## Licence
The code is 0BSD (see `LICENSE`): do with it what you like. Its weights are those of the model that was compiled.
)";

std::string port_row(std::string_view word, std::size_t index, const ir::Type &type) {
  return fmt::format("| {} {} | {} rows, {} columns, {} channels of {} |\n", word, index,
                     type.shape.rows, type.shape.cols, type.shape.channels,
                     type.dtype == ir::DType::kF32 ? "float" : "int8");
}

std::string port_rows(const codegen::Emitted &network) {
  std::string rows;
  for (std::size_t i = 0; i < network.inputs.size(); ++i)
    rows += port_row("input", i, network.inputs[i]);
  for (std::size_t i = 0; i < network.outputs.size(); ++i)
    rows += port_row("output", i, network.outputs[i]);
  return rows;
}

std::string compiler_words(const targets::Target &target) {
  std::string words = target.compiler + " -std=" + target.c_standard;
  for (const std::string &flag : target.flags) words += " " + flag;
  return words;
}

}  // namespace

std::string fill(std::string_view text, const Subject &subject,
                 std::map<std::string, std::string> words) {
  const codegen::Emitted &network = subject.network;
  words.emplace("NAME", network.name);
  words.emplace("UPPER", ctext::upper(network.name));
  words.emplace("VERSION", THIMBLE_VERSION);
  words.emplace("TARGET", subject.target.name);
  words.emplace("WHAT",
                fmt::format("{} bytes of RAM besides the stack, {} of weights and constants",
                            network.arena_bytes, network.weight_bytes + network.constant_bytes));
  std::string filled;
  while (true) {
    const std::size_t begin = text.find('@');
    if (begin == std::string_view::npos) return filled + std::string(text);
    const std::size_t end = text.find('@', begin + 1);
    CHECK(end != std::string_view::npos, "a package's text has a single '@'");
    const auto word = words.find(std::string(text.substr(begin + 1, end - begin - 1)));
    CHECK(word != words.end(), "a package's text has an unknown word");
    filled += std::string(text.substr(0, begin)) + word->second;
    text.remove_prefix(end + 1);
  }
}

std::vector<File> common_files(const Subject &subject, std::string_view use) {
  std::vector<File> files;
  for (const File &file : subject.network.files) files.push_back({"src/" + file.name, file.text});
  files.push_back({"LICENSE", std::string(kLicence)});
  files.push_back({"README.md", fill(kReadme, subject,
                                     {{"PORTS", port_rows(subject.network)},
                                      {"COMPILER", compiler_words(subject.target)},
                                      {"USE", fill(use, subject)}})});
  return files;
}

}  // namespace thimble::packages
