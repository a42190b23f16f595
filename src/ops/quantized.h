// What all int8 operators with weights share: sums over (a - in_zero) * weight plus an int32 bias,
// brought to the output's scale by one multiplier a channel, cut to the fused activation's limits.
//
// weight[c] is at weight_scale[c], the bias at in_scale * weight_scale[c], so the real multiplier
// of channel c is in_scale * weight_scale[c] / out_scale. Constants as everywhere: 0 weight, 1
// bias.
#pragma once

#include <cstdint>
#include <vector>

#include "ir/graph.h"
#include "ops/operator.h"
#include "ops/requant.h"

namespace thimble::ops {

// From an accumulator without bias to the output's int8.
struct Requantizer {
  const std::vector<std::int32_t> &bias;
  std::vector<Multiplier> multipliers;  // one an output channel
  targets::Requant requant;
  int in_zero = 0, out_zero = 0, act_min = -128, act_max = 127;

  std::int8_t operator()(int channel, std::int32_t accumulator) const;
};
Requantizer requantizer(const ir::Graph &graph, const ir::Node &node, const Numbers &numbers);

// Parts of a Kernel, named as codegen/kernels/README.md has them.
Table weight_table(const ir::Graph &graph, const ir::Node &node);  // int8_t or float
Table bias_table(const ir::Graph &graph, const ir::Node &node);    // int32_t or float
// The zero point of input 0 times the sum of the weights of each innermost row of the weight's
// dimensions ([out][in]: one an output; [out][rows][columns][in]: one a tap). Sums of weight *
// (a - zero point) are sums of weight * a less these.
std::vector<std::int64_t> zero_point_shares(const ir::Graph &graph, const ir::Node &node);
// Wraps to int32 as the sums do that it starts.
Table int32_table(std::string role, std::vector<std::int64_t> data);
// Any constant of the node.
Table constant_table(const ir::Graph &graph, const ir::Node &node, std::size_t index,
                     std::string role);
// Tables multiplier and shift; sizes out_zero, act_min, act_max.
void add_requantization(Kernel &kernel, const ir::Graph &graph, const ir::Node &node,
                        const Numbers &numbers);
// Tables multiplier and shift alone, for families with multipliers of their own.
void add_multipliers(Kernel &kernel, const std::vector<Multiplier> &multipliers,
                     targets::Requant requant);
// Reals act_min and act_max.
void add_real_limits(Kernel &kernel, const ir::Node &node);

// A kernel of weights whatever its type: `name`_f32 or _i8, weight, bias, and all of the above.
Kernel weighted_kernel(const std::string &name, const ir::Graph &graph, const ir::Node &node,
                       const Numbers &numbers);

// Input 0 is int8.
bool is_int8(const ir::Graph &graph, const ir::Node &node);
// "conv2d" -> "conv2d_i8" or "conv2d_f32", by input 0.
std::string kernel_file(const std::string &name, const ir::Graph &graph, const ir::Node &node);

}  // namespace thimble::ops
