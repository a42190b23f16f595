// What a network of the die is trained like: the JSON file of `thimble train die --config`.
//
//   {"method": "angle", "channels": [4, 4, 4, 4], "hires": 0, "epochs": 100}
#pragma once

#include <string>
#include <string_view>

#include "die/networks.h"
#include "support/diagnostic.h"
#include "support/json.h"

namespace thimble::recipes {

struct DieConfig {
  // "angle": no encoder, the decoder is told the angle. To compare: "cvae", "gan", "flow" (flow
  // matching: a small U-Net that draws in several steps).
  std::string method = "angle";
  die::DecoderShape shape;                   // of the decoder; "channels", "hires", "latent"
  die::Channels encoder = {32, 32, 32, 32};  // "encoder"
  int epochs = 100, batch = 32;
  double rate = 0.01;  // Adam's, at the peak of the schedule
  double beta = 1e-5;  // weight of the divergence from the prior, beside the mean squared error
  int restarts = 4;    // beginnings of which the best one is gone on with
  double telling =
      0.05;  // share of the loss that counts where faces differ, and as much as they do
  double quantized = 0.4;  // share of the training, its end, with 8 bits in the loop
  // Of weights in that share (passes/levels.h): with fewer than 8 their levels are learned, and the
  // network that comes of it is one of integers. By "angle" and "cvae" only.
  std::string bits = "8";
};

// Errors (kUsage): every unknown key and every value out of its range. `file` is for the errors.
Result<DieConfig> parse_config(std::string_view text, const std::string &file);
Json to_json(const DieConfig &config);

}  // namespace thimble::recipes
