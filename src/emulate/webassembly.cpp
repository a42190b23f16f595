// Freestanding: clang's own headers have <stdint.h>, and <string.h> is the caller's to give where a
// source asks for it. What is exported is said in the sources (export_name), so the linker's roots
// are those functions.
#include "emulate/webassembly.h"

#include <initializer_list>

#include "support/process.h"

namespace thimble::emulate {
namespace {

namespace fs = std::filesystem;

// Debian's names first, then those of other systems.
Result<fs::path> first_program(std::initializer_list<const char *> names,
                               const std::string &debian_package) {
  for (const char *name : names) {
    auto found = find_program(name, debian_package);
    if (found) return found;
  }
  return find_program(*names.begin(), debian_package);
}

Status run_tool(const std::vector<std::string> &command, const std::string &what) {
  TRY(const ProcessResult process, run_process(command));
  if (process.exit_code == 0) return Unit{};
  return model_error(what, process.stderr_text.substr(0, 4000));
}

}  // namespace

targets::Target webassembly_target() {
  targets::Target target;
  target.name = "webassembly";
  target.description = "WebAssembly (a page in a browser)";
  target.compiler = "clang-14";
  target.flags = {"--target=wasm32", "-O2",           "-ffreestanding",
                  "-nostdlibinc",    "-mbulk-memory", "-fvisibility=hidden"};
  target.c_standard = "c99";
  target.debian_package = "clang-14";
  target.alignment_bytes = 4;
  return target;
}

Result<Bytes> build_webassembly(const fs::path &directory,
                                const std::vector<std::string> &sources) {
  const targets::Target target = webassembly_target();
  TRY(const fs::path clang, first_program({"clang-14", "clang"}, "clang-14"));
  TRY(const fs::path linker, first_program({"wasm-ld-14", "wasm-ld"}, "lld-14"));
  const fs::path module = directory / "module.wasm";
  std::vector<std::string> link = {linker.string(),    "--no-entry", "--strip-all",
                                   "--gc-sections",    "-O2",        "-z",
                                   "stack-size=16384", "-o",         module.string()};
  for (const std::string &source : sources) {
    const fs::path object = (directory / source).replace_extension(".o");
    std::vector<std::string> compile = {clang.string()};
    compile.insert(compile.end(), target.flags.begin(), target.flags.end());
    compile.insert(compile.end(), {"-std=" + target.c_standard, "-ffunction-sections",
                                   "-fdata-sections", "-isystem", directory.string(), "-c",
                                   (directory / source).string(), "-o", object.string()});
    TRY([[maybe_unused]] const Unit compiled,
        run_tool(compile, "clang does not compile " + source + " for WebAssembly"));
    link.push_back(object.string());
  }
  TRY([[maybe_unused]] const Unit linked, run_tool(link, "wasm-ld does not link the module"));
  return read_file(module);
}

}  // namespace thimble::emulate
