// QEMU: Arm's MPS boards and RISC-V's virt machine. The harness (harness/semihosting.c) reads and
// writes files in QEMU's working directory by semihosting. RISC-V counts its instructions itself;
// Arm measures with a counter of virtual time, of which each instruction takes 2^kShift ns: both
// are exact.
#include <cstring>

#include "emulate/cycle_plugin.h"
#include "emulate/emulators.h"
#include "support/files.h"
#include "support/process.h"

namespace thimble::emulate {
namespace {

constexpr int kShift = 7;       // Arm: ticks of 40 or 50 ns tell instructions of 128 ns apart
constexpr int kShiftRiscv = 0;  // minstret counts ns (as QEMU 7.2 reads it): instructions of 1 ns
constexpr std::uint32_t kFailed = 0xffffffffu;  // a mark that could not be taken

constexpr int kStackFailed = 5;  // STACK_FAILED of harness/semihosting.h

struct RawMark {  // as the harness writes it
  std::uint32_t ticks, stack_bytes;
};

// What the boards' linker script and clock need to know (QEMU's documentation of its MPS boards).
struct Board {
  std::string_view machine;
  const char *code_bytes, *ram_bytes;
  const char *constants;  // address of a memory of 16 MB or more
  const char *fpgaio;     // address of the block with the counters
  int ns_per_tick;        // of its counter
};

constexpr Board kBoards[] = {
    {"mps2-an385", "4M", "4M", "0x21000000", "0x40028000", 40},
    {"mps2-an386", "4M", "4M", "0x21000000", "0x40028000", 40},
    {"mps2-an500", "4M", "4M", "0x60000000", "0x40028000", 40},
    {"mps3-an547", "512K", "512K", "0x60000000", "0x49302000", 50},
};

// Errors: a machine that a user's own target names.
Result<const Board *> find_board(const std::string &machine) {
  std::string known;
  for (const Board &board : kBoards) {
    if (board.machine == machine) return &board;
    known += (known.empty() ? "" : ", ") + std::string(board.machine);
  }
  return usage_error("no board '" + machine + "'", "known are " + known);
}

std::string symbol(const char *name, const std::string &value) {
  return "-Wl,--defsym=" + std::string(name) + "=" + value;
}

// Rounding is exact: both readings are cut to whole ticks, so their difference is off by less than
// one, which is less than half an instruction.
std::int64_t instructions(std::uint32_t ticks, int ns_per_tick) {
  constexpr std::int64_t per_instruction = 1 << kShift;
  return (std::int64_t{ticks} * ns_per_tick + per_instruction / 2) / per_instruction;
}

Diagnostic stack_error() {
  Diagnostic error = model_error("the stack runs into the data",
                                 "the last byte below the stack's limit was written to",
                                 "choose a chip with more RAM, or stream input or output");
  error.error_class = ErrorClass::kBudget;
  return error;
}

// The first mark is the price of marking. Errors: timer or stack ran out.
Result<std::vector<Mark>> parse_marks(const Bytes &bytes, int ns_per_tick) {
  std::vector<Mark> marks;
  std::int64_t overhead = 0;
  for (std::size_t at = 0; at + sizeof(RawMark) <= bytes.size(); at += sizeof(RawMark)) {
    RawMark raw;
    std::memcpy(&raw, bytes.data() + at, sizeof raw);
    if (raw.ticks == kFailed) {
      return model_error("one inference takes more than 1,300,000,000 instructions",
                         "the counter has run out");
    }
    if (raw.stack_bytes == kFailed) return stack_error();
    if (at == 0) {
      overhead = instructions(raw.ticks, ns_per_tick);
    } else {
      marks.push_back(
          {instructions(raw.ticks, ns_per_tick) - overhead, std::int64_t{raw.stack_bytes}, {}});
    }
  }
  return marks;
}

struct RawStep {  // as the harness writes it
  std::int32_t next_group;
  std::uint32_t begin, end;  // of the group before
};

// A run begins with two records of no group, between which nothing lies, and ends with one. What is
// before a record is a step, but for the first.
std::vector<StepCount> parse_steps(const Bytes &bytes, int ns_per_tick) {
  std::vector<StepCount> steps;
  std::int64_t overhead = -1;
  int group = -1;
  for (std::size_t at = 0; at + sizeof(RawStep) <= bytes.size(); at += sizeof(RawStep)) {
    RawStep raw;
    std::memcpy(&raw, bytes.data() + at, sizeof raw);
    const std::int64_t count = instructions(raw.end - raw.begin, ns_per_tick);
    if (at > 0 && overhead < 0) overhead = count;
    if (at > 0) steps.push_back({group, count - overhead, {}});
    group = raw.next_group;
  }
  return steps;
}

// `machine`: QEMU's options that choose board and CPU.
std::vector<std::string> command_line(const Image &image, const std::string &program,
                                      const std::vector<std::string> &machine, int shift) {
  // env changes the directory, to which semihosting's file names are relative.
  std::vector<std::string> command = {"env", "-C", image.directory.string(), program};
  command.insert(command.end(), machine.begin(), machine.end());
  for (const char *word : {"-display", "none", "-monitor", "none", "-serial", "none", "-no-reboot",
                           "-semihosting-config", "enable=on,target=native"}) {
    command.push_back(word);
  }
  command.insert(command.end(), {"-icount", "shift=" + std::to_string(shift), "-kernel",
                                 std::filesystem::absolute(image.path).string()});
  return command;
}

// With the plugin of cycles, where there is one and QEMU takes it.
Result<ProcessResult> run_counting(const Image &image, const targets::Target &target,
                                   const std::vector<std::string> &command, double seconds) {
  TRY(const std::vector<std::string> plugin, cycle_plugin_options(image, target));
  if (!plugin.empty()) {
    std::vector<std::string> longer = command;
    longer.insert(longer.end(), plugin.begin(), plugin.end());
    auto process = run_process(longer, {}, seconds);
    if (!process || cycle_plugin_ran(image.directory)) return process;
  }
  return run_process(command, {}, seconds);
}

// Errors: QEMU is not there, or does not end well.
Status run_qemu(const Image &image, const targets::Target &target, const std::string &program,
                const std::string &package, const std::vector<std::string> &machine, int shift,
                const std::string &samples, const Limits &limits) {
  TRY([[maybe_unused]] auto qemu, find_program(program, package));
  TRY([[maybe_unused]] Unit written, write_file(image.directory / "samples.bin", samples));
  TRY(const ProcessResult process,
      run_counting(image, target, command_line(image, program, machine, shift), limits.seconds));
  if (process.exit_code == 0) return Unit{};
  if (process.exit_code == kStackFailed) return stack_error();
  return model_error("the run on " + target.name + " failed (QEMU's exit code " +
                         std::to_string(process.exit_code) + ")",
                     process.stderr_text.substr(0, 4000));
}

Result<Trace> read_trace(const Image &image, int ns_per_tick) {
  Trace trace;
  TRY(trace.outputs, read_text(image.directory / "outputs.bin"));
  TRY(const Bytes marks, read_file(image.directory / "marks.bin"));
  TRY(trace.marks, parse_marks(marks, ns_per_tick));
  if (std::filesystem::exists(image.directory / "steps.bin")) {
    TRY(const Bytes steps, read_file(image.directory / "steps.bin"));
    trace.steps = parse_steps(steps, ns_per_tick);
  }
  TRY([[maybe_unused]] Unit counted, add_model_cycles(image.directory, trace));
  return trace;
}

}  // namespace

Result<std::vector<std::string>> link_for_mps(const targets::Target &target) {
  TRY(const Board *board, find_board(target.machine));
  const std::string fpgaio = board->fpgaio;
  return std::vector<std::string>{
      symbol("__code_bytes", board->code_bytes), symbol("__ram_bytes", board->ram_bytes),
      symbol("__constants", board->constants), symbol("__fpgaio_clk1hz", fpgaio + "+0x10"),
      symbol("__fpgaio_counter", fpgaio + "+0x18")};
}

Result<Trace> run_qemu_arm(const Image &image, const targets::Target &target,
                           const std::string &samples, const Limits &limits) {
  TRY(const Board *board, find_board(target.machine));
  TRY([[maybe_unused]] Unit ran, run_qemu(image, target, "qemu-system-arm", "qemu-system-arm",
                                          {"-M", target.machine}, kShift, samples, limits));
  return read_trace(image, board->ns_per_tick);
}

Result<std::vector<std::string>> link_for_virt(const targets::Target &target) {
  return std::vector<std::string>{symbol("__flash_bytes", std::to_string(target.flash_bytes)),
                                  symbol("__ram_bytes", std::to_string(target.ram_bytes))};
}

Result<Trace> run_qemu_riscv(const Image &image, const targets::Target &target,
                             const std::string &samples, const Limits &limits) {
  TRY([[maybe_unused]] Unit ran, run_qemu(image, target, "qemu-system-riscv32", "qemu-system-misc",
                                          {"-M", "virt", "-bios", "none", "-cpu", target.machine},
                                          kShiftRiscv, samples, limits));
  return read_trace(image, 1 << kShift);  // the marks are instructions already
}

}  // namespace thimble::emulate
