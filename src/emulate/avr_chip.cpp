// The few things that simulated programs need of libsimavr; nothing where the build is without it.
#ifdef THIMBLE_WITH_SIMAVR
#include "emulate/avr_chip.h"

#include <sim_avr.h>

#include <algorithm>
#include <cstdlib>

#include "emulate/image.h"

#ifdef __has_feature  // Clang's way to say it; GCC defines it as a macro
#if __has_feature(address_sanitizer)
#define __SANITIZE_ADDRESS__
#endif
#endif
#ifdef __SANITIZE_ADDRESS__
// avr_terminate keeps the names and hooks of the peripherals' interrupt lines: not ours to free.
extern "C" const char *__lsan_default_suppressions() { return "leak:libsimavr\n"; }
#endif

namespace thimble::emulate {
namespace {

void silent(avr_t *, int, const char *, va_list) {}

}  // namespace

void AvrDeleter::operator()(avr_t *chip) const {
  avr_terminate(chip);
  std::free(chip);  // avr_terminate frees what it holds only
}

Result<AvrChip> load_avr(const std::filesystem::path &image, const std::string &machine,
                         std::int64_t clock_hz) {
  TRY(const Bytes flash, flash_contents(image));
  avr_global_logger_set(silent);
  avr_t *const made = avr_make_mcu_by_name(machine.c_str());
  if (!made) return usage_error("libsimavr knows no machine '" + machine + "'");
  avr_init(made);
  AvrChip chip(made);
  if (flash.size() > chip->flashend + std::size_t{1}) {
    return model_error("the program takes " + std::to_string(flash.size()) + " bytes of flash, " +
                       machine + " has " + std::to_string(chip->flashend + 1));
  }
  std::copy(flash.begin(), flash.end(), chip->flash);
  chip->codeend = static_cast<std::uint32_t>(flash.size());
  chip->frequency = static_cast<std::uint32_t>(clock_hz);
  chip->run_cycle_limit = chip->run_cycle_count = 1;  // one instruction a call of avr_run
  return chip;
}

bool is_alive(const avr_t &chip) { return chip.state != cpu_Done && chip.state != cpu_Crashed; }

int stack_pointer(const avr_t &chip) { return chip.data[R_SPL] | chip.data[R_SPH] << 8; }

int next_opcode(const avr_t &chip) {
  if (chip.pc + 1 > chip.flashend) return -1;
  return chip.flash[chip.pc] | chip.flash[chip.pc + 1] << 8;
}

}  // namespace thimble::emulate

#endif  // THIMBLE_WITH_SIMAVR
