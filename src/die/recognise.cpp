// The class with the largest log-probability.
#include "die/recognise.h"

#include <algorithm>

#include "die/models.h"
#include "ops/evaluate.h"

namespace thimble::die {

Result<Recogniser> Recogniser::load(std::string_view file_name) {
  TRY(Model model, load_shipped_model(file_name));
  return Recogniser(std::move(model.graph));
}

int Recogniser::face(const Grey &picture) const {
  const ir::Type &type = graph_.value(graph_.inputs()[0].value).type;
  const std::vector<float> scores =
      ops::to_real(ops::evaluate_outputs(graph_, {}, {ops::from_real(type, picture)})[0]);
  return 1 + static_cast<int>(std::max_element(scores.begin(), scores.end()) - scores.begin());
}

}  // namespace thimble::die
