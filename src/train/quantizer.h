// Quantization that a network learns: how weights and values are rounded while it trains, and the
// int8 graph that it is in the end.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "passes/levels.h"
#include "passes/ranges.h"
#include "passes/shared_quants.h"
#include "train/module.h"

namespace thimble::train {

// Every node that a Quantizer cannot bring to integers: it has no integer form, or is recurrent.
// To be asked before anything is learned.
Diagnostics not_quantizable(const ir::Graph &graph);

// A weight [out, ...] at the levels, times the scale a channel that loses least (mean squared
// error).
torch::Tensor at_levels(const torch::Tensor &weight, const passes::Levels &levels);

// Weights are rounded to levels times a scale an output channel, which is learned with them
// (Esser et al., Learned Step Size Quantization, 2020); those of a mask's zeros are zero. Values
// have 256 levels over a range that follows what is seen of them until it is fixed, or the levels
// that their operators ask for. Gradients pass straight through the rounding (Bengio et al., 2013),
// but not where a value is cut off.
//
// For networks whose nodes have a weight and a bias, or no constants (Module). The graph must
// outlive the quantizer, and that its lens.
class Quantizer {
 public:
  // `levels`: of all weights, by constant; without any, nothing is rounded. `by_shifts`: scales of
  // weights are such that sums become their values' int8 by a shift alone (those of inputs and
  // weights over those of outputs are powers of two).
  Quantizer(const ir::Graph &graph, std::map<ir::ConstantId, passes::Levels> levels,
            bool by_shifts = false);

  // Only products with `mask`'s ones (0 or 1, the weight's sizes) remain of a weight.
  void set_mask(ir::ConstantId weight, torch::Tensor mask);
  // Scales that suit the module's weights, ranges of what it makes of the inputs.
  void begin(const Module &module, const std::vector<torch::Tensor> &inputs);
  // The logarithms of the scales: to be trained beside the module's parameters.
  std::vector<torch::Tensor> parameters() const;
  // `follows`: ranges follow the batches that the lens sees.
  Lens lens(bool follows);

  // What the module computes through the lens, in integers. Errors: those of not_quantizable(); a
  // sum that 32 bits do not hold.
  Result<ir::Graph> quantized(const Module &module) const;
  // The module's float graph, masked.
  ir::Graph masked(const Module &module) const;

 private:
  struct Weight {
    std::optional<passes::Levels> levels;
    torch::Tensor mask;       // undefined: none
    torch::Tensor log_scale;  // [out]
    ir::ValueId input = 0, output = 0;
    torch::Tensor seen(const torch::Tensor &weight, const torch::Tensor &at_log_scale) const;
  };
  struct Group {  // of values that share levels
    passes::SharedQuant shared;
    std::optional<ir::Quant> given;
    std::optional<passes::Range> range;
    bool is_known() const { return given || range; }
    ir::Quant quant() const;
  };
  torch::Tensor log_scale_of(const Weight &weight) const;
  torch::Tensor seen_weight(ir::ConstantId id, const torch::Tensor &weight) const;
  torch::Tensor seen_value(ir::ValueId id, const torch::Tensor &value, bool follows);

  const ir::Graph &graph_;
  std::map<ir::ConstantId, Weight> weights_;
  std::vector<Group> groups_;
  std::vector<std::size_t> group_of_;  // by value
  bool rounds_ = false, by_shifts_ = false;
};

}  // namespace thimble::train
