#include "recipes/lesson.h"

#include <fmt/format.h>

#include <cmath>
#include <optional>

#include "die/networks.h"
#include "recipes/retrain.h"
#include "train/quantized.h"
#include "train/quantizer.h"

namespace thimble::recipes {

constexpr double kBeginning = 0.05;  // share of the epochs, each

train::Fit stage(const Lesson &lesson, const std::string &name, double share) {
  train::Fit fit;
  fit.label = name;
  fit.examples = lesson.dice.faces.size(0);
  fit.epochs = std::max(1, static_cast<int>(std::lround(share * lesson.config.epochs)));
  fit.batch = lesson.config.batch;
  fit.checkpoint = lesson.directory / (name + ".pt");
  fit.identity =
      fmt::format("{} of {} from seed {}", name, to_json(lesson.config).dump(), lesson.seed);
  fit.resume = lesson.resume;
  return fit;
}

Result<Pupil> new_decoder(const die::DecoderShape &shape) {
  TRY(train::Module module, train::Module::make(die::decoder_graph(shape)));
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

namespace {

// A Sigmoid is black or white beyond these logits, and a network that goes on to hundreds has no
// levels left for the greys: the mean square of what is beyond costs a little.
constexpr double kEnough = 8, kExcess = 1e-5;

train::Lens watch_logits(const ir::Graph &graph, const train::Lens &lens, torch::Tensor &excess) {
  ir::ValueId logits = 0;
  for (const ir::Node &node : graph.nodes())
    if (node.op == "Sigmoid") logits = node.inputs[0];
  train::Lens watched = lens;
  watched.value = [=, &excess](ir::ValueId value, const torch::Tensor &x) {
    if (value == logits) excess = (x.abs() - kEnough).clamp_min(0).square().mean();
    return lens.value ? lens.value(value, x) : x;
  };
  return watched;
}

// Mean squared error of a decoder with a latent for each picture, through the lens. The last
// epoch's.
Result<double> learn_to_draw(const Lesson &lesson, const Pupil &decoder,
                             const torch::Tensor &latents, const train::Fit &stage,
                             const train::Lens &lens = {},
                             const std::vector<torch::Tensor> &learned_too = {}) {
  const double share = lesson.config.telling;
  const torch::Tensor telling = share > 0 ? telling_pixels(lesson.dice) : torch::Tensor();
  train::Player player{decoder.parameters, lesson.config.rate, {}};
  player.parameters.insert(player.parameters.end(), learned_too.begin(), learned_too.end());
  torch::Tensor excess;
  const train::Lens watched = watch_logits(decoder.module.graph(), lens, excess);
  player.loss = [&](const torch::Tensor &rows, double) {
    const torch::Tensor drawn = decode(decoder.module, latents.index_select(0, rows),
                                       lesson.dice.one_hot.index_select(0, rows), watched);
    torch::Tensor errors = (drawn - lesson.dice.pixels.index_select(0, rows)).square();
    if (share > 0) errors = errors * (1 - share + share * telling.index_select(0, rows));
    return errors.mean() + kExcess * excess;
  };
  TRY(const auto history, train::fit({player}, stage));
  return history.back()[0];
}

Result<Pupil> best_beginning(const Lesson &lesson, const torch::Tensor &latents) {
  std::optional<Pupil> best;
  double least = 0;
  for (int i = 1; i <= lesson.config.restarts; ++i) {
    TRY(Pupil pupil, new_decoder(lesson.config.shape));
    const train::Fit beginning = stage(lesson, "beginning-" + std::to_string(i), kBeginning);
    TRY(const double loss, learn_to_draw(lesson, pupil, latents, beginning));
    if (best && loss >= least) continue;
    best = std::move(pupil);
    least = loss;
  }
  return *std::move(best);
}

torch::Tensor some_inputs(const Lesson &lesson, const torch::Tensor &latents) {
  const std::int64_t some = std::min<std::int64_t>(512, latents.size(0));
  return torch::cat({latents.slice(0, 0, some), lesson.dice.one_hot.slice(0, 0, some)}, 3);
}

// The last of the epochs, with 8 bits in the loop.
Result<ir::Graph> learn_to_draw_in_8_bits(const Lesson &lesson, Pupil &decoder,
                                          const torch::Tensor &latents) {
  const ir::Graph graph = decoder.module.graph();
  TRY([[maybe_unused]] const double loss,
      learn_to_draw(lesson, decoder, latents, stage(lesson, "rounding", lesson.config.quantized),
                    train::eight_bits(graph)));
  return decoder.module.graph();
}

// The same with fewer bits for weights.
Result<ir::Graph> learn_to_draw_in_few_bits(const Lesson &lesson, Pupil &decoder,
                                            const torch::Tensor &latents) {
  const ir::Graph graph = decoder.module.graph();
  TRY(const passes::Levels levels, passes::levels_of(lesson.config.bits));
  std::map<ir::ConstantId, passes::Levels> all;
  for (const ir::ConstantId weight : weights_of(graph)) all[weight] = levels;
  train::Quantizer quantizer(graph, all);
  quantizer.begin(decoder.module, {some_inputs(lesson, latents)});
  const double share = lesson.config.quantized / 2;
  for (const bool follows : {true, false}) {
    const train::Fit learning = stage(lesson, follows ? "rounding" : "settling", share);
    TRY([[maybe_unused]] const double loss,
        learn_to_draw(lesson, decoder, latents, learning, quantizer.lens(follows),
                      quantizer.parameters()));
  }
  return quantizer.quantized(decoder.module);
}

}  // namespace

Result<ir::Graph> draw_by_latents(const Lesson &lesson, const torch::Tensor &latents) {
  const double rounding = lesson.config.quantized;
  TRY(Pupil decoder, best_beginning(lesson, latents));
  if (rounding < 1) {
    const train::Fit drawing = stage(lesson, "drawing", 1 - rounding);
    TRY([[maybe_unused]] const double loss, learn_to_draw(lesson, decoder, latents, drawing));
  }
  if (rounding == 0) return decoder.module.graph();
  train::equalize_channels(decoder.module, {some_inputs(lesson, latents)});
  return lesson.config.bits == "8" ? learn_to_draw_in_8_bits(lesson, decoder, latents)
                                   : learn_to_draw_in_few_bits(lesson, decoder, latents);
}

}  // namespace thimble::recipes
