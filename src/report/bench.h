// What `bench` says: an analysis, and what the emulator measured.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "emulate/run.h"
#include "report/analysis.h"
#include "support/json.h"
#include "targets/target.h"

namespace thimble::report {

// What one layer cost in one inference; fused layers together: "conv2d + max_pool2d".
struct LayerCount {
  std::string name;
  std::int64_t count = 0;
  std::optional<std::int64_t> model_cycles = {};
  std::vector<codegen::Work> work = {};  // what its kernels did for that
};

struct Bench {
  Analysis analysis;
  emulate::Bill bill;
  std::string emulator, unit;                // Target::emulator, Target::count_unit
  std::int64_t count = 0;                    // in `unit`s, one inference (the largest)
  bool has_cycle_model = false;              // Target::cycle_model
  std::optional<std::int64_t> model_cycles;  // emulate::RunResult
  std::int64_t clock_hz = 0;                 // 0: unknown
  std::string output_sha256;                 // of all outputs' bytes, in order
  std::vector<LayerCount> layers;            // only where asked for
};

Bench bench(Analysis analysis, const emulate::RunResult &run, const targets::Target &target);

// `run`: of the network that announces the groups of plan.program; `work`: by these groups.
std::vector<LayerCount> layer_counts(const ir::Graph &graph, const plan::Plan &plan,
                                     const std::vector<std::vector<codegen::Work>> &work,
                                     const emulate::RunResult &run);

std::string to_text(const Bench &bench);
// The keys of `bench --json`.
Json to_json(const Bench &bench);

}  // namespace thimble::report
