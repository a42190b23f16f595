// One compiler call builds the image, as in the emulate room.
#include "die/firmware.h"

#include <fmt/format.h>

#include <string_view>

#include "emulate/build.h"
#include "support/check.h"

namespace thimble::die {

std::string_view embedded_firmware(std::string_view file_name);  // generated, see room.cmake

namespace {

constexpr std::string_view kSources[] = {"count.c", "die_app.c", "picture.c", "random.c",
                                         "ssd1306.c"};
constexpr std::string_view kHeaders[] = {"button.h", "count.h", "die_app.h", "picture.h",
                                         "roll.h",   "port.h",  "random.h",  "ssd1306.h"};

Status write_embedded(const std::filesystem::path &directory, std::string_view name) {
  const std::string_view text = embedded_firmware(name);
  CHECK(!text.empty(), "the firmware has no file " + std::string(name));
  return write_file(directory / name, text);
}

std::vector<std::string> compiler_call(const Part &part, const targets::Target &target) {
  std::vector<std::string> command = emulate::compile_command(target);
  command.insert(command.end(), part.flags.begin(), part.flags.end());
  return command;
}

}  // namespace

Status write_firmware(const codegen::Emitted &network, const Part &part,
                      const std::filesystem::path &directory) {
  std::vector<std::string_view> names(std::begin(kSources), std::end(kSources));
  names.insert(names.end(), std::begin(kHeaders), std::end(kHeaders));
  names.insert(names.end(), part.sources.begin(), part.sources.end());
  names.insert(names.end(), part.headers.begin(), part.headers.end());
  if (!part.linker_script.empty()) names.push_back(part.linker_script);
  for (const std::string_view name : names) {
    TRY([[maybe_unused]] const Unit written, write_embedded(directory, name));
  }
  for (const codegen::File &file : network.files) {
    TRY([[maybe_unused]] const Unit written, write_file(directory / file.name, file.text));
  }
  return Unit{};
}

Status build_firmware(const std::filesystem::path &directory, const Part &part,
                      const targets::Target &target, const std::vector<std::string> &settings,
                      const std::filesystem::path &image) {
  std::vector<std::string> command = compiler_call(part, target);
  if (!part.linker_script.empty())
    command.insert(command.end(), {"-T", (directory / part.linker_script).string()});
  for (const std::string &setting : settings) command.push_back("-D" + setting);
  for (const std::string_view source : kSources) command.push_back((directory / source).string());
  for (const std::string_view source : part.sources)
    command.push_back((directory / source).string());
  command.push_back((directory / (std::string(kNetworkName) + ".c")).string());
  command.insert(command.end(), {"-o", image.string()});
  return emulate::run_compiler(command, target);
}

std::string flash_command(const Part &part, const std::string &hex_name) {
  std::string command(part.flash_command);
  const std::string_view place = "{hex}";
  const std::size_t at = command.find(place);
  CHECK(at != std::string::npos, "a part's flash command has no {hex}");
  return command.replace(at, place.size(), hex_name);
}

Status write_roll(int frames, const std::filesystem::path &directory) {
  std::string text(embedded_firmware("roll.h"));
  const std::string_view line = "#define DIE_ROLLING_FRAMES ";
  const std::size_t at = text.find(line);
  CHECK(at != std::string::npos, "roll.h has no number of frames");
  const std::size_t digits = at + line.size();
  text.replace(digits, text.find(' ', digits) - digits, std::to_string(frames));
  return write_file(directory / "roll.h", text);
}

std::string build_command(const Part &part, const targets::Target &target) {
  std::string text;
  for (const std::string &word : compiler_call(part, target)) text += word + " ";
  for (const std::string_view source : kSources) text += fmt::format("{} ", source);
  for (const std::string_view source : part.sources) text += fmt::format("{} ", source);
  if (!part.linker_script.empty()) text += fmt::format("-T {} ", part.linker_script);
  return text + kNetworkName + ".c -o " + kNetworkName + ".elf";
}

std::string intel_hex(const Bytes &flash) {
  constexpr std::size_t kBytesPerLine = 16;
  CHECK(flash.size() <= 65536, "Intel HEX without address extension reaches 64 KB");
  std::string text;
  const auto record = [&](std::size_t address, int kind, const std::uint8_t *bytes,
                          std::size_t count) {
    unsigned sum = static_cast<unsigned>(count + (address >> 8) + (address & 0xFF)) + kind;
    text += fmt::format(":{:02X}{:04X}{:02X}", count, address, kind);
    for (std::size_t i = 0; i < count; ++i) {
      text += fmt::format("{:02X}", bytes[i]);
      sum += bytes[i];
    }
    text += fmt::format("{:02X}\n", -sum & 0xFF);  // all bytes of a line add up to 0
  };
  for (std::size_t at = 0; at < flash.size(); at += kBytesPerLine) {
    record(at, 0, flash.data() + at, std::min(kBytesPerLine, flash.size() - at));
  }
  record(0, 1, nullptr, 0);
  return text;
}

}  // namespace thimble::die
