// Each source is compiled once, with what its functions take of the stack noted beside it
// (stack_usage.h). Sections that nothing refers to are dropped, as in a user's program, so
// NAME_selftest and its golden vector cost nothing here.
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
  std::vector<std::string_view> names = {"harness.h", "main.c", emulator.linker_script};
  names.insert(names.end(), emulator.port.begin(), emulator.port.end());
  for (std::string_view name : names) {
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

std::vector<std::string> harness_sources(const Emulator &emulator) {
  std::vector<std::string> sources = {"main.c", "network.c"};
  for (std::string_view file : emulator.port) {
    if (file.ends_with(".c")) sources.emplace_back(file);
  }
  return sources;
}

// Objects beside their sources.
Result<std::vector<fs::path>> compile_all(const std::vector<std::string> &sources,
                                          const targets::Target &target, const Emulator &emulator,
                                          const fs::path &directory) {
  std::vector<fs::path> objects;
  for (const std::string &source : sources) {
    objects.push_back((directory / source).replace_extension(".o"));
    std::vector<std::string> command = compile_command(target);
    command.insert(command.end(), emulator.compile_flags.begin(), emulator.compile_flags.end());
    command.insert(command.end(), {"-fstack-usage", "-c", (directory / source).string(), "-o",
                                   objects.back().string()});
    TRY([[maybe_unused]] Unit compiled, run_compiler(command, target));
  }
  return objects;
}

Status link(const fs::path &image, const std::vector<fs::path> &objects,
            const targets::Target &target, const Emulator &emulator, const fs::path &directory) {
  std::vector<std::string> command = compile_command(target);
  for (const fs::path &object : objects) command.push_back(object.string());
  if (!emulator.linker_script.empty()) {
    command.push_back("-T" + (directory / emulator.linker_script).string());
  }
  command.insert(command.end(), {"-o", image.string()});
  command.insert(command.end(), emulator.link_flags.begin(), emulator.link_flags.end());
  if (emulator.link_for) {
    TRY(const std::vector<std::string> more, emulator.link_for(target));
    command.insert(command.end(), more.begin(), more.end());
  }
  return run_compiler(command, target);
}

std::vector<fs::path> with(std::vector<fs::path> objects, const fs::path &another) {
  objects.push_back(another);
  return objects;
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
  TRY(std::vector<fs::path> harness,
      compile_all(harness_sources(emulator), target, emulator, directory));
  TRY(const std::vector<fs::path> networks,
      compile_all({emitted.name + ".c", "empty.c"}, target, emulator, directory));
  Build result;
  result.image = directory / (emitted.name + ".elf");
  result.objects = with(harness, networks[0]);
  TRY([[maybe_unused]] Unit linked,
      link(result.image, result.objects, target, emulator, directory));
  if (!emulator.counts) return result;
  result.empty = directory / "empty.elf";
  TRY([[maybe_unused]] Unit linked_empty,
      link(result.empty, with(harness, networks[1]), target, emulator, directory));
  return result;
}

}  // namespace thimble::emulate
