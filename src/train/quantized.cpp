#include "train/quantized.h"

#include <limits>
#include <map>
#include <vector>

#include "ops/operator.h"
#include "passes/equalize_channels.h"
#include "passes/shared_quants.h"
#include "train/tensors.h"

namespace thimble::train {
namespace {

// To multiples of `scale` from `zero_point`, straight through for gradients.
torch::Tensor rounded(const torch::Tensor &x, const torch::Tensor &scale,
                      const torch::Tensor &zero_point) {
  const torch::Tensor exact = x / scale + zero_point;
  const torch::Tensor inside = exact.clamp(-128, 127);
  return (inside + (inside.round() - inside).detach() - zero_point) * scale;
}

using Measure = torch::Tensor (*)(const torch::Tensor &);
torch::Tensor as_it_is(const torch::Tensor &x) { return x; }
torch::Tensor behind_sigmoid(const torch::Tensor &x) { return x.sigmoid(); }

torch::Tensor over_range(const torch::Tensor &x, const torch::Tensor &lo, const torch::Tensor &hi) {
  const torch::Tensor scale = ((hi - lo) / 255).clamp_min(1e-12);  // all zero: nothing to round
  return rounded(x, scale, (-128 - lo / scale).round());
}

// Over the batch's range with zero, or the part of it that, by a few of the pictures, loses least.
torch::Tensor over_best_range(const torch::Tensor &x, Measure measure) {
  const torch::Tensor values = x.detach(), some = values.slice(0, 0, 4), wanted = measure(some);
  const torch::Tensor lo = values.min().clamp_max(0), hi = values.max().clamp_min(0);
  double best = 1, least = std::numeric_limits<double>::infinity();
  for (const double part : {1.0, 0.7, 0.5, 0.35, 0.25}) {
    const torch::Tensor there = measure(over_range(some, lo * part, hi * part));
    const double error = (there - wanted).square().sum().item<double>();
    if (error >= least) continue;
    least = error;
    best = part;
  }
  return over_range(x, lo * best, hi * best);
}

// What the graph makes of a value decides which errors in it count.
Measure measure_of(const ir::Graph &graph, ir::ValueId value) {
  const std::vector<ir::NodeId> readers = graph.consumers(value);
  const bool sigmoid = readers.size() == 1 && graph.node(readers[0]).op == "Sigmoid";
  return sigmoid ? behind_sigmoid : as_it_is;
}

torch::Tensor weights_rounded(const torch::Tensor &weights) {
  const torch::Tensor largest =
      weights.detach().abs().flatten(1).amax(1).reshape({-1, 1}).clamp_min(1e-12);
  const torch::Tensor zero = torch::zeros({});
  return rounded(weights.flatten(1), largest / 127, zero).reshape(weights.sizes());
}

using Fixed = std::map<ir::ValueId, ir::Quant>;

Fixed fixed_quants(const ir::Graph &graph) {
  Fixed fixed;
  for (const passes::SharedQuant &shared : passes::shared_quants(graph))
    if (const auto quant = shared.fixed ? shared.fixed : shared.preferred)
      for (const ir::ValueId value : shared.values) fixed[value] = *quant;
  return fixed;
}

}  // namespace

Lens eight_bits(const ir::Graph &graph) {
  Lens lens;
  std::vector<Measure> measures;
  for (ir::ValueId id = 0; id < static_cast<ir::ValueId>(graph.values().size()); ++id)
    measures.push_back(measure_of(graph, id));
  lens.value = [=, fixed = fixed_quants(graph)](ir::ValueId value, const torch::Tensor &x) {
    const auto found = fixed.find(value);
    if (found == fixed.end()) return over_best_range(x, measures[value]);
    return rounded(x, torch::tensor(found->second.scale),
                   torch::tensor(static_cast<float>(found->second.zero_point)));
  };
  lens.constant = [](const ir::Graph &, ir::NodeId, std::size_t index, const torch::Tensor &x) {
    return index == 0 && x.dim() > 1 ? weights_rounded(x) : x;  // biases have 32 bits
  };
  return lens;
}

void equalize_channels(Module &module, const std::vector<torch::Tensor> &inputs) {
  const torch::NoGradGuard no_gradients;
  passes::ChannelPeaks peaks(module.graph().values().size());
  Lens look;
  look.value = [&](ir::ValueId value, const torch::Tensor &x) {
    peaks[value] = to_floats(x.abs().amax({0, 1, 2}));
    return x;
  };
  module.forward(inputs, look);
  module.take(passes::equalize_channels(module.graph(), peaks));
}

}  // namespace thimble::train
