// Runs the int8 graph on the reference's samples and sums the differences.
#include "passes/deviation.h"

#include <algorithm>

#include "ops/evaluate.h"

namespace thimble::passes {
namespace {

void add(Deviation &deviation, const ops::Tensor &expected, const ops::Tensor &got) {
  const std::vector<float> reals = ops::to_real(got);
  for (std::size_t i = 0; i < reals.size(); ++i) {
    const double real = expected.f32[i], error = reals[i] - real;
    ++deviation.count;
    deviation.sum += real;
    deviation.square_sum += real * real;
    deviation.error_square_sum += error * error;
    deviation.lo = std::min<int>(deviation.lo, got.i8[i]);
    deviation.hi = std::max<int>(deviation.hi, got.i8[i]);
  }
}

}  // namespace

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
    for (std::size_t value = 0; value < got.size(); ++value)
      add(deviations[value], reference.values[s][value], got[value]);
  }
  return deviations;
}

double output_error(const ir::Graph &graph, const std::vector<Deviation> &deviations) {
  double error = 0;
  for (const ir::Port &port : graph.outputs()) error += deviations[port.value].relative_error();
  return error;
}

}  // namespace thimble::passes
