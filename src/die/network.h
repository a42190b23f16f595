// How the firmware keeps the network's rows, on a board and on the page.
#pragma once

#include <cstdint>

#include "die/decoder.h"
#include "plan/plan.h"
#include "support/diagnostic.h"

namespace thimble::die {

// With its rows streamed to the panel: rings of rows where they fit into `arena_bytes` (less code
// and quicker), else line buffers, which need less RAM.
Result<plan::Plan> plan_network(const Decoder &decoder, std::int64_t arena_bytes);

}  // namespace thimble::die
