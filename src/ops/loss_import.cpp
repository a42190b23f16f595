// Losses whose targets the file holds: NegativeLogLikelihoodLoss and SoftmaxCrossEntropyLoss. With
// constant targets the loss is a sum of products: each log-probability times a constant that is
// -weight of its class where the class is the target, else 0.
#include <fmt/format.h>

#include <algorithm>

#include "ops/composites.h"
#include "ops/constant.h"
#include "ops/lanes.h"
#include "ops/reduce_import.h"

namespace thimble::ops {
namespace {

// The targets and what each class counts.
struct Targets {
  std::vector<std::int64_t> classes;  // one a position
  std::vector<float> weights;         // one a class
  std::optional<std::int64_t> ignored;
  float weight(std::int64_t target) const {
    return ignored == target ? 0.0f : weights[static_cast<std::size_t>(target)];
  }
};

std::optional<Targets> read_targets(Builder &builder, const ForeignNode &node, const Dims &dims) {
  const ForeignTensor *targets =
      builder.has_input(node, 1) ? builder.constant(node.inputs[1]) : nullptr;
  if (!targets || targets->is_float()) {
    builder.error(node, "has targets that are not stored in the file",
                  "a loss is computed of what the network computes and constant targets");
    return std::nullopt;
  }
  Dims positions = dims;
  positions.erase(positions.begin() + 1);
  if (targets->dims != positions ||
      targets->elements() != static_cast<std::int64_t>(targets->i64.size())) {
    builder.error(node, fmt::format("has targets of [{}] for scores of [{}]",
                                    fmt::join(targets->dims, ","), fmt::join(dims, ",")));
    return std::nullopt;
  }
  Targets result{targets->i64, std::vector<float>(static_cast<std::size_t>(dims[1]), 1.0f), {}};
  if (node.has("ignore_index")) result.ignored = node.integer("ignore_index", 0);
  if (builder.has_input(node, 2)) {
    const ForeignTensor *weights = builder.weights(node, 2);
    if (!weights) return std::nullopt;
    result.weights = weights->f32;
  }
  const auto sound = [&](std::int64_t target) {
    return target == result.ignored || (0 <= target && target < dims[1]);
  };
  if (static_cast<std::int64_t>(result.weights.size()) == dims[1] &&
      std::all_of(result.classes.begin(), result.classes.end(), sound))
    return result;
  builder.error(node, "has a target that is no class, or weights that are not one a class");
  return std::nullopt;
}

// The factors, with a mean's division in them, in the scores' dimensions.
std::optional<Operand> factors(Builder &builder, const ForeignNode &node, const Targets &targets,
                               const Dims &dims, bool mean) {
  std::int64_t inner = 1;
  for (std::size_t axis = 2; axis < dims.size(); ++axis) inner *= dims[axis];
  double total = 0;
  for (const std::int64_t target : targets.classes) total += targets.weight(target);
  ForeignTensor tensor{ForeignType::kF32, dims, {}, {}};
  tensor.f32.resize(static_cast<std::size_t>(dims[0] * dims[1] * inner));
  for (std::size_t position = 0; position < targets.classes.size(); ++position) {
    const std::int64_t target = targets.classes[position];
    if (target == targets.ignored) continue;
    const std::int64_t sample = static_cast<std::int64_t>(position) / inner;
    const std::int64_t at =
        (sample * dims[1] + target) * inner + static_cast<std::int64_t>(position) % inner;
    tensor.f32[static_cast<std::size_t>(at)] =
        static_cast<float>(-targets.weight(target) / (mean ? total : 1.0));
  }
  const auto value =
      add_constant_value(builder.graph(), node.name + "_targets", tensor, builder.axes());
  if (value.ok()) return Operand{{dims, *value}, {}};
  builder.error(value.diagnostics().front());
  return std::nullopt;
}

// Log-probabilities to the loss.
void bind_loss(Builder &builder, const ForeignNode &node, const Operand &log_probabilities) {
  const Dims &dims = log_probabilities.value.dims;
  const std::string reduction = node.text("reduction", "mean");
  const auto targets = read_targets(builder, node, dims);
  if (!targets) return;
  const auto factor = factors(builder, node, *targets, dims, reduction == "mean");
  if (!factor) return;
  const auto products =
      add_elementwise(builder, step_of(node, "_products"), "Mul", {log_probabilities, *factor});
  if (!products) return;
  std::vector<std::size_t> axes{1};
  if (reduction != "none")
    for (std::size_t axis = axes[0] = 0; axis + 1 < dims.size(); ++axis) axes.push_back(axis + 1);
  bind_result(builder, node, add_reduce(builder, node, "sum", *products, axes, false));
}

std::optional<Operand> scores_of(Builder &builder, const ForeignNode &node) {
  const auto scores = operand_of(builder, node, 0);
  if (!scores) return std::nullopt;
  if (!scores->number && scores->value.dims.size() >= 2) return scores;
  builder.error(node, "has scores that are not [N,C,...]");
  return std::nullopt;
}

void import_likelihood(Builder &builder, const ForeignNode &node) {
  if (const auto scores = scores_of(builder, node)) bind_loss(builder, node, *scores);
}

// The second output are the log-probabilities themselves.
void import_cross_entropy(Builder &builder, const ForeignNode &node) {
  const auto scores = scores_of(builder, node);
  if (!scores) return;
  ForeignNode logs = step_of(node, "_log_softmax");
  if (node.outputs.size() > 1 && !node.outputs[1].empty()) logs.outputs[0] = node.outputs[1];
  const Lanes lanes = to_lanes(builder, logs, scores->value, {1});
  bind_lanes(builder, logs, lanes, builder.add(logs, "LogSoftmax", {lanes.value}, {}, {}));
  if (const Imported *bound = builder.find(logs.outputs[0]))
    bind_loss(builder, node, Operand{*bound, {}});
}

}  // namespace

std::vector<ImportRule> loss_import_rules() {
  return {{"onnx", "NegativeLogLikelihoodLoss", import_likelihood},
          {"onnx", "SoftmaxCrossEntropyLoss", import_cross_entropy}};
}

}  // namespace thimble::ops
