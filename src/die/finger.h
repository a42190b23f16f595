// A person at the button: presses at moments that are never quite regular, and contacts that
// bounce.
#pragma once

#include <cstdint>
#include <random>
#include <vector>

namespace thimble::die {

struct Edge {
  std::uint64_t cycle = 0;  // of the chip, after the moment the press was asked for; ascending
  bool closed = false;
};

class Finger {
 public:
  Finger(std::uint64_t seed, std::int64_t clock_hz) : chance_(seed), clock_hz_(clock_hz) {}

  // One press: 0.15 to 0.6 s of waiting, contact for 50 to 200 ms, up to six bounces within 4 ms at
  // either end. The last edge leaves the contact open.
  std::vector<Edge> press();

 private:
  double between(double low, double high);
  void change(std::vector<Edge> &edges, double &seconds, bool closed);

  std::mt19937_64 chance_;
  std::int64_t clock_hz_;
};

}  // namespace thimble::die
