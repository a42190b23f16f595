// libsimavr runs the chip; what is here hangs on its pins and registers. The stack's depth is read
// off a pattern painted over all RAM that the linker left free: whatever has been overwritten was
// once in use.
#include "die/board.h"

#include <avr_ioport.h>
#include <fmt/format.h>
#include <sim_avr.h>

#include <algorithm>

#include "die/bus.h"
#include "emulate/avr_chip.h"
#include "emulate/image.h"

namespace thimble::die {
namespace {

constexpr int kRamStart = 0x100;
constexpr std::uint8_t kPaint = 0xC5;
constexpr int kButtonPin = 4;                                                       // of port D
constexpr int kFaceRegister = 0x3E, kLatentRegister = 0x4A, kStageRegister = 0x4B;  // GPIOR0, 1, 2
constexpr double kLongestRoll = 30;  // seconds of the chip's time

Diagnostic board_error(std::string what, std::string why, std::string fix = {}) {
  Diagnostic error = model_error(std::move(what), std::move(why), std::move(fix));
  error.error_class = ErrorClass::kVerify;
  return error;
}

}  // namespace

struct Board::State {
  State(emulate::AvrChip made, std::int64_t free_ram)
      : chip(std::move(made)), bus(chip.get(), &panel), free_ram_start(free_ram) {}

  void watch_stage();
  void schedule(const std::vector<Edge> &edges);
  void set_contact(bool closed) { avr_raise_irq(contact, closed ? 0 : 1); }

  emulate::AvrChip chip;
  Panel panel;
  Bus bus;
  std::int64_t free_ram_start;  // first byte after data and bss
  avr_irq_t *contact = nullptr;
  std::uint64_t face_start = 0;  // cycle
  bool face_done = false;
  Roll roll;
  std::vector<Edge> edges;  // still to come, at absolute cycles
};

// The firmware writes 1 when the drawing of a rolled face starts and 0 when it has ended.
void Board::State::watch_stage() {
  const auto stage_written = [](avr_t *chip, avr_io_addr_t address, std::uint8_t value,
                                void *param) {
    auto &state = *static_cast<State *>(param);
    chip->data[address] = value;
    if (value) {
      state.face_start = chip->cycle;
      state.roll.face = chip->data[kFaceRegister];
      state.roll.latent = static_cast<std::int8_t>(chip->data[kLatentRegister]);
    } else {
      state.roll.cycles = static_cast<std::int64_t>(
          std::max(state.bus.last_byte_cycle(), state.face_start) - state.face_start);
      state.face_done = true;
    }
  };
  avr_register_io_write(chip.get(), kStageRegister, stage_written, this);
}

void Board::State::schedule(const std::vector<Edge> &press) {
  for (const Edge &edge : press) edges.push_back({chip->cycle + edge.cycle, edge.closed});
  const auto next = [](avr_t *chip, avr_cycle_count_t, void *param) -> avr_cycle_count_t {
    auto &state = *static_cast<State *>(param);
    state.set_contact(state.edges.front().closed);
    state.edges.erase(state.edges.begin());
    return state.edges.empty()
               ? 0
               : std::max<std::uint64_t>(state.edges.front().cycle, chip->cycle + 1);
  };
  avr_cycle_timer_register(chip.get(), edges.front().cycle - chip->cycle, next, this);
}

Board::Board(std::unique_ptr<State> state) : state_(std::move(state)) {}
Board::Board(Board &&) = default;
Board &Board::operator=(Board &&) = default;
Board::~Board() = default;

Result<Board> Board::power_up(const std::filesystem::path &image, const targets::Target &target) {
  TRY(const emulate::ImageSize size, emulate::image_size(image));
  TRY(emulate::AvrChip chip, emulate::load_avr(image, target.machine, target.clock_hz));
  auto state = std::make_unique<State>(std::move(chip), kRamStart + size.ram_bytes);
  avr_t *const avr = state->chip.get();
  avr->run_cycle_limit = avr->frequency / 1000;    // nothing needs to be seen between instructions
  avr->sleep = [](avr_t *, avr_cycle_count_t) {};  // time passes, but not ours
  if (state->free_ram_start <= avr->ramend) {
    std::fill(avr->data + state->free_ram_start, avr->data + avr->ramend + 1, kPaint);
  }
  state->contact = avr_io_getirq(avr, AVR_IOCTL_IOPORT_GETIRQ('D'), kButtonPin);
  state->set_contact(false);
  state->watch_stage();
  return Board(std::move(state));
}

Result<Roll> Board::roll(Finger &finger) {
  State &state = *state_;
  state.face_done = false;
  state.schedule(finger.press());
  const double limit = seconds() + kLongestRoll;
  while (!state.face_done && emulate::is_alive(*state.chip) && seconds() <= limit) {
    avr_run(state.chip.get());
  }
  const std::int64_t free_bytes = state.chip->ramend + 1 - state.free_ram_start;
  if (stack_bytes() >= free_bytes) {
    Diagnostic error =
        board_error("the stack runs into the firmware's data",
                    fmt::format("data leave it {} bytes", free_bytes), "use a smaller decoder");
    error.error_class = ErrorClass::kBudget;
    return error;
  }
  if (!state.face_done) {
    return board_error("the firmware showed no face",
                       "it crashed, or took over 30 s after a press");
  }
  if (!state.panel.problems().empty()) {
    return board_error("the firmware sent the panel what it does not know",
                       state.panel.problems().front());
  }
  state.roll.picture = state.panel.picture();
  return state.roll;
}

std::int64_t Board::stack_bytes() const {
  const avr_t &chip = *state_->chip;
  const auto *const free_start = chip.data + state_->free_ram_start;
  const auto *const end = chip.data + chip.ramend + 1;
  const auto *const deepest =
      std::find_if(free_start, end, [](std::uint8_t b) { return b != kPaint; });
  return end - deepest;
}

double Board::seconds() const {
  return static_cast<double>(state_->chip->cycle) / state_->chip->frequency;
}

}  // namespace thimble::die
