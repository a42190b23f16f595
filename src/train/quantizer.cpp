#include "train/quantizer.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "ops/infer.h"
#include "ops/operator.h"
#include "passes/make_integer.h"
#include "support/check.h"
#include "train/tensors.h"

namespace thimble::train {
namespace {

constexpr float kLeastScale = 1e-8f;
constexpr float kPace = 0.05f;  // of ranges towards those of a batch

torch::Tensor straight_through_round(const torch::Tensor &x) {
  return x + (x.round() - x).detach();
}

// [out][rest]; of a BatchNorm, one weight a channel.
torch::Tensor by_channel(const torch::Tensor &weight) {
  return weight.reshape({weight.size(0), -1});
}

// [out][rest] to whole numbers of the levels.
torch::Tensor to_levels(const torch::Tensor &multiples, const passes::Levels &levels) {
  const torch::Tensor inside = multiples.clamp(levels.low, levels.high);
  return straight_through_round((inside - levels.low) / levels.step) * levels.step + levels.low;
}

// Of the scales that use more or less of the levels, for each channel the one that loses least.
torch::Tensor best_log_scales(const torch::Tensor &weight, const passes::Levels &levels) {
  const torch::NoGradGuard no_grad;
  const torch::Tensor flat = by_channel(weight);
  const torch::Tensor largest = flat.abs().amax(1, true).clamp_min(kLeastScale) / levels.high;
  torch::Tensor best = largest.clone();
  torch::Tensor least = torch::full_like(largest, std::numeric_limits<float>::infinity());
  for (int part = 1; part <= 20; ++part) {
    const torch::Tensor scale = largest * (part / 20.0);
    const torch::Tensor error =
        (to_levels(flat / scale, levels) * scale - flat).square().sum(1, true);
    best = torch::where(error < least, scale, best);
    least = torch::minimum(error, least);
  }
  return best.squeeze(1).log();
}

// The weight where each channel has its scale.
torch::Tensor rounded(const torch::Tensor &weight, const torch::Tensor &log_scale,
                      const passes::Levels &levels) {
  const torch::Tensor scale = log_scale.exp().unsqueeze(1);
  return (to_levels(by_channel(weight) / scale, levels) * scale).reshape(weight.sizes());
}

torch::Tensor at_quant(const torch::Tensor &x, const ir::Quant &quant) {
  const torch::Tensor inside = (x / quant.scale + quant.zero_point).clamp(-128, 127);
  return (straight_through_round(inside) - quant.zero_point) * quant.scale;
}

bool is_weight(const ir::Graph &graph, const ir::Node &node) {
  return node.constants.size() == 2 && !node.inputs.empty() &&
         graph.constant(node.constants[0]).dtype() == ir::DType::kF32;
}

// Of each weight: the multiplier from sums to the output stays at 2^-22 or more, so that channels
// of tiny or no weights keep their bias (as in passes/quantize_weights.cpp).
std::map<ir::ConstantId, float> least_scales(const ir::Graph &graph, const passes::Quants &quants) {
  std::map<ir::ConstantId, float> least;
  for (const ir::Node &node : graph.nodes()) {
    if (!is_weight(graph, node)) continue;
    float &scale = least[node.constants[0]];
    scale = std::max(
        scale, std::ldexp(quants[node.outputs[0]]->scale / quants[node.inputs[0]]->scale, -22));
  }
  return least;
}

}  // namespace

torch::Tensor at_levels(const torch::Tensor &weight, const passes::Levels &levels) {
  return rounded(weight, best_log_scales(weight, levels), levels);
}

Diagnostics not_quantizable(const ir::Graph &graph) {
  Diagnostics errors;
  for (const ir::Node &node : graph.nodes()) {
    if (!ops::has_integer_form(node))
      errors.push_back(
          ops::node_error(node, "has no integer form", {}, "leave weights as they are: no --bits"));
    else if (ops::operator_of(node).recurrent)
      errors.push_back(ops::node_error(node, "cannot learn with few bits",
                                       "its weights share scales with its state",
                                       "compile it with samples: --calib X.npy makes it int8"));
  }
  return errors;
}

ir::Quant Quantizer::Group::quant() const {
  if (given) return *given;
  CHECK(range.has_value(), "a quantizer begins before it is used");
  return passes::quant_of(*range);
}

Quantizer::Quantizer(const ir::Graph &graph, std::map<ir::ConstantId, passes::Levels> levels,
                     bool by_shifts)
    : graph_(graph),
      group_of_(graph.values().size()),
      rounds_(!levels.empty()),
      by_shifts_(by_shifts) {
  for (const ir::Node &node : graph.nodes()) {
    if (!is_weight(graph, node)) continue;
    const auto found = levels.find(node.constants[0]);
    CHECK(!rounds_ || found != levels.end(), "levels for each weight, or for none");
    Weight &weight = weights_[node.constants[0]];
    weight.levels = rounds_ ? std::optional(found->second) : std::nullopt;
    weight.input = node.inputs[0];
    weight.output = node.outputs[0];
  }
  for (passes::SharedQuant &shared : passes::shared_quants(graph)) {
    for (const ir::ValueId value : shared.values) group_of_[value] = groups_.size();
    const auto given = shared.fixed ? shared.fixed : shared.preferred;
    groups_.push_back({std::move(shared), given, {}});
  }
}

void Quantizer::set_mask(ir::ConstantId weight, torch::Tensor mask) {
  weights_.at(weight).mask = std::move(mask);
}

void Quantizer::begin(const Module &module, const std::vector<torch::Tensor> &inputs) {
  const torch::NoGradGuard no_grad;
  if (!rounds_) return;
  for (auto &[id, weight] : weights_) {
    const torch::Tensor &now = module.parameters()[id];
    const torch::Tensor seen = weight.mask.defined() ? now * weight.mask : now;
    weight.log_scale = best_log_scales(seen, *weight.levels).requires_grad_();
  }
  for (Group &group : groups_) group.range.reset();
  Lens look;
  look.constant = [&](const ir::Graph &, ir::NodeId node, std::size_t index,
                      const torch::Tensor &x) {
    return index == 0 ? seen_weight(graph_.node(node).constants[0], x) : x;
  };
  look.value = [&](ir::ValueId id, const torch::Tensor &x) {
    std::optional<passes::Range> &range = groups_[group_of_[id]].range;
    const passes::Range now{std::min(x.min().item<float>(), 0.0f),
                            std::max(x.max().item<float>(), 0.0f)};
    range = range ? passes::join(*range, now) : now;
    return x;
  };
  module.forward(inputs, look);
}

std::vector<torch::Tensor> Quantizer::parameters() const {
  std::vector<torch::Tensor> all;
  for (const auto &[id, weight] : weights_)
    if (weight.log_scale.defined()) all.push_back(weight.log_scale);
  return all;
}

torch::Tensor Quantizer::Weight::seen(const torch::Tensor &weight,
                                      const torch::Tensor &at_log_scale) const {
  const torch::Tensor kept = mask.defined() ? weight * mask : weight;
  if (!levels) return kept;
  const torch::Tensor at_scale = rounded(kept, at_log_scale, *levels);
  return mask.defined() ? at_scale * mask : at_scale;
}

torch::Tensor Quantizer::log_scale_of(const Weight &weight) const {
  const Group &input = groups_[group_of_[weight.input]];
  const Group &output = groups_[group_of_[weight.output]];
  // While first ranges are looked for there is nothing yet to be a power of two of.
  if (!by_shifts_ || !input.is_known() || !output.is_known()) return weight.log_scale;
  const double unit = std::log(double(output.quant().scale) / input.quant().scale);
  const double log_2 = std::log(2.0);
  return straight_through_round((weight.log_scale - unit) / log_2) * log_2 + unit;
}

torch::Tensor Quantizer::seen_weight(ir::ConstantId id, const torch::Tensor &weight) const {
  const auto found = weights_.find(id);
  if (found == weights_.end()) return weight;
  return found->second.seen(weight, log_scale_of(found->second));
}

torch::Tensor Quantizer::seen_value(ir::ValueId id, const torch::Tensor &value, bool follows) {
  if (!rounds_) return value;
  Group &group = groups_[group_of_[id]];
  if (follows && !group.given) {
    const float lo = std::min(value.min().item<float>(), 0.0f);
    const float hi = std::max(value.max().item<float>(), 0.0f);
    passes::Range &range = *group.range;
    range.lo += kPace * (lo - range.lo);
    range.hi += kPace * (hi - range.hi);
  }
  return at_quant(value, group.quant());
}

Lens Quantizer::lens(bool follows) {
  Lens lens;
  lens.constant = [this](const ir::Graph &graph, ir::NodeId node, std::size_t index,
                         const torch::Tensor &x) {
    return index == 0 ? seen_weight(graph.node(node).constants[0], x) : x;
  };
  lens.value = [this, follows](ir::ValueId id, const torch::Tensor &x) {
    return seen_value(id, x, follows);
  };
  return lens;
}

ir::Graph Quantizer::masked(const Module &module) const {
  ir::Graph graph = module.graph();
  for (const auto &[id, weight] : weights_)
    if (weight.mask.defined())
      graph.constant(id).data = to_floats(module.parameters()[id] * weight.mask);
  return graph;
}

Result<ir::Graph> Quantizer::quantized(const Module &module) const {
  if (Diagnostics errors = not_quantizable(graph_); !errors.empty()) return errors;
  const torch::NoGradGuard no_grad;
  ir::Graph graph = module.graph();
  passes::Quants quants(graph.values().size());
  for (std::size_t value = 0; value < quants.size(); ++value)
    quants[value] = groups_[group_of_[value]].quant();
  for (const auto &[id, least] : least_scales(graph_, quants)) {
    const Weight &weight = weights_.at(id);
    const torch::Tensor log_scale = log_scale_of(weight).clamp_min(std::log(least));
    ir::Constant &constant = graph.constant(id);
    constant.data = to_floats(weight.seen(module.parameters()[id], log_scale));
    constant.scales = to_floats(log_scale.exp());
  }
  if (auto made = passes::make_integer(graph, quants); !made.ok()) return made.diagnostics();
  return graph;
}

}  // namespace thimble::train
