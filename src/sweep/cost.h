// What a trained decoder costs on an Arduino UNO: memory and time, int8, measured as `thimble
// bench` measures.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "ir/graph.h"
#include "support/diagnostic.h"

namespace thimble::sweep {

struct Cost {
  std::int64_t layer_bytes = 0;  // largest input + output of one layer: RAM layer by layer
  std::int64_t arena_bytes = 0;  // by rows: line buffers, the picture handed out row by row
  std::int64_t ram_bytes = 0;    // arena, statics and stack; 0: not measured
  std::int64_t flash_bytes = 0;  // 0: not measured
  std::int64_t cycles = 0;       // of one face on the UNO; 0: not measured or does not fit
  double seconds = 0;
  std::string misfit;  // why there are no cycles: "needs 2,402 B of RAM"; empty: there are
};

// `graph` is a float decoder after the pipeline.
std::int64_t layer_by_layer_bytes(const ir::Graph &graph);

// Never fails on a network that is read: what cannot be known says why in `misfit`.
Result<Cost> cost_on_uno(const std::filesystem::path &decoder);

}  // namespace thimble::sweep
