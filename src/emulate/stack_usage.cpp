// A node is a section of code of one object; an edge, a relocation in it that refers to another
// section of code or to a function elsewhere. Taking a function's address counts as calling it.
// A reference of a section to itself is a jump as a rule, and a function that calls itself is not
// found out here: what is measured then exceeds the bound.
#include "emulate/stack_usage.h"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <set>
#include <sstream>
#include <string_view>

#include "emulate/elf_file.h"
#include "support/files.h"

namespace thimble::emulate {
namespace {

namespace fs = std::filesystem;

using Frames = std::map<std::string, std::int64_t>;  // by function; kUnbounded: no bound
constexpr std::int64_t kUnbounded = -1;
// A label in inline assembly that says how many bytes are pushed beside it:
// "thimble_pushes_4_17" 4.
constexpr std::string_view kPushes = "thimble_pushes_";
constexpr std::int64_t kAvrReturnAddress = 2;  // bytes; 3 only beyond 128 KB of flash

// Lines of a .su file: "file:line:column:function<TAB>bytes<TAB>static", or "dynamic", or
// "dynamic,bounded". Copies that the compiler makes of a function may share its name.
Frames parse_frames(const std::string &text) {
  Frames frames;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    const std::size_t tab = line.find('\t'), kind = line.rfind('\t');
    if (tab == std::string::npos || kind == tab) continue;
    const std::string name = line.substr(line.rfind(':', tab) + 1, tab - line.rfind(':', tab) - 1);
    const bool bounded = line.substr(kind + 1) != "dynamic";
    std::int64_t &bytes = frames[name];
    if (bytes == kUnbounded) continue;
    bytes = bounded ? std::max<std::int64_t>(bytes, std::stoll(line.substr(tab + 1))) : kUnbounded;
  }
  return frames;
}

// A copy is "f.constprop.0" to the linker and "f.constprop" or "f" in the .su file.
std::int64_t frame_of(const Frames &frames, std::string name) {
  while (true) {
    if (const auto found = frames.find(name); found != frames.end()) return found->second;
    const std::size_t dot = name.rfind('.');
    if (dot == std::string::npos) return 0;
    name.resize(dot);
  }
}

struct Function {
  std::int64_t frame = 0;
  std::int64_t pushed = 0;            // by its own assembly
  std::set<int> calls;                // indices of functions
  std::set<std::string> calls_named;  // not in this object
};

class CallGraph {
 public:
  Status add(const fs::path &object) {
    TRY(const ElfFile elf, read_elf(object));
    TRY(const std::string usage, read_text(fs::path(object).replace_extension(".su")));
    const Frames frames = parse_frames(usage);
    const int first = static_cast<int>(functions_.size());
    functions_.resize(functions_.size() + elf.sections.size());
    for (const ElfSymbol &symbol : elf.symbols) {
      if (symbol.name.starts_with(kPushes) && is_code(elf, symbol.section))
        add_pushes(functions_[first + symbol.section],
                   std::atoi(symbol.name.c_str() + kPushes.size()));
      if (symbol.type != STT_FUNC || !is_code(elf, symbol.section)) continue;
      add_frame(elf, functions_[first + symbol.section], frame_of(frames, symbol.name));
      by_name_.emplace(symbol.name, first + symbol.section);
      if (symbol.global) globals_.emplace(symbol.name, first + symbol.section);
    }
    for (const Elf32_Shdr &section : elf.sections) add_calls(elf, section, first);
    return Unit{};
  }

  // Of the deepest path from `function` on.
  std::optional<std::int64_t> depth(const std::string &function) {
    const auto found = by_name_.find(function);
    return found == by_name_.end() ? 0 : depth(found->second);
  }

 private:
  static bool is_code(const ElfFile &elf, std::size_t section) {
    return section != SHN_UNDEF && section < elf.sections.size() &&
           (elf.sections[section].sh_flags & SHF_EXECINSTR);
  }

  // A function without prologue is said to take nothing, and still has its return address where
  // calls push one.
  // One assembly does not run while another one does.
  static void add_pushes(Function &function, std::int64_t bytes) {
    function.pushed = std::max(function.pushed, bytes);
  }

  static void add_frame(const ElfFile &elf, Function &function, std::int64_t bytes) {
    if (bytes == 0 && elf.header.e_machine == EM_AVR) bytes = kAvrReturnAddress;
    const bool bounded = bytes != kUnbounded && function.frame != kUnbounded;
    function.frame = bounded ? std::max(function.frame, bytes) : kUnbounded;
  }

  void add_calls(const ElfFile &elf, const Elf32_Shdr &relocations, int first) {
    if (relocations.sh_type != SHT_REL && relocations.sh_type != SHT_RELA) return;
    if (!is_code(elf, relocations.sh_info)) return;
    const std::size_t entry =
        relocations.sh_type == SHT_REL ? sizeof(Elf32_Rel) : sizeof(Elf32_Rela);
    Function &caller = functions_[first + relocations.sh_info];
    for (std::uint64_t at = 0; at + entry <= relocations.sh_size; at += entry) {
      Elf32_Rel relocation;  // both kinds begin alike
      if (!read_at(elf.bytes, relocations.sh_offset + at, relocation)) return;
      const std::size_t index = ELF32_R_SYM(relocation.r_info);
      if (index == 0 || index >= elf.symbols.size()) continue;
      const ElfSymbol &symbol = elf.symbols[index];
      if (symbol.section == SHN_UNDEF) {
        caller.calls_named.insert(symbol.name);
      } else if (is_code(elf, symbol.section) && symbol.section != int(relocations.sh_info)) {
        caller.calls.insert(first + symbol.section);
      }
    }
  }

  std::optional<std::int64_t> depth(int index) {
    if (const auto known = depths_.find(index); known != depths_.end()) return known->second;
    depths_[index] = std::nullopt;  // met again before it is known: a cycle
    const Function &function = functions_[index];
    if (function.frame == kUnbounded) return std::nullopt;
    std::int64_t deepest = 0;
    for (const int callee : function.calls) {
      const auto below = depth(callee);
      if (!below) return std::nullopt;
      deepest = std::max(deepest, *below);
    }
    for (const std::string &name : function.calls_named) {
      const auto known = globals_.find(name);
      const auto below = known == globals_.end() ? library_depth(name) : depth(known->second);
      if (!below) return std::nullopt;
      deepest = std::max(deepest, *below);
    }
    return depths_[index] = function.frame + function.pushed + deepest;
  }

  // Helpers of the compiler begin with two underscores.
  static std::optional<std::int64_t> library_depth(const std::string &name) {
    return name.starts_with("__") || name.starts_with("mem") ? kLibraryFrame : kMathFrame;
  }

  std::vector<Function> functions_;  // one a section of each object
  std::map<std::string, int> by_name_, globals_;
  std::map<int, std::optional<std::int64_t>> depths_;
};

}  // namespace

Result<std::optional<std::int64_t>> stack_bound(const std::vector<fs::path> &objects,
                                                const std::string &function,
                                                const std::vector<std::string> &callbacks) {
  CallGraph graph;
  for (const fs::path &object : objects) {
    TRY([[maybe_unused]] Unit added, graph.add(object));
  }
  const std::optional<std::int64_t> depth = graph.depth(function);
  std::int64_t beneath = 0;
  for (const std::string &callback : callbacks) {
    const std::optional<std::int64_t> below = graph.depth(callback);
    if (!below) return below;
    beneath = std::max(beneath, *below);
  }
  if (!depth) return depth;
  return std::optional<std::int64_t>(*depth + beneath);
}

}  // namespace thimble::emulate
