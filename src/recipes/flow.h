// Flow matching (Lipman et al., Flow Matching for Generative Modeling, 2023): a small U-Net learns
// which way leads from noise to a picture, and draws by walking it in a few steps.
#pragma once

#include "recipes/judge.h"
#include "recipes/lesson.h"

namespace thimble::recipes {

inline constexpr int kFlowSteps = 8;  // runs of the network a picture

// The lesson's first channel count is the U-Net's.
Result<ir::Graph> train_flow(const Lesson &lesson);

// Draws by the network: the latent is the seed of the noise that a picture grows from.
Draw draw_by_flow(const ir::Graph &graph);

}  // namespace thimble::recipes
