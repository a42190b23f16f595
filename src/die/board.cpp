// What the chip makes known becomes a Roll; what it should not do becomes an error.
#include "die/board.h"

#include <fmt/format.h>

#include <algorithm>

#include "die/chip.h"

namespace thimble::die {
namespace {

constexpr double kLongestRoll = 30;  // seconds of the chip's time

Diagnostic board_error(std::string what, std::string why, std::string fix = {}) {
  Diagnostic error = model_error(std::move(what), std::move(why), std::move(fix));
  error.error_class = ErrorClass::kVerify;
  return error;
}

}  // namespace

struct Board::State {
  Panel panel;
  std::unique_ptr<Chip> chip;
  double clock_hz = 0;
  std::uint64_t face_start = 0;  // cycle
  bool face_done = false;
  Roll roll;

  Watch watch() {
    return {[this](int face, int latent) {
              face_start = chip->cycle();
              roll.face = face;
              roll.latent = latent;
            },
            [this] {
              roll.cycles = static_cast<std::int64_t>(
                  std::max(chip->last_byte_cycle(), face_start) - face_start);
              face_done = true;
            },
            [this] { roll.frames.push_back(chip->cycle()); }};
  }
};

Board::Board(std::unique_ptr<State> state) : state_(std::move(state)) {}
Board::Board(Board &&) = default;
Board &Board::operator=(Board &&) = default;
Board::~Board() = default;

Result<Board> Board::power_up(const std::filesystem::path &image, const Part &part) {
  auto state = std::make_unique<State>();
  state->clock_hz = static_cast<double>(part.clock_hz);
  TRY(state->chip, part.power_up(part, image, &state->panel, state->watch()));
  return Board(std::move(state));
}

Result<Roll> Board::roll(Finger &finger) {
  State &state = *state_;
  state.face_done = false;
  state.roll.frames.clear();
  state.chip->press(finger.press());
  const double limit = seconds() + kLongestRoll;
  while (!state.face_done && state.chip->is_alive() && seconds() <= limit) state.chip->run();
  if (stack_bytes() >= state.chip->free_bytes()) {
    Diagnostic error = board_error("the stack runs into the firmware's data",
                                   fmt::format("data leave it {} bytes", state.chip->free_bytes()),
                                   "use a smaller decoder");
    error.error_class = ErrorClass::kBudget;
    return error;
  }
  if (const std::string problem = state.chip->problem(); !problem.empty())
    return board_error("the firmware did what the part would not bear", problem);
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

bool Board::falls_asleep() {
  const double limit = seconds() + 0.1;
  while (!state_->chip->is_powered_down() && state_->chip->is_alive() && seconds() <= limit)
    state_->chip->run();
  return state_->chip->is_powered_down();
}

std::int64_t Board::stack_bytes() const { return state_->chip->stack_bytes(); }

double Board::seconds() const {
  return static_cast<double>(state_->chip->cycle()) / state_->clock_hz;
}

}  // namespace thimble::die
