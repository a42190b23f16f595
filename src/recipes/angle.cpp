// Without an encoder: the decoder is told the angle that each picture was drawn at.
#include "recipes/lesson.h"

namespace thimble::recipes {

Result<ir::Graph> train_by_angle(const Lesson &lesson) {
  const torch::Tensor &angles = lesson.dice.angles;
  TRY(const Pupil decoder, best_beginning<Pupil>(
                               lesson, [&] { return new_decoder(lesson); },
                               [&](const Pupil &pupil, const train::Fit &stage) {
                                 return learn_to_draw(lesson, pupil, angles, stage, 1);
                               }));
  TRY([[maybe_unused]] const double loss,
      learn_to_draw(lesson, decoder, angles, stage(lesson, "drawing", 1),
                    1 - lesson.config.quantized));
  return decoder.module.graph();
}

}  // namespace thimble::recipes
