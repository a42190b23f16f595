// port.h for tests: the bus ends in a panel, the button follows a script, every draw is noted.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <vector>

#include "die/panel.h"

namespace thimble::die {

struct FakePort {
  Panel panel;
  std::vector<int> contact;                       // one sample a millisecond; open after the last
  std::function<std::uint16_t()> edges;           // what port_take_edges gives
  std::vector<std::array<std::int8_t, 7>> draws;  // the network's inputs, in order
  bool rows = true;                               // the network makes its rows
  int face = 0, latent = 0;                       // as made known
  int frames = 0, sleeps = 0;                     // likewise; calls of port_sleep
  std::size_t milliseconds = 0;
};

extern FakePort fake_port;

}  // namespace thimble::die
