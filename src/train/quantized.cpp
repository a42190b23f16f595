#include "train/quantized.h"

#include <map>

#include "ops/operator.h"
#include "passes/shared_quants.h"

namespace thimble::train {
namespace {

// To multiples of `scale` from `zero_point`, straight through for gradients.
torch::Tensor rounded(const torch::Tensor &x, const torch::Tensor &scale,
                      const torch::Tensor &zero_point) {
  const torch::Tensor exact = x / scale + zero_point;
  const torch::Tensor inside = exact.clamp(-128, 127);
  return (inside + (inside.round() - inside).detach() - zero_point) * scale;
}

// Over the batch's range with zero; what is all zero has nothing to round.
torch::Tensor over_its_range(const torch::Tensor &x) {
  const torch::Tensor lo = x.detach().min().clamp_max(0), hi = x.detach().max().clamp_min(0);
  const torch::Tensor scale = ((hi - lo) / 255).clamp_min(1e-12);
  return rounded(x, scale, (-128 - lo / scale).round());
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
  lens.value = [fixed = fixed_quants(graph)](ir::ValueId value, const torch::Tensor &x) {
    const auto found = fixed.find(value);
    if (found == fixed.end()) return over_its_range(x);
    return rounded(x, torch::tensor(found->second.scale),
                   torch::tensor(static_cast<float>(found->second.zero_point)));
  };
  lens.constant = [](const ir::Graph &, ir::NodeId, std::size_t index, const torch::Tensor &x) {
    return index == 0 && x.dim() > 1 ? weights_rounded(x) : x;  // biases have 32 bits
  };
  return lens;
}

}  // namespace thimble::train
