// What a network of the die is trained like: the JSON file of `thimble train die --config`.
//
//   {"method": "cvae", "channels": [4, 4, 4, 4], "hires": 0, "epochs": 100}
#pragma once

#include <string>
#include <string_view>

#include "die/networks.h"
#include "support/diagnostic.h"
#include "support/json.h"

namespace thimble::recipes {

struct DieConfig {
  // "cvae"; or, to compare: "angle" (no encoder: the decoder is told the angle), "gan", "flow"
  // (flow matching: a small U-Net that draws in several steps).
  std::string method = "cvae";
  die::DecoderShape shape;                   // of the decoder; "channels", "hires", "latent"
  die::Channels encoder = {32, 32, 32, 32};  // "encoder"
  int epochs = 100, batch = 64;
  double rate = 0.01;      // Adam's, at the peak of the schedule
  double beta = 1e-5;      // weight of the divergence from the prior, beside the mean squared error
  int restarts = 4;        // beginnings of which the best one is gone on with
  double quantized = 0.2;  // share of the training, its end, with 8 bits in the loop
};

// Errors (kUsage): every unknown key and every value out of its range. `file` is for the errors.
Result<DieConfig> parse_config(std::string_view text, const std::string &file);
Json to_json(const DieConfig &config);

}  // namespace thimble::recipes
