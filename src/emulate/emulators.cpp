// The table, and the entry that emulates nothing.
#include "emulate/emulators.h"

#include "support/process.h"

namespace thimble::emulate {

std::span<const Emulator> all_emulators() {
  static const std::vector<Emulator> table = {
      {"native", {"port_native.c"}, "", {}, {"-lm"}, nullptr, false, run_native},
      {"simavr", {"port_avr.c"}, "", {}, {"-lm"}, nullptr, true, run_simavr},
      {"qemu-arm",
       {"port_cortex_m.c", "semihosting.c", "semihosting.h"},
       "mps.ld",
       {"-masm-syntax-unified"},
       {"-nostartfiles", "--specs=nano.specs", "--specs=nosys.specs", "-lm"},
       link_for_mps,
       true,
       run_qemu_arm},
      {"qemu-riscv",
       {"port_riscv.c", "semihosting.c", "semihosting.h"},
       "virt.ld",
       {"--specs=picolibc.specs"},
       {"-nostartfiles", "--specs=picolibc.specs", "-lm"},
       link_for_virt,
       true,
       run_qemu_riscv},
  };
  return table;
}

Result<const Emulator *> find_emulator(const std::string &name) {
  std::string known;
  for (const Emulator &emulator : all_emulators()) {
    if (emulator.name == name) return &emulator;
    known += (known.empty() ? "" : ", ") + std::string(emulator.name);
  }
  return usage_error("no emulator '" + name + "'", "known are " + known);
}

Result<Trace> run_native(const Image &image, const targets::Target &, const std::string &samples,
                         const Limits &limits) {
  TRY(const ProcessResult process, run_process({image.path.string()}, samples, limits.seconds));
  if (process.exit_code != 0) {
    return model_error("the compiled network failed on the host with exit code " +
                           std::to_string(process.exit_code),
                       process.stderr_text.substr(0, 4000));
  }
  return Trace{process.stdout_text, {}, {}};
}

}  // namespace thimble::emulate
