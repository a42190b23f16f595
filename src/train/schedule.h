// How fast to learn, over the course of a training.
#pragma once

#include <string_view>

#include "support/diagnostic.h"

namespace thimble::train {

enum class Schedule { kConstant, kCosine, kOneCycle };

// "constant", "cosine", "one-cycle". Errors (kUsage): another name.
Result<Schedule> find_schedule(std::string_view name);

// The factor to the peak rate, in (0, 1], at `progress` from 0 to 1. Cosine falls from 1 to near 0
// (Loshchilov and Hutter, SGDR, 2017); one-cycle first climbs for the first sixth (Smith and Topin,
// Super-Convergence, 2018).
double rate_factor(Schedule schedule, double progress);

}  // namespace thimble::train
