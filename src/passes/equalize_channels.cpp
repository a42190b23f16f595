#include "passes/equalize_channels.h"

#include <algorithm>
#include <optional>

#include "passes/rewrite.h"

namespace thimble::passes {
namespace {

using Floats = std::vector<float>;

// Of constants that nobody else has.
constexpr std::size_t kWeights = 0, kBias = 1;

bool is_weighted(const ir::Graph &graph, const ir::Node &node) {
  const bool weighted = node.op == "Conv2d" || node.op == "ConvTranspose2d" || node.op == "Linear";
  return weighted && node.constants.size() == 2 &&
         graph.constant(node.constants[kWeights]).dtype() == ir::DType::kF32;
}

bool scales_through(const ir::Node &node) {
  return !node.attributes.count("act_min") && !node.attributes.count("act_max") &&
         (!node.attributes.count("act") || node.text("act", "") == "relu");
}

// The value's readers, where both they and its maker let factors through.
std::vector<ir::NodeId> readers_of_scaled(const ir::Graph &graph, ir::ValueId value) {
  const auto producer = graph.producer(value);
  if (!producer || graph.is_output(value)) return {};
  const ir::Node &maker = graph.node(*producer);
  if (!is_weighted(graph, maker) || !scales_through(maker)) return {};
  std::vector<ir::NodeId> readers = graph.consumers(value);
  const bool all = std::all_of(readers.begin(), readers.end(), [&](ir::NodeId id) {
    const ir::Node &reader = graph.node(id);
    return is_weighted(graph, reader) && reader.inputs.size() == 1;
  });
  return all ? readers : std::vector<ir::NodeId>();
}

// What each channel is to be multiplied with; empty: nothing to do.
Floats factors(const Floats &peaks) {
  const float most = peaks.empty() ? 0 : *std::max_element(peaks.begin(), peaks.end());
  if (!(most > 0)) return {};
  Floats result;
  for (const float peak : peaks) result.push_back(peak > 1e-3f * most ? most / peak : 1.0f);
  return result;
}

// Output o of the weights is in channel o % channels.
void scale_outputs(ir::Graph &graph, ir::NodeId id, const Floats &factor) {
  auto &bias = std::get<Floats>(own_constant(graph, id, kBias).data);
  for (std::size_t o = 0; o < bias.size(); ++o) bias[o] *= factor[o % factor.size()];
  const std::size_t outputs = bias.size();
  auto &weights = std::get<Floats>(own_constant(graph, id, kWeights).data);
  const std::size_t per_output = weights.size() / outputs;
  for (std::size_t i = 0; i < weights.size(); ++i)
    weights[i] *= factor[i / per_output % factor.size()];
}

// Weights lie with the input's channels innermost; those of an output's group.
void divide_inputs(ir::Graph &graph, ir::NodeId id, const Floats &factor) {
  const auto outputs =
      static_cast<std::size_t>(graph.constant(graph.node(id).constants[kBias]).elements());
  const auto groups = static_cast<std::size_t>(graph.node(id).integer("groups", 1));
  const std::size_t of_group = factor.size() / groups;
  auto &weights = std::get<Floats>(own_constant(graph, id, kWeights).data);
  const std::size_t per_output = weights.size() / outputs;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const std::size_t group = i / per_output / (outputs / groups);
    weights[i] /= factor[group * of_group + i % of_group];
  }
}

}  // namespace

ir::Graph equalize_channels(ir::Graph graph, const ChannelPeaks &peaks) {
  for (ir::ValueId value = 0; value < static_cast<ir::ValueId>(peaks.size()); ++value) {
    const Floats factor = factors(peaks[value]);
    const std::vector<ir::NodeId> readers = readers_of_scaled(graph, value);
    if (factor.empty() || readers.empty()) continue;
    scale_outputs(graph, *graph.producer(value), factor);
    for (const ir::NodeId reader : readers) divide_inputs(graph, reader, factor);
  }
  return graph;
}

}  // namespace thimble::passes
