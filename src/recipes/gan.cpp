// A generative adversarial network (Goodfellow et al., 2014) with the decoder as generator and the
// encoder's shape, asked for one number, as the judge of what is real; the judge's gradient at real
// pictures is kept small (R1; Mescheder et al., Which Training Methods for GANs do actually
// Converge?, 2018).
#include "die/decoder.h"
#include "recipes/lesson.h"
#include "train/quantized.h"

namespace thimble::recipes {
namespace {

constexpr double kSmoothness = 0.2;  // weight of the gradient at real pictures

struct Game {
  const Lesson &lesson;
  const Pupil &generator;
  const train::Module &critic;
  train::Lens eight_bits;

  torch::Tensor one_hot(const torch::Tensor &rows) const {
    return lesson.dice.one_hot.index_select(0, rows);
  }
  // Pictures for new latents, even over the range that the firmware draws from.
  torch::Tensor invent(const torch::Tensor &rows, double progress) const {
    const torch::Tensor latents =
        (torch::rand({rows.size(0), 1, 1, 1}) * 2 - 1) * double{die::kLatentLimit};
    const bool quantized = progress >= 1 - lesson.config.quantized;
    return decode(generator.module, latents, one_hot(rows), quantized ? eight_bits : train::Lens());
  }
  // How real each picture seems, as a logit.
  torch::Tensor realness(const torch::Tensor &pixels, const torch::Tensor &rows) const {
    const torch::Tensor codes = one_hot(rows);
    return critic.forward({torch::cat({pixels, planes(codes, pixels.size(1))}, 3), codes})[0];
  }

  torch::Tensor critics_loss(const torch::Tensor &rows, double progress) const {
    const torch::Tensor real = lesson.dice.pixels.index_select(0, rows).requires_grad_();
    const torch::Tensor seems = realness(real, rows);
    const torch::Tensor slope = torch::autograd::grad({seems.sum()}, {real}, {}, true, true)[0];
    const torch::Tensor invented = invent(rows, progress).detach();
    return torch::softplus(-seems).mean() + torch::softplus(realness(invented, rows)).mean() +
           kSmoothness * slope.square().sum({1, 2, 3}).mean();
  }
  torch::Tensor generators_loss(const torch::Tensor &rows, double progress) const {
    return torch::softplus(-realness(invent(rows, progress), rows)).mean();
  }
};

}  // namespace

Result<ir::Graph> train_gan(const Lesson &lesson) {
  die::DecoderShape shape = lesson.config.shape;
  shape.channels = lesson.config.encoder;
  TRY(const Pupil generator, new_decoder(lesson.config.shape));
  TRY(train::Module critic, train::Module::make(die::encoder_graph(shape)));
  critic.initialise();
  const ir::Graph graph = generator.module.graph();
  const Game game{lesson, generator, critic, train::eight_bits(graph)};
  const double rate = lesson.config.rate / 5;  // two who learn at once need smaller steps
  const train::Player judge{critic.parameters(), rate, [&](const torch::Tensor &rows, double at) {
                              return game.critics_loss(rows, at);
                            }};
  const train::Player inventor{
      generator.parameters, rate,
      [&](const torch::Tensor &rows, double at) { return game.generators_loss(rows, at); }};
  TRY([[maybe_unused]] const auto history,
      train::fit({judge, inventor}, stage(lesson, "playing", 1)));
  return generator.module.graph();
}

}  // namespace thimble::recipes
