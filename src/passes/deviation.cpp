// Runs the int8 graph on the reference's samples and sums the differences.
#include "passes/deviation.h"

#include <algorithm>

#include "ops/evaluate.h"

namespace thimble::passes {
void add_reals(Deviation &deviation, const ops::Tensor &expected) {
  for (const float x : expected.f32) {
    const double real = x;
    ++deviation.count;
    deviation.sum += real;
    deviation.square_sum += real * real;
  }
}

void add_errors(double &square_sum, const ops::Tensor &expected, const ops::Tensor &integers) {
  const ir::Quant quant = *integers.type.quant;
  for (std::size_t i = 0; i < expected.f32.size(); ++i) {
    const double error = quant.scale * static_cast<float>(integers.i8[i] - quant.zero_point) -
                         double{expected.f32[i]};
    square_sum += error * error;
  }
}

double Deviation::variance() const {
  return count == 0 ? 0 : std::max(square_sum / count - (sum / count) * (sum / count), 0.0);
}

double Deviation::relative_error() const {
  return variance() > 0 ? std::sqrt(error_square_sum / count / variance()) : 0;
}

Reference make_reference(const ir::Graph &graph, Samples samples) {
  Reference reference{std::move(samples), {}};
  for (const auto &sample : reference.samples)
    reference.values.push_back(ops::evaluate(graph, {}, sample));
  return reference;
}

std::vector<Deviation> compare(const Reference &reference, const ir::Graph &integer) {
  std::vector<Deviation> deviations(integer.values().size());
  for (std::size_t s = 0; s < reference.samples.size(); ++s) {
    std::vector<ops::Tensor> inputs;
    for (std::size_t i = 0; i < integer.inputs().size(); ++i)
      inputs.push_back(ops::from_real(integer.value(integer.inputs()[i].value).type,
                                      reference.samples[s][i].f32));
    const auto got = ops::evaluate(integer, {}, inputs);
    for (std::size_t value = 0; value < got.size(); ++value) {
      Deviation &deviation = deviations[value];
      add_reals(deviation, reference.values[s][value]);
      add_errors(deviation.error_square_sum, reference.values[s][value], got[value]);
      for (const std::int8_t q : got[value].i8) {
        deviation.lo = std::min<int>(deviation.lo, q);
        deviation.hi = std::max<int>(deviation.hi, q);
      }
    }
  }
  return deviations;
}

}  // namespace thimble::passes
