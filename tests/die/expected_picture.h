// The panel as the firmware's own picture code draws it on the host from the integer evaluator's
// rows.
#pragma once

#include <vector>

#include "die/board.h"
#include "die/decoder.h"
#include "fake_port.h"
#include "ops/evaluate.h"

extern "C" {
#include "picture.h"
#include "ssd1306.h"
}

namespace thimble::die {

inline PanelPicture expected_picture(const Decoder &decoder, const ops::Numbers &numbers,
                                     const Roll &roll) {
  const ir::Graph &graph = decoder.quantized;
  std::vector<float> values(1 + kFaces, 0.0f);
  values[roll.face] = 1.0f;
  ops::Tensor input = ops::from_real(graph.value(graph.inputs()[0].value).type, values);
  input.i8[0] = static_cast<std::int8_t>(roll.latent);
  const ops::Tensor drawn = ops::evaluate_outputs(graph, numbers, {input})[0];
  fake_port = {};
  ssd1306_init();
  for (int y = 0; y < PICTURE_SIDE; ++y) {
    picture_row(static_cast<std::uint8_t>(y), drawn.i8.data() + y * PICTURE_SIDE);
  }
  return fake_port.panel.picture();
}

// Whatever stands beside it: the die has the panel's middle.
inline bool show_the_same_die(const PanelPicture &a, const PanelPicture &b) {
  for (int row = 0; row < kPanelRows; ++row)
    for (int column = PICTURE_COLUMN; column < kPanelColumns - PICTURE_COLUMN; ++column)
      if (a.lit(column, row) != b.lit(column, row)) return false;
  return true;
}

}  // namespace thimble::die
