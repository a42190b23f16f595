#include "api/layer_errors.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "api/execute.h"
#include "ops/evaluate.h"

namespace thimble::api {
namespace {

constexpr double kMuch = 0.05;  // mean error of the outputs, as a share of their range

using Values = std::vector<Sample>;  // one a sample: every value of a graph, by its id

std::vector<Sample> first_of(const std::vector<Sample> &real) {
  const auto count = static_cast<std::ptrdiff_t>(std::min(kLayerSamples, real.size()));
  return {real.begin(), real.begin() + count};
}

Values as_real(const Values &all) {
  Values real;
  for (const Sample &values : all) {
    Sample sample;
    for (const ops::Tensor &value : values)
      sample.push_back(
          {{value.type.shape, ir::DType::kF32, std::nullopt}, ops::to_real(value), {}});
    real.push_back(std::move(sample));
  }
  return real;
}

std::vector<Sample> column(const Values &all, ir::ValueId id) {
  std::vector<Sample> values;
  for (const Sample &sample : all) values.push_back({sample[static_cast<std::size_t>(id)]});
  return values;
}

class Comparison {
 public:
  Comparison(const Network &network, const std::vector<Sample> &real)
      : integers_(network.model.graph),
        floats_(network.float_graph),
        numbers_(network.numbers),
        float_values_(evaluate_all_values(floats_, numbers_, real)),
        integer_values_(
            as_real(evaluate_all_values(integers_, numbers_, to_input_types(integers_, real)))) {
    for (std::size_t id = 0; id < floats_.values().size(); ++id)
      float_ids_[floats_.values()[id].name] = static_cast<ir::ValueId>(id);
    for (std::size_t id = 0; id < integers_.values().size(); ++id)
      integer_ids_[integers_.values()[id].name] = static_cast<ir::ValueId>(id);
  }

  std::vector<LayerError> layers() const {
    std::vector<LayerError> layers;
    for (const ir::Node &node : integers_.nodes()) {
      const ir::ValueId id = node.outputs.front();
      const auto same = float_ids_.find(integers_.value(id).name);
      if (same == float_ids_.end()) continue;
      const auto floats = column(float_values_, same->second);
      const auto integers = column(integer_values_, id);
      const Errors errors = errors_of(floats, integers);
      layers.push_back({node.name, errors, added(same->second, integers, errors.range)});
    }
    return layers;
  }

 private:
  // The float layer on what the integers gave to its counterpart; a tensor that only the floats
  // have is theirs.
  double added(ir::ValueId output, const std::vector<Sample> &integers, double range) const {
    const auto producer = floats_.producer(output);
    if (!producer || range == 0) return 0;
    const ir::Node &node = floats_.node(*producer);
    const auto at = static_cast<std::size_t>(
        std::find(node.outputs.begin(), node.outputs.end(), output) - node.outputs.begin());
    std::vector<Sample> made;
    for (std::size_t i = 0; i < integers.size(); ++i) {
      std::vector<const ops::Tensor *> inputs;
      for (const ir::ValueId id : node.inputs) {
        const auto same = integer_ids_.find(floats_.value(id).name);
        inputs.push_back(same == integer_ids_.end() ? &float_values_[i][id]
                                                    : &integer_values_[i][same->second]);
      }
      made.push_back({ops::evaluate_node(floats_, node, numbers_, inputs)[at]});
    }
    const Errors errors = errors_of(made, integers);
    return errors.mean * errors.range / range;
  }

  const ir::Graph &integers_, &floats_;
  const ops::Numbers &numbers_;
  Values float_values_, integer_values_;  // both as real numbers
  std::map<std::string, ir::ValueId> float_ids_, integer_ids_;
};

}  // namespace

std::vector<LayerError> layer_errors(const Network &network, const std::vector<Sample> &real) {
  if (!is_quantized_here(network)) return {};
  return Comparison(network, first_of(real)).layers();
}

const LayerError *largest_adder(const std::vector<LayerError> &layers) {
  const auto largest =
      std::max_element(layers.begin(), layers.end(),
                       [](const LayerError &a, const LayerError &b) { return a.added < b.added; });
  return largest == layers.end() ? nullptr : &*largest;
}

Diagnostics losses(const Network &network, const std::vector<Sample> &real) {
  if (!is_quantized_here(network)) return {};
  const std::vector<Sample> samples = first_of(real);
  const ir::Graph &graph = network.model.graph;
  const Errors errors =
      errors_of(evaluate_samples(network.float_graph, network.numbers, samples),
                evaluate_samples(graph, network.numbers, to_input_types(graph, samples)));
  if (!(errors.mean > kMuch)) return {};
  const auto layers = layer_errors(network, samples);
  const LayerError *worst = largest_adder(layers);
  if (!worst) return {};
  return {Diagnostic{
      Severity::kWarning,
      ErrorClass::kModel,
      network.model.path,
      {},
      {},
      fmt::format("8-bit numbers lose {:.1f} % of the output's range on average",
                  100 * errors.mean),
      fmt::format("layer '{}' adds most of all layers: {:.1f} %", worst->name, 100 * worst->added),
      "look at `thimble verify MODEL --data X.npz --per-layer`; give --calib samples like those of "
      "use, or retrain with quantization"}};
}

}  // namespace thimble::api
