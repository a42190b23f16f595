// A PlatformIO library (docs.platformio.org, library.json) with a project that runs it: by Arduino
// on the board that PlatformIO knows with this chip, else on the machine that builds it.
#include <array>

#include "packages/common.h"
#include "packages/example.h"
#include "support/json.h"

namespace thimble::packages {
namespace {

struct Board {
  std::string_view target, platform, board;
};

constexpr std::array kBoards = {
    Board{"atmega328p", "atmelavr", "uno"},
    Board{"attiny85", "atmelavr", "attiny85"},
    Board{"cortex-m0plus", "atmelsam", "mkrzero"},
    Board{"cortex-m4", "ststm32", "nucleo_f446re"},
    Board{"cortex-m7", "ststm32", "nucleo_f767zi"},
    Board{"rv32imc", "espressif32", "esp32-c3-devkitm-1"},
};

constexpr std::string_view kBoardProject = R"(; SPDX-License-Identifier: 0BSD
[env:@BOARD@]
platform = @PLATFORM@
board = @BOARD@
framework = arduino
monitor_speed = 115200
lib_deps = symlink://../..
)";

constexpr std::string_view kNativeProject = R"(; SPDX-License-Identifier: 0BSD
[env:native]
platform = native
lib_deps = symlink://../..
)";

constexpr std::string_view kUse =
    R"(In your project's `platformio.ini`: `lib_deps = symlink://path/to/this/folder` (or copy it into `lib/`). `examples/run` is a
project of that kind: `pio run` there builds it.
)";

const Board *board_of(const std::string &target) {
  for (const Board &board : kBoards)
    if (board.target == target) return &board;
  return nullptr;
}

std::string manifest(const Subject &subject, const std::string &source) {
  Json json = {{"name", subject.network.name},
               {"version", THIMBLE_VERSION},
               {"description",
                fill("A trained network in C99: @WHAT@; made by Thimble for @TARGET@", subject)},
               {"keywords", {"neural network", "inference"}},
               {"license", "0BSD"},
               {"headers", subject.network.name + ".h"},
               {"frameworks", "*"},
               {"platforms", "*"}};
  if (subject.target.toolchain == "avr") json["platforms"] = {"atmelavr", "atmelmegaavr"};
  json["examples"] = {
      {{"name", "run"}, {"base", "examples/run"}, {"files", {"platformio.ini", source}}}};
  return json.dump(2) + "\n";
}

}  // namespace

std::vector<File> platformio(const Subject &subject) {
  const Board *board = board_of(subject.target.name);
  const std::string source = board ? "src/main.cpp" : "src/main.c";
  std::vector<File> files = common_files(subject, kUse);
  files.push_back({"library.json", manifest(subject, source)});
  files.push_back(
      {"examples/run/platformio.ini", board ? fill(kBoardProject, subject,
                                                   {{"BOARD", std::string(board->board)},
                                                    {"PLATFORM", std::string(board->platform)}})
                                            : std::string(kNativeProject)});
  files.push_back({"examples/run/" + source,
                   board ? example_sketch(subject) : example_program(subject, "int main(void)")});
  return files;
}

}  // namespace thimble::packages
