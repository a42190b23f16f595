#include "recipes/retrain.h"

#include <cmath>
#include <filesystem>

#include "ops/evaluate.h"
#include "passes/sparse_weights.h"
#include "train/distil.h"
#include "train/distort.h"
#include "train/fit.h"
#include "train/quantizer.h"
#include "train/tensors.h"

namespace thimble::recipes {
namespace {

constexpr std::int64_t kAtOnce = 256;        // samples that are scored
constexpr std::int64_t kLookedAt = 512;      // samples for first ranges
constexpr double kSparseBy = 2.0 / 3;        // of a course
constexpr double kRangesFollowUntil = 0.75;  // of a course

using Tensors = std::vector<torch::Tensor>;

// Ones for the weights that stay.
torch::Tensor mask_of(const ir::Constant &weight, double sparsity) {
  const std::vector<bool> stays = passes::largest_weights(weight, sparsity);
  torch::Tensor mask =
      torch::empty(std::vector<std::int64_t>(weight.dims.begin(), weight.dims.end()));
  std::copy(stays.begin(), stays.end(), mask.data_ptr<float>());
  return mask;
}

// As the course goes on.
void thin_out(const train::Module &student, const Course &course, double progress,
              train::Quantizer &quantizer) {
  const double left = std::pow(1 - std::min(progress / kSparseBy, 1.0), 3);
  const ir::Graph graph = course.rounding.sparsity.empty() ? ir::Graph() : student.graph();
  for (const auto &[weight, sparsity] : course.rounding.sparsity)
    quantizer.set_mask(weight, mask_of(graph.constant(weight), sparsity * (1 - left)));
}

// A batch with what the teacher says to it.
struct Lesson {
  Tensors inputs;
  train::Example wanted;
};

Lesson lesson_of(const School &school, const std::optional<train::Module> &teacher,
                 const torch::Tensor &rows) {
  const torch::NoGradGuard no_grad;
  Examples batch = school.training.rows(rows);
  if (school.draws)
    for (torch::Tensor &input : batch.inputs) input = torch::randn_like(input);
  if (school.distorts)
    for (torch::Tensor &input : batch.inputs) input = train::distorted(input);
  return {batch.inputs, {teacher ? teacher->forward(batch.inputs) : Tensors(), batch.labels}};
}

train::Fit fit_of(const School &school, const Course &course) {
  train::Fit fit;
  fit.label = course.name;
  fit.examples = school.training.count();
  fit.epochs = course.epochs;
  fit.batch = std::min<int>(school.batch, static_cast<int>(fit.examples));
  if (!school.directory.empty()) {
    fit.checkpoint = school.directory / (course.name + ".pt");
    fit.identity = course.name;
  }
  return fit;
}

Tensors some_inputs(const School &school) {
  return school.training.slice(0, std::min(kLookedAt, school.training.count())).inputs;
}

// Float graphs by libtorch, int8 graphs bit for bit.
Tensors outputs_of(const ir::Graph &graph, const Tensors &inputs) {
  const torch::NoGradGuard no_grad;
  const ir::Type &type = graph.value(graph.outputs()[0].value).type;
  if (type.dtype == ir::DType::kF32) return train::Module::make(graph)->forward(inputs);
  Tensors outputs(graph.outputs().size());
  std::vector<std::vector<ops::Tensor>> samples(outputs.size());
  for (std::int64_t i = 0; i < inputs[0].size(0); ++i) {
    std::vector<ops::Tensor> sample;
    for (std::size_t port = 0; port < inputs.size(); ++port)
      sample.push_back(ops::from_real(graph.value(graph.inputs()[port].value).type,
                                      train::to_floats(inputs[port][i])));
    const auto made = ops::evaluate_outputs(graph, {}, sample);
    for (std::size_t port = 0; port < outputs.size(); ++port)
      samples[port].push_back(
          {{made[port].type.shape, ir::DType::kF32, {}}, ops::to_real(made[port]), {}});
  }
  for (std::size_t port = 0; port < outputs.size(); ++port)
    outputs[port] = train::to_batch(samples[port]);
  return outputs;
}

}  // namespace

std::vector<ir::ConstantId> weights_of(const ir::Graph &graph) {
  std::vector<ir::ConstantId> weights;
  for (const ir::Node &node : graph.nodes())
    if (node.constants.size() == 2 && !node.inputs.empty()) weights.push_back(node.constants[0]);
  return weights;
}

Result<ir::Graph> retrain(const School &school, const ir::Graph &student, const Course &course) {
  std::optional<train::Module> teacher;
  if (school.teacher) {
    TRY(teacher, train::Module::make(*school.teacher));
  }
  TRY(const train::Module module, train::Module::make(student));
  train::Quantizer quantizer(student, course.rounding.levels, course.by_shifts);
  thin_out(module, course, 0, quantizer);
  quantizer.begin(module, some_inputs(school));
  const train::Lens following = quantizer.lens(true), fixed = quantizer.lens(false);
  train::Player player{module.parameters(), course.rate, {}};
  for (const torch::Tensor &scale : quantizer.parameters()) player.parameters.push_back(scale);
  player.loss = [&](const torch::Tensor &rows, double progress) {
    const Lesson lesson = lesson_of(school, teacher, rows);
    thin_out(module, course, progress, quantizer);
    const auto got =
        module.forward(lesson.inputs, progress < kRangesFollowUntil ? following : fixed);
    return train::distance(student, got, lesson.wanted);
  };
  const train::Fit fit = fit_of(school, course);
  TRY([[maybe_unused]] const auto history, train::fit({player}, fit));
  if (!fit.checkpoint.empty()) std::filesystem::remove(fit.checkpoint);
  thin_out(module, course, 1, quantizer);
  if (course.rounding.levels.empty()) return quantizer.masked(module);
  return quantizer.quantized(module);
}

Result<ir::Graph> rounded(const School &school, const ir::Graph &student,
                          const std::map<ir::ConstantId, passes::Levels> &levels) {
  TRY(const train::Module module, train::Module::make(student));
  train::Quantizer quantizer(student, levels);
  quantizer.begin(module, some_inputs(school));
  return quantizer.quantized(module);
}

Score score(const School &school, const ir::Graph &graph, const Examples &examples) {
  std::int64_t right = 0;
  double error = 0;
  for (std::int64_t i = 0; i < examples.count(); i += kAtOnce) {
    const Examples some = examples.slice(i, std::min(i + kAtOnce, examples.count()));
    const Tensors got = outputs_of(graph, some.inputs);
    const Tensors wanted = school.teacher ? outputs_of(*school.teacher, some.inputs) : Tensors();
    const torch::Tensor said = got[0].flatten(1).argmax(1);
    const torch::Tensor truth = some.labelled() ? some.labels : wanted[0].flatten(1).argmax(1);
    right += (said == truth).sum().item<std::int64_t>();
    if (school.teacher) error += train::relative_error(got, wanted) * double(some.count());
  }
  return {double(right) / double(examples.count()), error / double(examples.count())};
}

}  // namespace thimble::recipes
