// Masks by rank of magnitude, and counting.
#include "passes/sparse_weights.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <variant>

#include "support/check.h"

namespace thimble::passes {
namespace {

// Integers wider than an int8 fit a double, too.
std::vector<double> magnitudes(const ir::Constant &weights) {
  std::vector<double> all;
  std::visit(
      [&](const auto &data) {
        for (const auto weight : data) all.push_back(std::abs(double(weight)));
      },
      weights.data);
  return all;
}

}  // namespace

std::vector<bool> largest_weights(const ir::Constant &weights, double sparsity) {
  CHECK(sparsity >= 0 && sparsity <= 1, "a sparsity of '" + weights.name + "' within 0 to 1");
  const std::vector<double> magnitude = magnitudes(weights);
  std::vector<std::size_t> order(magnitude.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return magnitude[a] > magnitude[b]; });
  auto gone = static_cast<std::size_t>(std::llround(sparsity * double(order.size())));
  if (sparsity < 1 && gone == order.size() && gone > 0) --gone;
  std::vector<bool> stays(order.size(), false);
  for (std::size_t i = 0; i + gone < order.size(); ++i) stays[order[i]] = true;
  return stays;
}

void apply_mask(ir::Constant &weights, const std::vector<bool> &stays) {
  CHECK(static_cast<std::int64_t>(stays.size()) == weights.elements(),
        "a mask for every weight of '" + weights.name + "'");
  std::visit(
      [&](auto &data) {
        for (std::size_t i = 0; i < stays.size(); ++i)
          if (!stays[i]) data[i] = 0;
      },
      weights.data);
}

std::vector<LayerDensity> weight_density(const ir::Graph &graph) {
  std::vector<LayerDensity> layers;
  for (const ir::Node &node : graph.nodes()) {
    LayerDensity layer{node.name};
    for (const ir::ConstantId id : node.constants) {
      const ir::Constant &constant = graph.constant(id);
      if (constant.dims.size() < 2 || node.op == "Constant") continue;
      const std::vector<double> all = magnitudes(constant);
      layer.weights += static_cast<std::int64_t>(all.size());
      layer.nonzero += std::count_if(all.begin(), all.end(), [](double w) { return w != 0; });
    }
    if (layer.weights > 0) layers.push_back(layer);
  }
  return layers;
}

}  // namespace thimble::passes
