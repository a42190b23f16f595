// The table of kinds, and which names none of them can have.
#include <algorithm>
#include <array>
#include <cctype>
#include <set>

#include "packages/package.h"

namespace thimble::packages {
namespace {

// The headers alone: what `compile` writes anyway.
std::vector<File> plain_c(const Subject &subject) { return subject.network.files; }

constexpr std::array kKinds = {
    Kind{"c", "NAME.h and NAME.c (default)", plain_c},
    Kind{"arduino", "an Arduino library with a sketch", arduino},
    Kind{"platformio", "a PlatformIO library with a project", platformio},
    Kind{"cmake", "a CMake package, target NAME::NAME", cmake},
    Kind{"zephyr", "a Zephyr module with a sample", zephyr},
    Kind{"esp-idf", "an ESP-IDF component with a project", esp_idf},
    Kind{"tflite-plan", "no C: a .tflite file with offsets for TensorFlow Lite Micro", nullptr,
         tflite_plan},
};

// Of C, of POSIX and of Arduino, without ".h". Some file systems know no capitals.
const std::set<std::string_view> kSystemHeaders = {
    "alloca", "arduino",     "assert",  "binary",    "client",   "complex", "ctype",   "dirent",
    "eeprom", "endian",      "errno",   "fcntl",     "features", "fenv",    "float",   "inttypes",
    "iso646", "limits",      "locale",  "malloc",    "math",     "memory",  "new",     "poll",
    "print",  "pthread",     "sched",   "server",    "setjmp",   "signal",  "spi",     "stdalign",
    "stdarg", "stdatomic",   "stdbool", "stdckdint", "stdbit",   "stddef",  "stdint",  "stdio",
    "stdlib", "stdnoreturn", "stream",  "string",    "strings",  "tgmath",  "threads", "time",
    "uchar",  "udp",         "unistd",  "version",   "wchar",    "wctype",  "wire",    "wstring"};

}  // namespace

std::span<const Kind> all_kinds() { return kKinds; }

const Kind *find_kind(std::string_view name) {
  const auto found = std::find_if(kKinds.begin(), kKinds.end(),
                                  [&](const Kind &kind) { return kind.name == name; });
  return found == kKinds.end() ? nullptr : &*found;
}

Status check_name(const std::string &name) {
  std::string lower = name;
  for (char &c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  if (!kSystemHeaders.contains(lower)) return Unit{};
  return usage_error("a package cannot be named '" + name + "'",
                     "its '" + name + ".h' would hide the system's header of that name",
                     "--name net_" + name);
}

}  // namespace thimble::packages
