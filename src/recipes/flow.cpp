#include "recipes/flow.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <memory>

#include "die/decoder.h"
#include "train/quantized.h"

namespace thimble::recipes {
namespace {

// [n, 1, 1, 1 + 6].
torch::Tensor code_of(const torch::Tensor &way, const torch::Tensor &one_hot) {
  return torch::cat({way, one_hot}, 3);
}

torch::Tensor noise_of(float latent, std::int64_t side) {
  auto generator = at::make_generator<at::CPUGeneratorImpl>(std::bit_cast<std::uint32_t>(latent));
  return torch::randn({1, side, side, 1}, generator);
}

die::Grey walk(const train::Module &module, int face, float latent, std::int64_t side) {
  const torch::NoGradGuard no_grad;
  torch::Tensor picture = noise_of(latent, side);
  torch::Tensor one_hot = torch::zeros({1, 1, 1, die::kFaces});
  one_hot[0][0][0][face - 1] = 1;
  for (int i = 0; i < kFlowSteps; ++i) {
    const torch::Tensor way = torch::full({1, 1, 1, 1}, static_cast<float>(i) / kFlowSteps);
    picture = picture + module.forward({picture, code_of(way, one_hot)})[0] / kFlowSteps;
  }
  picture = picture.clamp(0, 1).contiguous();
  return die::Grey(picture.data_ptr<float>(), picture.data_ptr<float>() + picture.numel());
}

}  // namespace

Result<ir::Graph> train_flow(const Lesson &lesson) {
  TRY(train::Module network, train::Module::make(die::flow_graph(lesson.config.shape.channels[0],
                                                                 lesson.config.shape.side)));
  network.initialise();
  const ir::Graph graph = network.graph();
  const train::Lens eight_bits = train::eight_bits(graph), exact;
  train::Player player{network.parameters(), lesson.config.rate, {}};
  player.loss = [&](const torch::Tensor &rows, double progress) {
    const torch::Tensor pixels = lesson.dice.pixels.index_select(0, rows);
    const torch::Tensor noise = torch::randn_like(pixels);
    const torch::Tensor way = torch::rand({rows.size(0), 1, 1, 1});
    const torch::Tensor code = code_of(way, lesson.dice.one_hot.index_select(0, rows));
    const bool quantized = progress >= 1 - lesson.config.quantized;
    const torch::Tensor direction =
        network.forward({noise + way * (pixels - noise), code}, quantized ? eight_bits : exact)[0];
    return torch::mse_loss(direction, pixels - noise);
  };
  TRY([[maybe_unused]] const auto history, train::fit({player}, stage(lesson, "flowing", 1)));
  return network.graph();
}

Draw draw_by_flow(const ir::Graph &graph) {
  const std::int64_t side = graph.value(graph.inputs()[0].value).type.shape.rows;
  auto module = train::Module::make(graph);
  const auto shared = std::make_shared<train::Module>(*std::move(module));
  return [=](int face, float latent) { return walk(*shared, face, latent, side); };
}

}  // namespace thimble::recipes
