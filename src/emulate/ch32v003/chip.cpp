// Addresses and numbers of interrupts as in WCH's CH32V003 reference manual; interrupts and sleep
// as in its chapter PFIC and in the QingKe V2 manual. The units have alarms: the core runs up to
// the next one, or until a register is written, which may change what comes next.
#include "emulate/ch32v003/chip.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "emulate/ch32v003/clock.h"
#include "emulate/ch32v003/timer.h"
#include "emulate/riscv_core.h"

namespace thimble::emulate::ch32v003 {
namespace {

constexpr std::uint32_t kPage = 4096;
constexpr std::uint8_t kErased = 0xFF, kNoRam = 0xA5;  // what lies behind RAM must stay as it is
constexpr std::uint32_t kUnits = 0x40000000, kUnitBytes = 0x24000, kCoreUnits = 0xE0000000,
                        kCoreUnitBytes = 0x10000;
constexpr std::uint32_t kTimerInterrupt = 12, kPinInterrupt = 20, kI2cEvent = 30, kI2cError = 31;
constexpr std::uint32_t kDeepSleep = 1u << 2, kWaitForEvent = 1u << 3, kPendingIsEvent = 1u << 4,
                        kSetEvent = 1u << 5;                              // of SCTLR
constexpr int kAfioBit = 0, kPortABit = 2, kI2cBit = 21, kPowerBit = 28;  // of RCC's enables

using Interrupts = std::uint64_t;  // a bit a number
constexpr Interrupts bit(std::uint32_t number) { return Interrupts{1} << number; }

}  // namespace

struct Chip::State {
  State(I2cDevice device, std::function<void(std::uint32_t)> debug)
      : i2c(&moment, std::move(device),
            [this] {
              return pins.is_open_drain_function(kPortC, 1) &&
                     pins.is_open_drain_function(kPortC, 2);
            }),
        debug_data(std::move(debug)) {}

  void map();
  std::uint32_t read(std::uint32_t address, int bytes);
  void write(std::uint32_t address, int bytes, std::uint32_t value);
  bool reach(std::uint32_t address, std::uint32_t &value);
  bool change(std::uint32_t address, std::uint32_t value);
  bool read_core_unit(std::uint32_t offset, std::uint32_t &value);
  bool write_core_unit(std::uint32_t offset, std::uint32_t value);
  bool is_clocked(std::uint32_t address);

  void ring_alarms();
  Ticks next_alarm() const { return std::min(timer.alarm(), i2c.alarm()); }
  Interrupts asking() const;
  void look_at_interrupts();
  void enter_interrupt();
  void fall_asleep();
  void wake_up();
  void execute(Ticks end);
  void catch_up();
  Ticks instruction_ticks() const { return moment.cycle + moment.cycle / 2; }

  Moment moment;
  Clock clock{&moment};
  Pins pins{&moment};
  Timer timer{&moment};
  I2c i2c;
  std::function<void(std::uint32_t)> debug_data;
  std::unique_ptr<RiscvCore> core;
  alignas(kPage) std::array<std::uint8_t, kFlashBytes> flash;
  alignas(kPage) std::array<std::uint8_t, kPage> ram;  // the chip has half of it

