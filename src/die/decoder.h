// The network that draws: (latent, one-hot of 6 faces) -> 1x32x32 grey in 0 to 1, in float and as
// the int8 network that the firmware runs.
#pragma once

#include "die/grey.h"
#include "die/models.h"
#include "ir/graph.h"
#include "ops/operator.h"
#include "support/diagnostic.h"

namespace thimble::die {

inline constexpr float kLatentLimit = 1.5f;  // latents are drawn evenly from [-1.5, 1.5]

struct Decoder {
  Model model;
  ir::Graph quantized;
};

// Quantizes on evenly spaced latents of every face. Errors (kModel): inputs or outputs of other
// shapes, an output that is not int8 with 256 levels from 0 to 1 (the firmware dithers those),
// pictures that are constant after quantization.
Result<Decoder> make_decoder(Model model, const ops::Numbers &numbers);

// Its first half: quantizes, whatever becomes of the pictures; what arrives quantized stays as it
// is. Errors (kModel): other shapes.
Result<ir::Graph> quantize_decoder(const Model &model);

// What a decoder is given, in the type of its input. `face` is 1 to 6, `latent` real.
ops::Tensor decoder_input(const ir::Graph &graph, int face, float latent);
Grey draw_float(const Model &model, int face, float latent);
Grey draw_float(const Decoder &decoder, int face, float latent);
// What the quantized network's first input element stands for.
float latent_of(const Decoder &decoder, int quantized);

}  // namespace thimble::die
