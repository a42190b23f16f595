// One compiler call builds the image, as in the emulate room.
#include "die/firmware.h"

#include <fmt/format.h>

#include <string_view>

#include "emulate/build.h"
#include "support/check.h"

namespace thimble::die {

std::string_view embedded_firmware(std::string_view file_name);  // generated, see room.cmake

namespace {

constexpr std::string_view kSources[] = {"die_app.c", "picture.c", "random.c", "ssd1306.c"};
constexpr std::string_view kHeaders[] = {"button.h", "die_app.h", "picture.h",
                                         "port.h",   "random.h",  "ssd1306.h"};

std::string port_of(const targets::Target &target) { return "port_" + target.machine + ".c"; }

Status write_embedded(const std::filesystem::path &directory, std::string_view name) {
  const std::string_view text = embedded_firmware(name);
  CHECK(!text.empty(), "the firmware has no file " + std::string(name));
  return write_file(directory / name, text);
}

}  // namespace

Status write_firmware(const codegen::Emitted &network, const std::filesystem::path &directory) {
  for (const std::string_view name : kSources) {
    TRY([[maybe_unused]] const Unit written, write_embedded(directory, name));
  }
  for (const std::string_view name : kHeaders) {
    TRY([[maybe_unused]] const Unit written, write_embedded(directory, name));
  }
  TRY([[maybe_unused]] const Unit port, write_embedded(directory, "port_atmega328p.c"));
  for (const codegen::File &file : network.files) {
    TRY([[maybe_unused]] const Unit written, write_file(directory / file.name, file.text));
  }
  return Unit{};
}

Status build_firmware(const std::filesystem::path &directory, const targets::Target &target,
                      const std::vector<std::string> &settings,
                      const std::filesystem::path &image) {
  std::vector<std::string> command = emulate::compile_command(target);
  for (const std::string &setting : settings) command.push_back("-D" + setting);
  for (const std::string_view source : kSources) command.push_back((directory / source).string());
  command.push_back((directory / port_of(target)).string());
  command.push_back((directory / (std::string(kNetworkName) + ".c")).string());
  command.insert(command.end(), {"-o", image.string()});
  return emulate::run_compiler(command, target);
}

std::string wiring_table() {
  return "part            UNO pin   ATmega328P\n"
         "display SDA     A4        PC4\n"
         "display SCL     A5        PC5\n"
         "display VCC     5V        VCC    (3.3V if the module has no regulator)\n"
         "display GND     GND       GND\n"
         "button          4         PD4    (other end to GND; no resistor, the pull-up is "
         "inside)\n";
}

std::string flash_command(const std::string &hex_name) {
  return "avrdude -c arduino -p atmega328p -P /dev/ttyACM0 -b 115200 -D -U flash:w:" + hex_name +
         ":i";
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
