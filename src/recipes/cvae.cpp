// A conditional variational autoencoder (Sohn, Lee and Yan, Learning Structured Output
// Representation using Deep Conditional Generative Models, 2015) in two stages. First encoder and
// decoder learn together what a latent should mean. Then the encoder has spoken: each picture keeps
// its place among those of its face, the places are spread evenly over the range that the firmware
// draws from, and the decoder learns to use that range to its ends, in 8 bits.
#include "die/decoder.h"
#include "recipes/lesson.h"

namespace thimble::recipes {
namespace {

constexpr double kTogether = 0.5;  // share of the epochs

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
  Pupil decoder;
};

Result<Pair> new_pair(const Lesson &lesson) {
  die::DecoderShape shape = lesson.config.shape;
  shape.channels = lesson.config.encoder;
  TRY(Pupil decoder, new_decoder(lesson));
  TRY(train::Module encoder, train::Module::make(die::encoder_graph(shape)));
  encoder.initialise();
  return Pair{std::move(encoder), std::move(decoder)};
}

Result<double> learn_together(const Lesson &lesson, const Pair &pair, const train::Fit &stage) {
  train::Player player{pair.decoder.parameters, lesson.config.rate, {}};
  player.parameters.insert(player.parameters.end(), pair.encoder.parameters().begin(),
                           pair.encoder.parameters().end());
  player.loss = [&](const torch::Tensor &rows, double) {
    const torch::Tensor pixels = lesson.dice.pixels.index_select(0, rows);
    const torch::Tensor one_hot = lesson.dice.one_hot.index_select(0, rows);
    const Code code = encode(pair.encoder, pixels, one_hot);
    const torch::Tensor latents =
        code.mean + torch::randn_like(code.mean) * (code.log_variance / 2).exp();
    return torch::mse_loss(decode(pair.decoder.module, latents, one_hot), pixels) +
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

// So that latents `factor` times smaller than before mean the same to the decoder.
void rescale_latent(const Pupil &decoder, double factor) {
  const torch::NoGradGuard no_grad;
  decoder.parameters[0].slice(1, 0, 1).mul_(factor);
}

}  // namespace

Result<ir::Graph> train_cvae(const Lesson &lesson) {
  const auto learn = [&](const Pair &pair, const train::Fit &stage) {
    return learn_together(lesson, pair, stage);
  };
  TRY(const Pair pair, best_beginning<Pair>(
                           lesson, [&] { return new_pair(lesson); }, learn));
  TRY([[maybe_unused]] const double together, learn(pair, stage(lesson, "encoding", kTogether)));
  const torch::Tensor learned = means(lesson, pair.encoder);
  const torch::Tensor latents = spread(learned, lesson.dice.faces);
  rescale_latent(pair.decoder, (learned.std() / latents.std()).item<double>());
  TRY([[maybe_unused]] const double alone,
      learn_to_draw(lesson, pair.decoder, latents, stage(lesson, "drawing", 1 - kTogether),
                    1 - lesson.config.quantized));
  return pair.decoder.module.graph();
}

}  // namespace thimble::recipes
