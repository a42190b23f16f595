// The networks of the die, with weights of zero: what training starts from. Float graphs as the
// importers and passes leave those of the shipped models, activations fused.
//
// A conditional variational autoencoder, whose decoder draws a face from a latent and the face's
// one-hot code, and evaluation networks, which read faces.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "ir/graph.h"

namespace thimble::die {

// Channels d1 (next to the picture) to d4 (next to the latent).
using Channels = std::array<int, 4>;

struct DecoderShape {
  Channels channels = {8, 8, 8, 8};
  int hires = 0;   // convolutions at the picture's size; 0: a transposed one gives the picture
  int latent = 1;  // numbers
  int side = 32;   // of the picture; a multiple of 8
};

// The decoders' fully connected layer has no bias. The graph needs one all the same: a constant of
// this name that stays zero.
inline constexpr std::string_view kAbsentBias = "fc.absent_bias";

// In: [1, latent + 6], the latent before the one-hot code. Out: [1, 1, side, side] in 0 to 1.
ir::Graph decoder_graph(const DecoderShape &shape);

// In: [1, 1 + 6, side, side], the picture and a plane a face (all ones for the one shown, else
// zeros); and [1, 6], the same as a one-hot code. Out: [1, latent] twice, mean and logarithm of the
// variance. Reads d1 to d3.
ir::Graph encoder_graph(const DecoderShape &shape);

// In: [1, 1, side, side]. Out: [1, 6], logarithms of the faces' probabilities.
ir::Graph evaluator_graph(int side = 32);
// Likewise, of 9 thousand parameters instead of a million: the shipped eval_small.
ir::Graph small_evaluator_graph(int side = 32);

// A small U-Net for flow matching. In: [1, 1, side, side], a picture on its way from noise; and
// [1, 1 + 6], how far it is (0 to 1) before the one-hot code of its face. Out: [1, 1, side, side],
// the direction to go on in.
ir::Graph flow_graph(int channels, int side = 32);

struct ParameterCount {
  std::int64_t convolutions = 0, fully_connected = 0;
  std::int64_t total() const { return convolutions + fully_connected; }
};
// What training may change, biases that are zero now included, kAbsentBias left out.
ParameterCount count_parameters(const ir::Graph &graph);

// RAM of the int8 network when each layer runs by itself: the most that one layer reads and writes.
// Layers that only change each element work in place.
std::int64_t layer_by_layer_bytes(const ir::Graph &graph);

}  // namespace thimble::die
