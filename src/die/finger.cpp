// Bounces: most within half a millisecond, all within 4 ms, as snap switches have them.
#include "die/finger.h"

namespace thimble::die {
namespace {

constexpr int kMostBounces = 6;
constexpr double kLongestBounce = 0.0003;  // seconds that the contact stays in either state

}  // namespace

double Finger::between(double low, double high) {
  // The top 53 bits by hand: std::uniform_real_distribution differs from library to library.
  return low + (high - low) * static_cast<double>(chance_() >> 11) * 0x1p-53;
}

void Finger::change(std::vector<Edge> &edges, double &seconds, bool closed) {
  const auto edge = [&](bool state) {
    edges.push_back({static_cast<std::uint64_t>(seconds * static_cast<double>(clock_hz_)), state});
  };
  edge(closed);
  const int bounces = static_cast<int>(chance_() % (kMostBounces + 1));
  for (int i = 0; i < bounces; ++i) {
    seconds += between(0.00001, kLongestBounce);
    edge(!closed);
    seconds += between(0.00001, kLongestBounce);
    edge(closed);
  }
}

std::vector<Edge> Finger::press() {
  std::vector<Edge> edges;
  double seconds = between(0.15, 0.6);
  change(edges, seconds, true);
  seconds += between(0.05, 0.2);
  change(edges, seconds, false);
  return edges;
}

}  // namespace thimble::die
