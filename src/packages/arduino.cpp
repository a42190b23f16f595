// An Arduino library (arduino.github.io/arduino-cli/latest/library-specification): properties, the
// C in src/, and a sketch. What is made for AVR reads its weights from flash as only AVRs do, and
// says so; all else is plain C.
#include "packages/common.h"
#include "packages/example.h"

namespace thimble::packages {
namespace {

constexpr std::string_view kProperties = R"(name=@NAME@
version=@VERSION@
author=Thimble
maintainer=Thimble
sentence=A trained network.
paragraph=@WHAT@; C99 made by Thimble for @TARGET@.
category=Data Processing
url=
architectures=@ARCHITECTURES@
includes=@NAME@.h
license=0BSD
)";

constexpr std::string_view kKeywords =
    "@NAME@_run\tKEYWORD2\n@NAME@_run_rows\tKEYWORD2\n@NAME@_selftest\tKEYWORD2\n"
    "@NAME@_input\tKEYWORD2\n@NAME@_output\tKEYWORD2\n@UPPER@_ARENA_BYTES\tLITERAL1\n";

constexpr std::string_view kUse =
    R"(Copy this folder into the `libraries` folder of the sketchbook, or zip it and take Sketch, Include Library, Add .ZIP
Library. File, Examples, @NAME@, run is a sketch to begin with: it prints what the network makes of made-up numbers.
)";

}  // namespace

std::vector<File> arduino(const Subject &subject) {
  const std::string architectures = subject.target.toolchain == "avr" ? "avr" : "*";
  std::vector<File> files = common_files(subject, kUse);
  files.push_back(
      {"library.properties", fill(kProperties, subject, {{"ARCHITECTURES", architectures}})});
  files.push_back({"keywords.txt", fill(kKeywords, subject)});
  files.push_back({"examples/run/run.ino", example_sketch(subject)});
  return files;
}

}  // namespace thimble::packages
