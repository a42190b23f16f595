// Samples that a network is calibrated with, from a file or made up.
#include <charconv>
#include <cmath>
#include <numbers>

#include "api/samples.h"
#include "ops/evaluate.h"

namespace thimble::api {
namespace {

// Standard normal numbers by Box and Muller from a linear congruential generator: reproducible
// anywhere.
class Normal {
 public:
  float next() {
    const double radius = std::sqrt(-2 * std::log(uniform()));
    return static_cast<float>(radius * std::cos(2 * std::numbers::pi * uniform()));
  }

 private:
  double uniform() {  // in (0, 1]
    state_ = state_ * 6364136223846793005u + 1442695040888963407u;
    return (static_cast<double>(state_ >> 40) + 1) * 0x1p-24;
  }
  std::uint64_t state_ = 1;
};

}  // namespace

passes::Samples random_samples(const ir::Graph &graph, int count) {
  Normal normal;
  passes::Samples samples(static_cast<std::size_t>(count));
  for (Sample &sample : samples) {
    for (const ir::Port &port : graph.inputs()) {
      ops::Tensor tensor{
          {graph.value(port.value).type.shape, ir::DType::kF32, std::nullopt}, {}, {}};
      tensor.f32.resize(static_cast<std::size_t>(tensor.type.shape.elements()));
      for (float &element : tensor.f32) element = normal.next();
      sample.push_back(std::move(tensor));
    }
  }
  return samples;
}

Result<passes::Samples> read_calibration(const ir::Graph &graph, const std::string &text) {
  constexpr std::string_view kRandom = "random:";
  constexpr int kMost = 100000;
  if (!text.starts_with(kRandom)) return read_real_samples(graph, text);
  int count = 0;
  const char *last = text.data() + text.size();
  const auto [end, code] = std::from_chars(text.data() + kRandom.size(), last, count);
  if (code != std::errc() || end != last || count < 1 || count > kMost) {
    return usage_error("'" + text + "' is not random:N with N from 1 to " + std::to_string(kMost));
  }
  return random_samples(graph, count);
}

std::vector<Sample> to_input_types(const ir::Graph &graph, const passes::Samples &real) {
  std::vector<Sample> samples;
  for (const auto &tensors : real) {
    Sample sample;
    for (std::size_t i = 0; i < tensors.size(); ++i) {
      sample.push_back(ops::from_real(graph.value(graph.inputs()[i].value).type, tensors[i].f32));
    }
    samples.push_back(std::move(sample));
  }
  return samples;
}

}  // namespace thimble::api
