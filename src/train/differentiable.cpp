// The families' functions in one table, and what they share.
#include "train/differentiable.h"

#include <cfloat>
#include <map>

#include "ops/fused.h"

namespace thimble::train {
namespace {

std::map<std::string_view, Forward> all_families() {
  std::map<std::string_view, Forward> table;
  for (const auto &family :
       {window_family, sum_family, element_family, movement_family, recurrent_family})
    for (const auto &[op, forward] : family()) table.emplace(op, forward);
  return table;
}

const std::map<std::string_view, Forward> &table() {
  static const auto kTable = all_families();
  return kTable;
}

}  // namespace

const ir::Shape &Call::in_shape(int input) const {
  return graph.value(node.inputs.at(input)).type.shape;
}

const ir::Shape &Call::out_shape() const { return graph.value(node.outputs.at(0)).type.shape; }

std::vector<std::int64_t> Call::out_sizes() const {
  return {batch, out_shape().rows, out_shape().cols, out_shape().channels};
}

const Forward *find_differentiable(std::string_view op) {
  const auto found = table().find(op);
  return found == table().end() ? nullptr : &found->second;
}

std::vector<std::string_view> differentiable_operators() {
  std::vector<std::string_view> names;
  for (const auto &[op, forward] : table()) names.push_back(op);
  return names;
}

torch::Tensor activated(const ir::Node &node, const torch::Tensor &sums) {
  if (!ops::has_limits(node)) return sums;
  const auto [lo, hi] = ops::real_limits(node);
  if (lo == 0 && hi == FLT_MAX) return torch::relu(sums);  // unlike clamp, no gradient at 0
  if (hi == FLT_MAX) return lo > -FLT_MAX ? torch::clamp_min(sums, lo) : sums;
  return lo > -FLT_MAX ? torch::clamp(sums, lo, hi) : torch::clamp_max(sums, hi);
}

}  // namespace thimble::train
