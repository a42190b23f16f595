// One compiler call makes one image: the sources are few and small. Sections that nothing refers to
// are dropped, as in a user's program, so NAME_selftest and its golden vector cost nothing here.
#include "emulate/build.h"

#include <string_view>

#include "emulate/print_network.h"
#include "support/files.h"
#include "support/process.h"

namespace thimble::emulate {

std::string_view embedded_harness(std::string_view file_name);  // generated, see room.cmake

namespace {

namespace fs = std::filesystem;

Status write_sources(const codegen::Emitted &emitted, const Emulator &emulator,
                     const fs::path &directory) {
  for (std::string_view name : {std::string_view("harness.h"), std::string_view("main.c"),
                                emulator.port, emulator.linker_script}) {
    if (name.empty()) continue;
    TRY([[maybe_unused]] Unit done, write_file(directory / name, embedded_harness(name)));
  }
  for (const codegen::File &file : emitted.files) {
    TRY([[maybe_unused]] Unit done, write_file(directory / file.name, file.text));
  }
  TRY([[maybe_unused]] Unit glue, write_file(directory / "network.c", print_network(emitted)));
  return write_file(directory / "empty.c", print_empty_network(emitted));
}

// How the GNU linker says that an image is too large: "region `text' overflowed by 1234 bytes", or
// where a region was overrun by its first section already, "is not within region `data'".
std::string overflow_in(const std::string &messages) {
  for (const char *words : {"overflowed by ", "is not within region "}) {
    const std::size_t at = messages.find(words);
    if (at == std::string::npos) continue;
    const std::size_t line = messages.rfind('\n', at) + 1;  // npos + 1 is the text's start
    return messages.substr(line, messages.find('\n', at) - line);
  }
  return {};
}

}  // namespace

std::vector<std::string> compile_command(const targets::Target &target) {
  std::vector<std::string> command = {target.compiler};
  command.insert(command.end(), target.flags.begin(), target.flags.end());
  for (const char *flag : {"-ffunction-sections", "-fdata-sections", "-Wl,--gc-sections"}) {
    command.push_back(flag);
  }
  command.push_back("-std=" + target.c_standard);
  return command;
}

Status run_compiler(const std::vector<std::string> &command, const targets::Target &target) {
  TRY([[maybe_unused]] fs::path found, find_program(target.compiler, target.debian_package));
  TRY(const ProcessResult process, run_process(command));
  if (process.exit_code == 0) return Unit{};
  if (const std::string overflow = overflow_in(process.stderr_text); !overflow.empty()) {
    Diagnostic error = model_error("the program does not fit on " + target.name, overflow,
                                   "choose a larger target or a smaller network");
    error.error_class = ErrorClass::kBudget;
    return error;
  }
  return model_error(target.compiler + " does not compile the generated C for " + target.name,
                     process.stderr_text.substr(0, 4000));
}

Result<Build> build(const codegen::Emitted &emitted, const targets::Target &target,
                    const Emulator &emulator, const fs::path &directory) {
  TRY([[maybe_unused]] Unit written, write_sources(emitted, emulator, directory));
  std::vector<std::string> link_flags = emulator.link_flags;
  if (emulator.link_for) {
    TRY(const std::vector<std::string> more, emulator.link_for(target));
    link_flags.insert(link_flags.end(), more.begin(), more.end());
  }
  const auto link = [&](const fs::path &image, const std::string &network) -> Status {
    std::vector<std::string> command = compile_command(target);
    for (std::string_view source : {std::string_view("main.c"), emulator.port,
                                    std::string_view("network.c"), std::string_view(network)}) {
      command.push_back((directory / source).string());
    }
    if (!emulator.linker_script.empty()) {
      command.push_back("-T" + (directory / emulator.linker_script).string());
    }
    command.insert(command.end(), {"-o", image.string()});
    command.insert(command.end(), link_flags.begin(), link_flags.end());
    return run_compiler(command, target);
  };
  Build result;
  result.image = directory / (emitted.name + ".elf");
  TRY([[maybe_unused]] Unit linked, link(result.image, emitted.name + ".c"));
  if (!emulator.counts) return result;
  result.empty = directory / "empty.elf";
  TRY([[maybe_unused]] Unit linked_empty, link(result.empty, "empty.c"));
  return result;
}

}  // namespace thimble::emulate
