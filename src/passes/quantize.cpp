// Post-training quantization in four steps: observe every value on the samples; find which must
// share a quantization; build the int8 graph once for the full ranges and once for clipped ones,
// and keep the one whose outputs are nearer to the float graph's; look for layers that came out
// badly.
#include "passes/quantize.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "ops/evaluate.h"
#include "passes/quantize_weights.h"
#include "passes/ranges.h"
#include "passes/rewrite.h"
#include "passes/shared_quants.h"
#include "support/check.h"

namespace thimble::passes {
namespace {

// At most `count` of the samples, evenly spread.
Samples thinned(const Samples &samples, std::size_t count) {
  if (samples.size() <= count) return samples;
  Samples chosen;
  for (std::size_t i = 0; i < count; ++i) chosen.push_back(samples[i * samples.size() / count]);
  return chosen;
}

enum class Clip { kNone, kLeastError };

// A value that only an elementwise operator reads matters for what that makes of it: a sigmoid does
// not care by how much its input is beyond 10.
Measure measure_of(const ir::Graph &graph, const SharedQuant &shared) {
  const auto itself = [](const std::vector<float> &x) { return x; };
  if (shared.values.size() != 1) return itself;
  const auto reader = only_reader(graph, shared.values[0]);
  if (!reader || graph.node(*reader).inputs.size() != 1) return itself;
  const ir::Node &node = graph.node(*reader);
  const ops::Operator &op = ops::operator_of(node);
  if (!op.elementwise) return itself;
  return [&graph, &node, &op](const std::vector<float> &x) {
    const ops::Tensor input{{{1, 1, static_cast<int>(x.size())}, ir::DType::kF32, {}}, x, {}};
    ops::Tensor output = input;
    const std::vector<const ops::Tensor *> inputs{&input};
    op.eval_float(graph, node, inputs, {&output, 1});
    return output.f32;
  };
}

// Whether the values lie within the levels and use at least a quarter of them.
bool suits(Range extremes, const ir::Quant &quant) {
  const float lo = quant.scale * static_cast<float>(-129 - quant.zero_point);
  const float hi = quant.scale * static_cast<float>(128 - quant.zero_point);
  return lo <= extremes.lo && extremes.hi <= hi && extremes.hi - extremes.lo >= 64 * quant.scale;
}

bool is_final_output(const ir::Graph &graph, const SharedQuant &shared) {
  return shared.values.size() == 1 && graph.is_output(shared.values[0]) &&
         graph.consumers(shared.values[0]).empty();
}

ir::Quant choose_quant(const ir::Graph &graph, const SharedQuant &shared,
                       const std::vector<Observed> &observed, Clip clip) {
  if (shared.fixed) return *shared.fixed;
  std::vector<const Observed *> values;
  for (const ir::ValueId value : shared.values) values.push_back(&observed[value]);
  Range extremes = values[0]->extremes;
  for (const Observed *value : values) extremes = join(extremes, value->extremes);
  if (shared.preferred && suits(extremes, *shared.preferred)) return *shared.preferred;
  if (shared.preferred && is_final_output(graph, shared)) return offset_quant_of(extremes);
  const Range range = join(extremes, {0, 0});
  if (clip == Clip::kNone) return quant_of(range);
  return quant_of(clipped_range(range, values, measure_of(graph, shared)));
}

ir::Graph build(ir::Graph graph, const std::vector<Observed> &observed, Clip clip) {
  for (const SharedQuant &shared : shared_quants(graph)) {
    const ir::Quant quant = choose_quant(graph, shared, observed, clip);
    for (const ir::ValueId id : shared.values) {
      graph.value(id).type.dtype = ir::DType::kI8;
      graph.value(id).type.quant = quant;
    }
  }
  for (ir::NodeId id = 0; id < static_cast<ir::NodeId>(graph.nodes().size()); ++id) {
    const ir::Node &node = graph.node(id);
    if (node.constants.empty()) continue;
    quantize_weights(
        graph, id,
        {graph.value(node.inputs[0]).type.quant->scale,
         graph.value(node.outputs[0]).type.quant->scale, observed[node.inputs[0]].means});
  }
  const Diagnostics broken = ops::verify(graph);
  CHECK(broken.empty(), "after quantization: " + to_string(broken.front()));
  return graph;
}

// Sums over all samples and elements of one value.
struct Deviation {
  double count = 0, sum = 0, square_sum = 0, error_square_sum = 0;
  int lo = 127, hi = -128;  // of the integers

