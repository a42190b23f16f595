// The planner is asked twice at most.
#include "die/network.h"

namespace thimble::die {

Result<plan::Plan> plan_network(const Decoder &decoder, std::int64_t arena_bytes) {
  plan::Options options;
  options.stream_out = true;
  auto rings = plan::make_plan(decoder.quantized, options);
  if (!rings || rings->arena_bytes <= arena_bytes) return rings;
  options.lines = plan::Lines::kChosen;
  return plan::make_plan(decoder.quantized, options);
}

}  // namespace thimble::die
