#include "train/distil.h"

#include <cmath>

namespace thimble::train {
namespace {

constexpr double kTemperature = 3, kTeacherShare = 0.7;
constexpr double kSmoothing = 0.03;  // of labels, where they are all there is

// [batch, classes], up to a constant the logarithms of probabilities.
torch::Tensor scores(const ir::Graph &graph, const torch::Tensor &output) {
  const auto maker = graph.producer(graph.outputs()[0].value);
  const bool probabilities = maker && graph.node(*maker).op == "Softmax";
  const torch::Tensor flat = output.flatten(1);
  return probabilities ? flat.clamp_min(1e-6).log() : flat;
}

torch::Tensor divergence(const torch::Tensor &student, const torch::Tensor &teacher) {
  const torch::Tensor wanted = torch::log_softmax(teacher / kTemperature, 1);
  const torch::Tensor got = torch::log_softmax(student / kTemperature, 1);
  return (wanted.exp() * (wanted - got)).sum(1).mean() * (kTemperature * kTemperature);
}

}  // namespace

torch::Tensor distance(const ir::Graph &graph, const std::vector<torch::Tensor> &student,
                       const Example &example) {
  if (example.labels.defined()) {
    const torch::Tensor got = scores(graph, student[0]);
    if (example.teacher.empty())
      return torch::cross_entropy_loss(got, example.labels, {}, at::Reduction::Mean, -100,
                                       kSmoothing);
    return (1 - kTeacherShare) * torch::cross_entropy_loss(got, example.labels) +
           kTeacherShare * divergence(got, scores(graph, example.teacher[0]));
  }
  torch::Tensor sum = torch::zeros({});
  for (std::size_t i = 0; i < student.size(); ++i) {
    const torch::Tensor variance = example.teacher[i].var(false).clamp_min(1e-12);
    sum = sum + (student[i] - example.teacher[i]).square().mean() / variance;
  }
  return sum;
}

double relative_error(const std::vector<torch::Tensor> &student,
                      const std::vector<torch::Tensor> &teacher) {
  double sum = 0;
  for (std::size_t i = 0; i < student.size(); ++i)
    sum += ((student[i] - teacher[i]).square().mean() / teacher[i].var(false).clamp_min(1e-12))
               .item<double>();
  return std::sqrt(sum / static_cast<double>(student.size()));
}

}  // namespace thimble::train
