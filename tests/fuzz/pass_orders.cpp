// pass_orders COUNT: so many random networks, each through passes in a random order. Case i is the
// same in every run.
#include <fmt/core.h>

#include <cstdlib>
#include <random>
#include <vector>

#include "pass_order.h"

int main(int argc, char **argv) {
  const char *wished = std::getenv("THIMBLE_FUZZ_COUNT");
  const int count = std::atoi(wished ? wished : argc > 1 ? argv[1] : "0");
  int constant = 0;
  for (int index = 0; index < count; ++index) {
    std::mt19937 random(static_cast<std::uint32_t>(index) * 2654435761u + 1);
    std::vector<std::uint8_t> bytes(160);
    for (std::uint8_t &byte : bytes) byte = static_cast<std::uint8_t>(random() >> 13);
    const auto result = thimble::fuzz::check_pass_order(bytes);
    if (!result.complaint.empty()) {
      fmt::print("case {}: {}\n", index, result.complaint);
      return 1;
    }
    constant += result.constant;
  }
  fmt::print("{} networks, {} of them without a varying output\n", count, constant);
  return count > 0 && constant * 10 < count ? 0 : 1;
}
