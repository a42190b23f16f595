#include "recipes/lesson.h"

#include <fmt/format.h>

#include <cmath>

#include "die/networks.h"
#include "train/quantized.h"

namespace thimble::recipes {

train::Fit stage(const Lesson &lesson, const std::string &name, double share) {
  train::Fit fit;
  fit.label = name;
  fit.examples = lesson.dice.faces.size(0);
  fit.epochs = std::max(1, static_cast<int>(std::lround(share * lesson.config.epochs)));
  fit.batch = lesson.config.batch;
  fit.checkpoint = lesson.directory / ("checkpoint-" + name + ".pt");
  fit.identity =
      fmt::format("{} of {} from seed {}", name, to_json(lesson.config).dump(), lesson.seed);
  fit.resume = lesson.resume;
  return fit;
}

Result<Pupil> new_decoder(const Lesson &lesson) {
  TRY(train::Module module, train::Module::make(die::decoder_graph(lesson.config.shape)));
  module.initialise();
  const ir::Graph graph = module.graph();
  std::vector<torch::Tensor> parameters;
  const torch::NoGradGuard no_grad;
  for (std::size_t i = 0; i < module.parameters().size(); ++i) {
    torch::Tensor parameter = module.parameters()[i];
    if (graph.constants()[i].name == die::kAbsentBias)
      parameter.zero_();
    else
      parameters.push_back(parameter);
  }
  return Pupil{std::move(module), std::move(parameters)};
}

torch::Tensor decode(const train::Module &decoder, const torch::Tensor &latents,
                     const torch::Tensor &one_hot, const train::Lens &lens) {
  return decoder.forward({torch::cat({latents, one_hot}, 3)}, lens)[0];
}

Result<double> learn_to_draw(const Lesson &lesson, const Pupil &decoder,
                             const torch::Tensor &latents, const train::Fit &stage,
                             double quantized_from) {
  const ir::Graph graph = decoder.module.graph();
  const train::Lens eight_bits = train::eight_bits(graph), exact;
  train::Player player{decoder.parameters, lesson.config.rate, {}};
  player.loss = [&](const torch::Tensor &rows, double progress) {
    const train::Lens &lens = progress >= quantized_from ? eight_bits : exact;
    const torch::Tensor drawn = decode(decoder.module, latents.index_select(0, rows),
                                       lesson.dice.one_hot.index_select(0, rows), lens);
    return torch::mse_loss(drawn, lesson.dice.pixels.index_select(0, rows));
  };
  TRY(const auto history, train::fit({player}, stage));
  return history.back()[0];
}

}  // namespace thimble::recipes