  void add(float expected, std::int8_t integer, float got) {
    ++count;
    sum += expected;
    square_sum += double{expected} * expected;
    error_square_sum += (double{got} - expected) * (double{got} - expected);
    lo = std::min<int>(lo, integer);
    hi = std::max<int>(hi, integer);
  }
  double variance() const { return std::max(square_sum / count - sum / count * sum / count, 0.0); }
  double relative_error() const {  // root mean square, in standard deviations of the float value
    return variance() > 0 ? std::sqrt(error_square_sum / count / variance()) : 0;
  }
};

// By ValueId.
std::vector<Deviation> compare(const ir::Graph &real, const ir::Graph &integer,
                               const Samples &samples) {
  std::vector<Deviation> deviations(real.values().size());
  for (const auto &sample : samples) {
    std::vector<ops::Tensor> int_sample;
    for (std::size_t i = 0; i < sample.size(); ++i)
      int_sample.push_back(
          ops::from_real(integer.value(integer.inputs()[i].value).type, sample[i].f32));
    const auto expected = ops::evaluate(real, {}, sample);
    const auto got = ops::evaluate(integer, {}, int_sample);
    for (std::size_t value = 0; value < expected.size(); ++value) {
      const auto reals = ops::to_real(got[value]);
      for (std::size_t i = 0; i < reals.size(); ++i)
        deviations[value].add(expected[value].f32[i], got[value].i8[i], reals[i]);
    }
  }
  return deviations;
}

double output_error(const ir::Graph &graph, const std::vector<Deviation> &deviations) {
  double error = 0;
  for (const ir::Port &port : graph.outputs()) error += deviations[port.value].relative_error();
  return error;
}

// The first layer that lost its signal or much of it; what comes after it inherits the damage.
Diagnostics find_losses(const ir::Graph &graph, const std::vector<Deviation> &deviations) {
  for (const ir::Node &node : graph.nodes()) {
    const Deviation &deviation = deviations[node.outputs[0]];
    const double error = deviation.relative_error();
    const bool collapsed = deviation.variance() > 0 && deviation.lo == deviation.hi;
    if (!collapsed && error < 0.25) continue;
    Diagnostic warning;
    warning.severity = Severity::kWarning;
    warning.node = node.name;
    warning.op = node.op;
    warning.what = collapsed ? "int8 quantization turns its output into a constant"
                             : fmt::format(
                                   "int8 quantization adds an error of {:.0f} % of its "
                                   "output's standard deviation",
                                   100 * error);
    warning.why =
        "its range on the samples, or the range of what it reads, is too wide for 256 levels";
    warning.fix = "give samples like those of real use, or train with quantization in the loop";
    return {warning};
  }
  return {};
}

Diagnostics check_samples(const ir::Graph &graph, const Samples &samples) {
  if (samples.empty())
    return {usage_error("no samples to calibrate with", {}, "give them with --calib")};
  for (const auto &sample : samples) {
    CHECK(sample.size() == graph.inputs().size(), "a sample has one tensor a network input");
    for (std::size_t i = 0; i < sample.size(); ++i)
      CHECK(sample[i].type == graph.value(graph.inputs()[i].value).type,
            "samples have the types of the network's inputs");
  }
  return {};
}

}  // namespace

Result<ir::Graph> quantize(const ir::Graph &graph, const Samples &samples) {
  if (auto errors = ops::verify(graph); !errors.empty()) return errors;
  if (auto errors = check_samples(graph, samples); !errors.empty()) return errors;
  TRY(const auto observed, observe(graph, thinned(samples, 256)));
  const Samples judged = thinned(samples, 64);
  ir::Graph best = build(graph, observed, Clip::kNone);
  auto deviations = compare(graph, best, judged);
  ir::Graph clipped = build(graph, observed, Clip::kLeastError);
  auto clipped_deviations = compare(graph, clipped, judged);
  if (output_error(graph, clipped_deviations) < output_error(graph, deviations)) {
    best = std::move(clipped);
    deviations = std::move(clipped_deviations);
  }
  Diagnostics warnings = find_losses(graph, deviations);
  return {std::move(best), std::move(warnings)};
}

}  // namespace thimble::passes
