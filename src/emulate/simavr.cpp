// AVR chips on libsimavr. The harness (port_avr.c) calls the host by `mov rN, rN`, which is looked
// for before each instruction; arguments and samples are read and written in the chip's registers
// and RAM. Cycles are libsimavr's; the stack is watched at every instruction, so its depth is
// exact.
#include "emulate/emulators.h"

#ifdef THIMBLE_WITH_SIMAVR

#include <sim_avr.h>

#include <algorithm>
#include <cstring>
#include <optional>

#include "emulate/avr_chip.h"
#include "emulate/image.h"

namespace thimble::emulate {
namespace {

enum HostCall { kStart, kStop, kNext, kRead, kWrite, kClose, kStep, kHostCalls };

// N of `mov rN, rN`, if that is what comes next and N is a host call.
std::optional<HostCall> host_call(const avr_t &chip) {
  for (int n = 0; n < kHostCalls; ++n) {
    if (next_opcode(chip) == (0x2c00 | n << 4 | n)) return static_cast<HostCall>(n);
  }
  return std::nullopt;
}

std::uint32_t registers(const avr_t &chip, int first, int count) {
  std::uint32_t value = 0;
  for (int i = count - 1; i >= 0; --i) value = value << 8 | chip.data[first + i];
  return value;
}

// One run of the harness over all samples.
struct Session {
  avr_t &chip;
  const Image &image;
  const std::string &samples;
  int data_end;  // first address past data and bss
  Trace trace{};
  std::size_t next_sample = 0;  // one more than the current one's index
  bool running = false;         // between the marks
  avr_cycle_count_t start_cycle = 0;
  std::optional<std::int64_t> overhead{};  // cycles that the marks themselves take
  int base_sp = 0, lowest_sp = 0;
  bool sp_is_torn = false;  // its upper byte is new, its lower one not yet
  int group = -1;           // of a profiled network: the step that runs
  avr_cycle_count_t step_cycle = 0;
  std::optional<std::int64_t> step_overhead{};  // cycles that announcing a step takes
  bool finished = false;
};

// A function's prologue moves the stack pointer a byte at a time: SPH, then SPL, with interrupts
// off in between. What `out` has just been run decides whether the two belong together.
void follow_stack_pointer(Session &session, avr_flashaddr_t pc) {
  const int word = session.chip.flash[pc] | session.chip.flash[pc + 1] << 8;
  if ((word & 0xF800) != 0xB800) return;
  const int port = (word >> 5 & 0x30) | (word & 0x0F);
  if (port == 0x3E) session.sp_is_torn = true;
  if (port == 0x3D) session.sp_is_torn = false;
}

void start(Session &session) {
  // The mark's own return address lies above the caller's frame.
  session.base_sp = stack_pointer(session.chip) + session.chip.address_size;
  session.lowest_sp = session.base_sp;
  session.start_cycle = session.chip.cycle;
  session.running = true;
}

void stop(Session &session) {
  session.running = false;
  const auto cycles = static_cast<std::int64_t>(session.chip.cycle - session.start_cycle);
  if (!session.overhead) {
    session.overhead = cycles;
    return;
  }
  session.trace.marks.push_back({cycles - *session.overhead, session.base_sp - session.lowest_sp});
}

// The first two calls of a run enclose nothing.
void step(Session &session) {
  const auto cycles = static_cast<std::int64_t>(session.chip.cycle - session.step_cycle);
  const bool first = session.step_cycle < session.start_cycle;
  if (!first && !session.step_overhead) session.step_overhead = cycles;
  if (!first) session.trace.steps.push_back({session.group, cycles - *session.step_overhead});
  session.group = static_cast<std::int16_t>(registers(session.chip, 24, 2));
  session.step_cycle = session.chip.cycle;
}

void next(Session &session) {
  const bool more = static_cast<std::int64_t>(session.next_sample) * session.image.input_bytes <
                    static_cast<std::int64_t>(session.samples.size());
  session.chip.data[24] = more;
  session.chip.data[25] = 0;
  if (!more) return;
  ++session.next_sample;
  session.trace.outputs.resize(session.next_sample * session.image.output_bytes);
}

// port_read and port_write: arguments (offset, pointer, bytes), checked against sample and RAM.
bool transfer(Session &session, bool read) {
  const std::uint32_t offset = registers(session.chip, 22, 4);
  const std::uint32_t pointer = registers(session.chip, 20, 2);
  const std::uint64_t bytes = registers(session.chip, 16, 4);
  const std::int64_t size = read ? session.image.input_bytes : session.image.output_bytes;
  if (session.next_sample == 0 || static_cast<std::int64_t>(offset + bytes) > size) return false;
  if (pointer + bytes > std::uint64_t{session.chip.ramend} + 1) return false;
  const std::size_t at = (session.next_sample - 1) * size + offset;
  std::uint8_t *const ram = session.chip.data + pointer;
  if (read) {
    std::memcpy(ram, session.samples.data() + at, bytes);
  } else {
    std::memcpy(session.trace.outputs.data() + at, ram, bytes);
  }
  return true;
}

// False when the program asks for what it cannot have.
bool serve(Session &session, HostCall call) {
  switch (call) {
    case kStart:
      start(session);
      return true;
    case kStop:
      stop(session);
      return true;
    case kNext:
      next(session);
      return true;
    case kRead:
      return transfer(session, true);
    case kWrite:
      return transfer(session, false);
    case kStep:
      step(session);
      return true;
    default:
      session.finished = true;
      return true;
  }
}

// Between the marks: the depth of the stack and the limits. Nothing: all is well.
std::optional<Diagnostic> watch(Session &session, const Limits &limits) {
  if (!session.sp_is_torn)
    session.lowest_sp = std::min(session.lowest_sp, stack_pointer(session.chip));
  if (session.lowest_sp + 1 < session.data_end) {
    Diagnostic error =
        model_error("the stack runs into the data",
                    "data end at address " + std::to_string(session.data_end) +
                        ", the stack reached down to " + std::to_string(session.lowest_sp + 1),
                    "choose a chip with more RAM, or stream input or output");
    error.error_class = ErrorClass::kBudget;
    return error;
  }
  if (static_cast<std::int64_t>(session.chip.cycle - session.start_cycle) > limits.cycles_per_run) {
    return model_error("one inference did not end within " + std::to_string(limits.cycles_per_run) +
                       " cycles");
  }
  return std::nullopt;
}

}  // namespace

Result<Trace> run_simavr(const Image &image, const targets::Target &target,
                         const std::string &samples, const Limits &limits) {
  TRY(const ImageSize size, image_size(image.path));
  TRY(const AvrChip chip, load_avr(image.path, target.machine, target.clock_hz));
  Session session{*chip, image, samples, chip->ioend + 1 + static_cast<int>(size.ram_bytes)};
  while (!session.finished) {
    if (const auto call = host_call(*chip); call && !serve(session, *call)) {
      return model_error("the network moves bytes outside its inputs, outputs or RAM");
    }
    const avr_flashaddr_t pc = chip->pc;
    avr_run(chip.get());
    if (!is_alive(*chip)) return model_error("the program crashed on " + target.name);
    if (!session.running) continue;
    follow_stack_pointer(session, pc);
    if (auto error = watch(session, limits)) return *std::move(error);
  }
  return std::move(session.trace);
}

}  // namespace thimble::emulate

#else

namespace thimble::emulate {

Result<Trace> run_simavr(const Image &, const targets::Target &, const std::string &,
                         const Limits &) {
  return missing_tool_error(
      "this thimble was built without libsimavr", {},
      "apt-get install libsimavr-dev, then configure with -DTHIMBLE_BOARD=ON");
}

}  // namespace thimble::emulate

#endif
