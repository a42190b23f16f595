#include "train/schedule.h"

#include <cmath>
#include <numbers>
#include <string>

namespace thimble::train {
namespace {

// Half a cosine from `from` to `to`.
double glide(double from, double to, double progress) {
  return to + (from - to) * (1 + std::cos(std::numbers::pi * progress)) / 2;
}

}  // namespace

Result<Schedule> find_schedule(std::string_view name) {
  if (name == "constant") return Schedule::kConstant;
  if (name == "cosine") return Schedule::kCosine;
  if (name == "one-cycle") return Schedule::kOneCycle;
  return Diagnostics{usage_error("there is no schedule '" + std::string(name) + "'", {},
                                 "constant, cosine or one-cycle")};
}

double rate_factor(Schedule schedule, double progress) {
  constexpr double kStart = 0.05, kEnd = 0.005, kClimb = 1.0 / 6;
  switch (schedule) {
    case Schedule::kConstant:
      return 1;
    case Schedule::kCosine:
      return glide(1, kEnd, progress);
    case Schedule::kOneCycle:
      return progress < kClimb ? glide(kStart, 1, progress / kClimb)
                               : glide(1, kEnd, (progress - kClimb) / (1 - kClimb));
  }
  return 1;
}

}  // namespace thimble::train
