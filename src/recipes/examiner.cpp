#include "recipes/examiner.h"

#include <algorithm>

#include "passes/sparse_weights.h"
#include "train/distil.h"
#include "train/quantizer.h"
#include "train/tensors.h"

namespace thimble::recipes {
namespace {

constexpr std::int64_t kSamples = 1024;

void round(ir::Graph &graph, const Rounding &rounding) {
  for (const auto &[id, share] : rounding.sparsity) {
    ir::Constant &weight = graph.constant(id);
    passes::apply_mask(weight, passes::largest_weights(weight, share));
  }
  for (const auto &[id, levels] : rounding.levels) {
    ir::Constant &weight = graph.constant(id);
    weight.data = train::to_floats(train::at_levels(train::to_tensor(weight), levels));
  }
}

}  // namespace

Result<Examiner> Examiner::make(const School &school) {
  Examiner examiner;
  examiner.some_ = school.training.slice(0, std::min(kSamples, school.training.count()));
  if (!school.teacher) return examiner;
  const torch::NoGradGuard no_grad;
  TRY(const train::Module teacher, train::Module::make(*school.teacher));
  examiner.wanted_ = teacher.forward(examiner.some_.inputs);
  return examiner;
}

Result<double> Examiner::loss(const ir::Graph &graph, const Rounding &rounding) const {
  const torch::NoGradGuard no_grad;
  ir::Graph rounded = graph;
  round(rounded, rounding);
  TRY(const train::Module student, train::Module::make(std::move(rounded)));
  const auto got = student.forward(some_.inputs);
  return train::distance(graph, got, {wanted_, some_.labels}).item<double>();
}

}  // namespace thimble::recipes
