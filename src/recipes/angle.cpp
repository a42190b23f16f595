// Without an encoder: the decoder is told the angle that each picture was drawn at.
#include "recipes/lesson.h"

namespace thimble::recipes {

Result<ir::Graph> train_by_angle(const Lesson &lesson) {
  return draw_by_latents(lesson, lesson.dice.angles);
}

}  // namespace thimble::recipes
