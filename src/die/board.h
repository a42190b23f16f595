// The simulated board: an AVR running the firmware (libsimavr, true cycles), an SSD1306 on its I2C
// unit, a button from PD4 to ground and a person who presses it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>

#include "die/finger.h"
#include "die/panel.h"
#include "support/diagnostic.h"
#include "targets/target.h"

namespace thimble::die {

// One roll, as the firmware makes it known (GPIOR0 to GPIOR2, see firmware/port.h) and the panel
// shows it.
struct Roll {
  int face = 0;    // 1 to 6
  int latent = 0;  // quantized, as given to the network
  std::int64_t cycles =
      0;                 // of the final face: from the start of drawing to the last byte on the bus
  PanelPicture picture;  // after that byte
};

class Board {
 public:
  // A board that has just been powered. Errors: as emulate::load_avr.
  static Result<Board> power_up(const std::filesystem::path &image, const targets::Target &target);
  Board(Board &&);
  Board &operator=(Board &&);
  ~Board();

  // Presses the button and runs until the face is there.
  // Errors: no face within 30 s of the chip's time, an invalid command to the panel (kVerify); a
  // stack that reaches the data (kBudget).
  Result<Roll> roll(Finger &finger);

  // Deepest so far, over all that the firmware has done since power-up; bytes.
  std::int64_t stack_bytes() const;
  double seconds() const;  // of the chip's time since power-up

 private:
  struct State;
  explicit Board(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace thimble::die
