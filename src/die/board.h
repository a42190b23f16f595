// The simulated board: a part running the firmware (chip.h), an SSD1306 on its I2C pins, a button
// and a person who presses it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <vector>

#include "die/finger.h"
#include "die/panel.h"
#include "die/parts.h"
#include "support/diagnostic.h"

namespace thimble::die {

// One roll, as the firmware makes it known (firmware/port.h) and the panel shows it.
struct Roll {
  int face = 0;    // 1 to 6
  int latent = 0;  // quantized, as given to the network
  std::int64_t cycles =
      0;                 // of the final face: from the start of drawing to the last byte on the bus
  PanelPicture picture;  // after that byte
  std::vector<std::uint64_t> frames;  // when each one that rolls before the face starts, cycles
};

class Board {
 public:
  // A board that has just been powered. Errors: as Part::power_up.
  static Result<Board> power_up(const std::filesystem::path &image, const Part &part);
  Board(Board &&);
  Board &operator=(Board &&);
  ~Board();

  // Presses the button and runs until the face is there.
  // Errors: no face within 30 s of the chip's time, an invalid command to the panel, what the chip
  // would not bear (kVerify); a stack that reaches the data (kBudget).
  Result<Roll> roll(Finger &finger);

  // Lets time pass until the chip has powered down; false: it has not within 0.1 s.
  bool falls_asleep();

  // Deepest so far, over all that the firmware has done since power-up; bytes.
  std::int64_t stack_bytes() const;
  double seconds() const;  // of the chip's time since power-up

 private:
  struct State;
  explicit Board(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace thimble::die
