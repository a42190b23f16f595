// A mark is a pair of records, at its begin and its end; a step lies between the second record of
// its begin and the first of its end. The first of both encloses nothing and says what marking
// costs.
#include "emulate/cycle_plugin.h"

#include <cstring>

#include "emulate/cycles.h"
#include "emulate/elf_file.h"
#include "support/files.h"

namespace thimble::emulate {

std::string_view embedded_cycle_plugin();

namespace {

namespace fs = std::filesystem;

constexpr const char *kPlugin = "cycles.so", *kRecords = "cycles.bin";
constexpr const char *kMarks[] = {"mark_here", "step_here"};  // of harness/semihosting.c
enum { kMarkHere, kStepHere };

Counts operator-(Counts a, Counts b) {
  return {a.instructions - b.instructions, a.cycles - b.cycles};
}

std::vector<Counts> counts_at(std::int64_t mark, const Bytes &bytes) {
  std::vector<Counts> found;
  for (std::size_t at = 0; at + sizeof(CycleRecord) <= bytes.size(); at += sizeof(CycleRecord)) {
    CycleRecord record;
    std::memcpy(&record, bytes.data() + at, sizeof record);
    if (record.mark == mark) found.push_back(record.counts);
  }
  return found;
}

// From each second count, beginning with `first`, to the one after it, less the first such pair's.
std::vector<Counts> between(const std::vector<Counts> &counts, std::size_t first) {
  std::vector<Counts> differences;
  for (std::size_t at = first; at + 1 < counts.size(); at += 2) {
    differences.push_back(counts[at + 1] - counts[at]);
  }
  for (std::size_t i = differences.size(); i-- > 0;)
    differences[i] = differences[i] - differences[0];
  return differences;
}

// What is outside the steps has readings of the board's counter in it: see qemu_plugin/main.cpp.
bool is_exact(const Mark &) { return true; }
bool is_exact(const StepCount &step) { return step.group >= 0; }

// `skipped` of `counted` come before the first of `timed`, which are marks or steps.
template <class Timed>
void add_cycles(const std::vector<Counts> &counted, std::size_t skipped,
                std::vector<Timed> &timed) {
  if (counted.size() != timed.size() + skipped) return;
  for (std::size_t i = 0; i < timed.size(); ++i) {
    const bool agree = counted[i + skipped].instructions == timed[i].count;
    if (is_exact(timed[i]) && !agree) return;
  }
  for (std::size_t i = 0; i < timed.size(); ++i) {
    timed[i].model_cycles = counted[i + skipped].cycles;
  }
}

// 0, where nothing is run, when the linker dropped it.
std::uint32_t address_of(const ElfFile &elf, const std::string &function) {
  constexpr std::uint32_t kThumb = 1;  // in the address of a function
  for (const ElfSymbol &symbol : elf.symbols) {
    if (symbol.name == function) return symbol.address & ~kThumb;
  }
  return 0;
}

}  // namespace

Result<std::vector<std::string>> cycle_plugin_options(const Image &image,
                                                      const targets::Target &target) {
  if (!target.cycle_model) return std::vector<std::string>{};
  TRY([[maybe_unused]] Unit done, write_file(image.directory / kPlugin, embedded_cycle_plugin()));
  std::error_code ignored;
  fs::remove(image.directory / kRecords, ignored);  // of a run before
  TRY(const ElfFile elf, read_elf(image.path));
  std::string words = std::string("./") + kPlugin;
  for (const char *mark : kMarks) words += ",mark=" + std::to_string(address_of(elf, mark));
  for (const targets::CycleModelField &field : targets::kCycleModelFields) {
    words +=
        std::string(",") + field.name + "=" + std::to_string((*target.cycle_model).*field.value);
  }
  return std::vector<std::string>{"-plugin", words};
}

bool cycle_plugin_ran(const fs::path &directory) { return fs::exists(directory / kRecords); }

Status add_model_cycles(const fs::path &directory, Trace &trace) {
  if (!cycle_plugin_ran(directory)) return Unit{};
  TRY(const Bytes bytes, read_file(directory / kRecords));
  add_cycles(between(counts_at(kMarkHere, bytes), 0), 1, trace.marks);
  add_cycles(between(counts_at(kStepHere, bytes), 1), 0, trace.steps);
  return Unit{};
}

}  // namespace thimble::emulate
