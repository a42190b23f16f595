// QEMU's Arm boards. The harness (port_cortex_m.c) reads and writes files in QEMU's working
// directory by semihosting and measures with a timer that counts virtual time, of which each
// instruction takes 2^kShift ns: the counts are exact.
#include <cstring>

#include "emulate/emulators.h"
#include "support/files.h"
#include "support/process.h"

namespace thimble::emulate {
namespace {

constexpr int kShift = 7;
constexpr int kNsPerTick = 40;                  // the timer's 25 MHz
constexpr std::uint32_t kFailed = 0xffffffffu;  // a mark that could not be taken

struct RawMark {  // as the harness writes it
  std::uint32_t ticks, stack_bytes;
};

// Rounding is exact: both readings are cut to whole ticks, so their difference is off by less than
// one, which is less than a third of an instruction.
std::int64_t instructions(std::uint32_t ticks) {
  constexpr std::int64_t per_instruction = 1 << kShift;
  return (std::int64_t{ticks} * kNsPerTick + per_instruction / 2) / per_instruction;
}

// The first mark is the price of marking. Errors: timer or stack ran out.
Result<std::vector<Mark>> parse_marks(const Bytes &bytes) {
  std::vector<Mark> marks;
  std::int64_t overhead = 0;
  for (std::size_t at = 0; at + sizeof(RawMark) <= bytes.size(); at += sizeof(RawMark)) {
    RawMark raw;
    std::memcpy(&raw, bytes.data() + at, sizeof raw);
    if (raw.ticks == kFailed) {
      return model_error("one inference takes more than 1,300,000,000 instructions",
                         "the timer that counts them has run out");
    }
    if (raw.stack_bytes == kFailed) return model_error("the stack exceeds 256 KB");
    if (at == 0) {
      overhead = instructions(raw.ticks);
    } else {
      marks.push_back({instructions(raw.ticks) - overhead, std::int64_t{raw.stack_bytes}});
    }
  }
  return marks;
}

std::vector<std::string> command_line(const Image &image, const targets::Target &target) {
  // env changes the directory, to which semihosting's file names are relative.
  return {"env",
          "-C",
          image.directory.string(),
          "qemu-system-arm",
          "-M",
          target.machine,
          "-display",
          "none",
          "-monitor",
          "none",
          "-serial",
          "none",
          "-no-reboot",
          "-icount",
          "shift=" + std::to_string(kShift),
          "-semihosting-config",
          "enable=on,target=native",
          "-kernel",
          std::filesystem::absolute(image.path).string()};
}

}  // namespace

Result<Trace> run_qemu_arm(const Image &image, const targets::Target &target,
                           const std::string &samples, const Limits &limits) {
  TRY([[maybe_unused]] auto qemu, find_program("qemu-system-arm", "qemu-system-arm"));
  TRY([[maybe_unused]] Unit written, write_file(image.directory / "samples.bin", samples));
  TRY(const ProcessResult process, run_process(command_line(image, target), {}, limits.seconds));
  if (process.exit_code != 0) {
    return model_error("the run on " + target.name + " failed (QEMU's exit code " +
                           std::to_string(process.exit_code) + ")",
                       process.stderr_text.substr(0, 4000));
  }
  Trace trace;
  TRY(trace.outputs, read_text(image.directory / "outputs.bin"));
  TRY(const Bytes marks, read_file(image.directory / "marks.bin"));
  TRY(trace.marks, parse_marks(marks));
  return trace;
}

}  // namespace thimble::emulate
