// A conditional variational autoencoder (Sohn, Lee and Yan, Learning Structured Output
// Representation using Deep Conditional Generative Models, 2015) in two stages. First the encoder
// learns with a guide, a decoder large enough for one latent to unroll all angles: next to a small
// one it folds them, x and -x the same picture, and stays there. Then the encoder has spoken: each
// picture keeps its place among those of its face, the places are spread evenly over the range that
// the firmware draws from, and the lesson's own decoder learns to draw what stands there.
#include "die/decoder.h"
#include "recipes/lesson.h"

namespace thimble::recipes {
namespace {

constexpr double kTogether = 0.15;  // share of the epochs
constexpr die::Channels kGuide = {16, 16, 16, 16};

struct Code {
  torch::Tensor mean, log_variance;  // [n, 1, 1, latent]
};

Code encode(const train::Module &encoder, const torch::Tensor &pixels,
            const torch::Tensor &one_hot) {
  const torch::Tensor picture = torch::cat({pixels, planes(one_hot, pixels.size(1))}, 3);
  const auto outputs = encoder.forward({picture, one_hot});
  return {outputs[0], outputs[1].clamp(-12, 4)};
}

// From the standard normal distribution, a latent.
torch::Tensor divergence(const Code &code) {
  return (code.mean.square() + code.log_variance.exp() - 1 - code.log_variance).mean() / 2;
}

struct Pair {
  train::Module encoder;
  Pupil guide;
};

Result<Pair> new_pair(const Lesson &lesson) {
  die::DecoderShape encoder_shape = lesson.config.shape, guide_shape = lesson.config.shape;
  encoder_shape.channels = lesson.config.encoder;
  guide_shape.channels = kGuide;
  guide_shape.hires = 0;
  TRY(train::Module encoder, train::Module::make(die::encoder_graph(encoder_shape)));
  encoder.initialise();
  TRY(Pupil guide, new_decoder(guide_shape));
  return Pair{std::move(encoder), std::move(guide)};
}

Result<double> learn_together(const Lesson &lesson, const Pair &pair, const train::Fit &stage) {
  train::Player player{pair.guide.parameters, lesson.config.rate, {}};
  player.parameters.insert(player.parameters.end(), pair.encoder.parameters().begin(),
                           pair.encoder.parameters().end());
  player.loss = [&](const torch::Tensor &rows, double) {
    const torch::Tensor pixels = lesson.dice.pixels.index_select(0, rows);
    const torch::Tensor one_hot = lesson.dice.one_hot.index_select(0, rows);
    const Code code = encode(pair.encoder, pixels, one_hot);
    const torch::Tensor latents =
        code.mean + torch::randn_like(code.mean) * (code.log_variance / 2).exp();
    return torch::mse_loss(decode(pair.guide.module, latents, one_hot), pixels) +
           lesson.config.beta * divergence(code);
  };
  TRY(const auto history, train::fit({player}, stage));
  return history.back()[0];
}

torch::Tensor means(const Lesson &lesson, const train::Module &encoder) {
  const torch::NoGradGuard no_grad;
  std::vector<torch::Tensor> parts;
  const std::int64_t count = lesson.dice.faces.size(0), at_once = 256;
  for (std::int64_t i = 0; i < count; i += at_once)
    parts.push_back(encode(encoder, lesson.dice.pixels.slice(0, i, i + at_once),
                           lesson.dice.one_hot.slice(0, i, i + at_once))
                        .mean);
  return torch::cat(parts);
}

// The latents of each face in their order, at even distances from limit to limit.
torch::Tensor spread(const torch::Tensor &latents, const torch::Tensor &faces) {
  torch::Tensor even = torch::empty_like(latents);
  for (int face = 0; face < die::kFaces; ++face) {
    const torch::Tensor rows = (faces == face).nonzero().flatten();
    const torch::Tensor order = latents.index_select(0, rows).flatten().argsort();
    const torch::Tensor places =
        torch::linspace(-die::kLatentLimit, die::kLatentLimit, rows.size(0)).reshape({-1, 1, 1, 1});
    even.index_copy_(0, rows.index_select(0, order), places);
  }
  return even;
}

}  // namespace

Result<ir::Graph> train_cvae(const Lesson &lesson) {
  TRY(const Pair pair, new_pair(lesson));
  TRY([[maybe_unused]] const double together,
      learn_together(lesson, pair, stage(lesson, "encoding", kTogether)));
  return draw_by_latents(lesson, spread(means(lesson, pair.encoder), lesson.dice.faces));
}

}  // namespace thimble::recipes
