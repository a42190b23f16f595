#include "recipes/sparsity.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "support/progress.h"

namespace thimble::recipes {
namespace {

constexpr std::array kShares = {0.0, 0.25, 0.5, 0.625, 0.75, 0.8125, 0.875, 0.9375, 0.96875, 0.99};

struct Layer {
  ir::ConstantId weight;
  double elements;
  std::vector<double> losses;  // by kShares
  std::size_t at = 0;

  double zeros() const { return elements * kShares[at]; }
  // Of its next share: loss for each zero more.
  double price() const {
    return std::max(losses[at + 1] - losses[at], 0.0) /
           (elements * (kShares[at + 1] - kShares[at]));
  }
};

Result<std::vector<Layer>> try_layers(const Examiner &examiner, const ir::Graph &graph,
                                      const Rounding &rounding) {
  std::vector<Layer> layers;
  const std::vector<ir::ConstantId> weights = weights_of(graph);
  Progress progress("sparsity by layer",
                    static_cast<std::int64_t>(weights.size() * kShares.size()));
  for (const ir::ConstantId weight : weights) {
    Layer layer{weight, double(graph.constant(weight).elements()), {}};
    for (const double share : kShares) {
      Rounding tried = rounding;
      tried.sparsity = {{weight, share}};
      TRY(const double loss, examiner.loss(graph, tried));
      layer.losses.push_back(loss);
      progress.advance();
    }
    layers.push_back(std::move(layer));
  }
  return layers;
}

}  // namespace

Status share_zeros(const Examiner &examiner, const ir::Graph &graph, double share,
                   Rounding &rounding) {
  TRY(std::vector<Layer> layers, try_layers(examiner, graph, rounding));
  double wanted = 0;
  for (const Layer &layer : layers) wanted += share * layer.elements;
  const auto zeros = [&] {
    double sum = 0;
    for (const Layer &layer : layers) sum += layer.zeros();
    return sum;
  };
  for (const Layer &layer : layers) rounding.sparsity[layer.weight] = 0;
  while (zeros() < wanted) {
    Layer *best = nullptr;
    for (Layer &layer : layers)
      if (layer.at + 1 < kShares.size() && (!best || layer.price() < best->price())) best = &layer;
    if (best == nullptr) break;
    const double before = zeros();
    ++best->at;
    // The last step is as large as it must be.
    rounding.sparsity[best->weight] =
        std::min(kShares[best->at], kShares[best->at - 1] + (wanted - before) / best->elements);
  }
  return Unit{};
}

}  // namespace thimble::recipes