  Interrupts enabled = 0, pending = 0;  // pending: asking and enabled
  std::uint32_t sleep_control = 0, debug = 0;
  bool asleep = false, standby = false, event = false;
  Ticks counted_until = 0;  // time and instructions when they were last in step
  std::uint64_t counted = 0;
};

void Chip::State::map() {
  core->map_memory(0, flash, false);
  core->map_memory(kRamStart, ram, true);
  core->set_code(0, flash);
  core->set_pc(0);
  const auto reading = [this](std::uint32_t address, int bytes) { return read(address, bytes); };
  const auto writing = [this](std::uint32_t address, int bytes, std::uint32_t value) {
    write(address, bytes, value);
  };
  core->map_registers(kUnits, kUnitBytes, reading, writing);
  core->map_registers(kCoreUnits, kCoreUnitBytes, reading, writing);
}

bool Chip::State::is_clocked(std::uint32_t address) {
  switch (address & ~0x3FFu) {
    case 0x40005400:
      return clock.has_apb1(kI2cBit);
    case 0x40007000:
      return clock.has_apb1(kPowerBit);
    case 0x40010000:
      return clock.has_apb2(kAfioBit);
    case 0x40010800:
    case 0x40011000:
    case 0x40011400:
      return clock.has_apb2(kPortABit + static_cast<int>(address - 0x40010800) / 0x400);
    default:
      return true;
  }
}

// Reads a register. False: there is none.
bool Chip::State::reach(std::uint32_t address, std::uint32_t &value) {
  const std::uint32_t offset = address & 0x3FF;
  switch (address & ~0x3FFu) {
    case 0x40005400:
      return i2c.read(offset, value);
    case 0x40007000:
      return clock.read_power(offset, value);
    case 0x40010000:
      return pins.read_afio(offset, value);
    case 0x40010400:
      return pins.read_exti(offset, value);
    case 0x40010800:
      return pins.read_port(kPortA, offset, value);
    case 0x40011000:
      return pins.read_port(kPortC, offset, value);
    case 0x40011400:
      return pins.read_port(kPortD, offset, value);
    case 0x40021000:
      return clock.read_rcc(offset, value);
    case 0x40022000:
      return clock.read_flash(offset, value);
    default:
      return address >= kCoreUnits && read_core_unit(address - kCoreUnits, value);
  }
}

bool Chip::State::change(std::uint32_t address, std::uint32_t value) {
  const std::uint32_t offset = address & 0x3FF;
  switch (address & ~0x3FFu) {
    case 0x40005400:
      return i2c.write(offset, value);
    case 0x40007000:
      return clock.write_power(offset, value);
    case 0x40010000:
      return pins.write_afio(offset, value);
    case 0x40010400:
      return pins.write_exti(offset, value);
    case 0x40010800:
      return pins.write_port(kPortA, offset, value);
    case 0x40011000:
      return pins.write_port(kPortC, offset, value);
    case 0x40011400:
      return pins.write_port(kPortD, offset, value);
    case 0x40021000: {
      timer.halt();  // its clock may change
      const bool known = clock.write_rcc(offset, value);
      timer.go_on();
      counted_until = moment.now;
      counted = core->instructions();
      return known;
    }
    case 0x40022000:
      return clock.write_flash(offset, value);
    default:
      return address >= kCoreUnits && write_core_unit(address - kCoreUnits, value);
  }
}

// Debugging, interrupts (PFIC) and the system timer.
bool Chip::State::read_core_unit(std::uint32_t offset, std::uint32_t &value) {
  switch (offset) {
    case 0x00F4:
      value = debug;
      return true;
    case 0xE100:
    case 0xE104:
      value = static_cast<std::uint32_t>(enabled >> 8 * (offset - 0xE100));
      return true;
    case 0xED10:
      value = sleep_control;
      return true;
    default:
      return offset >= 0xF000 && timer.read(offset - 0xF000, value);
  }
}

bool Chip::State::write_core_unit(std::uint32_t offset, std::uint32_t value) {
  switch (offset) {
    case 0x00F4:
      debug = value;
      debug_data(value);
      return true;
    case 0xE100:
    case 0xE104:
      enabled |= Interrupts{value} << 8 * (offset - 0xE100);
      return true;
    case 0xE180:
    case 0xE184:
      enabled &= ~(Interrupts{value} << 8 * (offset - 0xE180));
      return true;
    case 0xED10:
      sleep_control = value & (kDeepSleep | kWaitForEvent | kPendingIsEvent);
      event = event || value & kSetEvent;
      return (value & ~(kDeepSleep | kWaitForEvent | kPendingIsEvent | kSetEvent)) == 0;
    default:
      return offset >= 0xF000 && timer.write(offset - 0xF000, value);
  }
}

std::uint32_t Chip::State::read(std::uint32_t address, int bytes) {
  catch_up();
  std::uint32_t value = 0;
  const bool is_i2c = (address & ~0x3FFu) == 0x40005400;
  if ((bytes != 4 && !(is_i2c && bytes == 2)) || !is_clocked(address) || !reach(address, value)) {
    moment.report(fmt::format("it reads {} bytes at {:#x}, {}", bytes, address,
                              is_clocked(address) ? "where the board has no such register"
                                                  : "a unit whose clock is off"));
    core->stop();
  }
  return value;
}

void Chip::State::write(std::uint32_t address, int bytes, std::uint32_t value) {
  catch_up();
  const bool is_i2c = (address & ~0x3FFu) == 0x40005400;
  if ((bytes != 4 && !(is_i2c && bytes == 2)) || !is_clocked(address) || !change(address, value)) {
    moment.report(fmt::format("it writes {:#x}, {} bytes, to {:#x}, {}", value, bytes, address,
                              is_clocked(address) ? "where the board has nothing that takes it"
                                                  : "a unit whose clock is off"));
  }
  look_at_interrupts();
  core->stop();
}

// Brings time up to the instructions that have been executed, and the units up to time: none is
// asked for, or told, what comes before something that should have happened.
void Chip::State::catch_up() {
  moment.now = counted_until + (core->instructions() - counted) * instruction_ticks();
  ring_alarms();
}

void Chip::State::ring_alarms() {
  if (timer.alarm() <= moment.now) timer.ring();
  if (i2c.alarm() <= moment.now) i2c.ring();
  look_at_interrupts();
}

Interrupts Chip::State::asking() const {
  return (timer.asks() ? bit(kTimerInterrupt) : 0) | (pins.asks() ? bit(kPinInterrupt) : 0) |
         (i2c.asks_for_event() ? bit(kI2cEvent) : 0) | (i2c.asks_for_error() ? bit(kI2cError) : 0);
}

void Chip::State::look_at_interrupts() {
  const Interrupts before = pending;
  pending = asking() & enabled;
  if (pins.take_event() || (pending & ~before && sleep_control & kPendingIsEvent)) event = true;
  core->set_interrupt_pending(pending != 0);
}

// The lowest number has priority while the program gives none. mtvec: entries by number (bit 0),
// which are addresses (bit 1).
void Chip::State::enter_interrupt() {
  const std::uint32_t vector = core->trap_vector();
  const auto number = static_cast<std::uint32_t>(__builtin_ctzll(pending));
  const std::size_t at = (vector & ~3u) + 4 * number;
  if ((vector & 3) != 3 || at + 4 > flash.size()) {
    moment.report("it has no table of interrupts in flash");
    return;
  }
  std::uint32_t handler = 0;
  for (int i = 3; i >= 0; --i) handler = handler << 8 | flash[at + i];
  core->enter_interrupt(handler, number);
}

void Chip::State::fall_asleep() {
  const bool waits_for_event = sleep_control & kWaitForEvent;
  if (waits_for_event && event) {
    event = false;
    return;
  }
  asleep = true;
  if (!(sleep_control & kDeepSleep)) return;
  if (!clock.deep_sleep_is_standby()) moment.report("it sleeps deeply without PDDS");
  if (!i2c.is_idle()) moment.report("it goes into standby while I2C is at work");
  standby = true;
  timer.halt();
}

void Chip::State::wake_up() {
  asleep = event = false;
  if (!standby) return;
  standby = false;
  clock.wake_from_standby();
  timer.go_on();
}

void Chip::State::execute(Ticks end) {
  counted_until = moment.now;
  counted = core->instructions();
  const Ticks left = end - moment.now;
  const RiscvCore::Stop stop = core->run(left / instruction_ticks() + 1);
  if (stop == RiscvCore::Stop::kFault) moment.report(core->fault());
  catch_up();
  if (stop == RiscvCore::Stop::kSleep) fall_asleep();
}

Chip::Chip(std::unique_ptr<State> state) : state_(std::move(state)) {}
Chip::~Chip() = default;

Result<std::unique_ptr<Chip>> Chip::power_up(const Bytes &flash, I2cDevice device,
                                             std::function<void(std::uint32_t)> debug_data) {
  if (flash.size() > kFlashBytes) {
    return budget_error(fmt::format("the program takes {} bytes of flash, a CH32V003 has {}",
                                    flash.size(), kFlashBytes));
  }
  auto state = std::make_unique<State>(std::move(device), std::move(debug_data));
  TRY(state->core, RiscvCore::make());
  state->flash.fill(kErased);
  std::copy(flash.begin(), flash.end(), state->flash.begin());
  state->ram.fill(kNoRam);
  state->map();
  return std::unique_ptr<Chip>(new Chip(std::move(state)));
}

void Chip::run_until(Ticks end) {
  State &state = *state_;
  while (state.moment.now < end && state.moment.problem.empty()) {
    state.ring_alarms();
    const Ticks next = std::min(state.next_alarm(), end);
    const bool woken = state.pending != 0 || (state.event && state.sleep_control & kWaitForEvent);
    if (state.asleep && woken) state.wake_up();
    if (state.asleep) {
      state.moment.now = std::max(state.moment.now, next);
    } else if (state.pending != 0 && state.core->interrupts_enabled()) {
      state.enter_interrupt();
      state.execute(next);
    } else {
      state.execute(next);
    }
  }
  if (std::any_of(state.ram.begin() + kRamBytes, state.ram.end(),
                  [](std::uint8_t byte) { return byte != kNoRam; }))
    state.moment.report("it writes behind the end of RAM");
}

Ticks Chip::now() const { return state_->moment.now; }
const std::string &Chip::problem() const { return state_->moment.problem; }
bool Chip::is_in_standby() const { return state_->standby; }
std::uint32_t Chip::pc() const { return state_->core->pc(); }
std::uint64_t Chip::instructions() const { return state_->core->instructions(); }
Ticks Chip::last_i2c_byte() const { return state_->i2c.last_byte(); }
void Chip::ground(int port, int pin, bool grounded) {
  state_->pins.ground(port, pin, grounded);
  state_->look_at_interrupts();
}
std::span<std::uint8_t> Chip::ram() { return std::span(state_->ram).first(kRamBytes); }

}  // namespace thimble::emulate::ch32v003
