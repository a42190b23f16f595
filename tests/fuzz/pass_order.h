// Passes in an order that nobody thought of, over a network that nobody drew: still the same
// network.
#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace thimble::fuzz {

struct PassOrder {
  bool constant = false;  // the outputs hardly vary: that they agree proves nothing
  std::string
      complaint;  // empty: sound after every pass, unchanged by a second run, equal at the end
};

// The bytes choose the network, then the passes.
PassOrder check_pass_order(std::span<const std::uint8_t> bytes);

}  // namespace thimble::fuzz
