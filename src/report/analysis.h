// What `analyze`, `compile` and `bench` say about a network on a target: will it fit, which layer
// costs what, when is the arena fullest and why. Collected once as plain data, then said as text or
// as JSON.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "codegen/emit.h"
#include "emulate/run.h"
#include "ir/graph.h"
#include "ops/operator.h"
#include "plan/packing.h"
#include "plan/plan.h"
#include "support/json.h"

namespace thimble::report {

struct Layer {
  std::string name, op;  // of the node
  ir::Shape shape;       // of its first output
  std::int64_t macs = 0;
  std::int64_t weight_bytes =
      0;                    // of the tables that count as weights; shared ones count in each layer
  std::string weight_code;  // "4 bits"; empty: as they are
  std::string residency;    // of its output: "ring of 5 rows"
  int buffer = -1;          // index into Analysis::buffers of that output; -1: not in the arena
};

// A buffer of the arena in time and space.
struct BufferUse {
  std::string tensor;  // or "NODE accumulators", "NODE workspace"
  std::int64_t offset = 0, bytes = 0;
  int rows = 0;             // kept; 0: no tensor
  int first = 0, last = 0;  // steps, both included
};

struct PeakPart {
  std::string tensor;
  std::int64_t bytes = 0;
  int first_row = 0, last_row = 0;
  std::string why;  // "'conv2' still has to read them"
};

// An option of the command line, planned with.
struct Remedy {
  std::string option;              // "--residency lines", "no --keep-input"
  std::int64_t bytes = 0;          // of the arena
  bool proven = false;             // placement: it does not need less
  std::int64_t outside_bytes = 0;  // of input that stay with the caller, not counted
};

// A change of the network, not planned: the same rows alive, of fewer bytes.
struct Estimate {
  std::vector<std::string> tensors;  // with half the channels: those alive at the peak first
  std::int64_t live_bytes = 0;       // at the peak then
};

// A change of the network, planned: it computes something else then, until it is retrained.
struct Retraining {
  std::string change;      // "pooling into stride"
  std::string command;     // "thimble shrink --pool-to-stride"
  std::int64_t bytes = 0;  // of the arena
  bool proven = false;     // placement: it does not need less
};

struct Peak {
  int step = 0, step_count = 0;
  std::string during;  // "'conv1' makes row 3"
  std::int64_t live_bytes = 0;
  std::vector<PeakPart> parts;  // largest first
  // What would lower it, the best first; without what needs no less.
  std::vector<Remedy> remedies;
  std::vector<std::string> not_better, not_tried;  // options
  std::vector<Retraining> retrainings;
  std::vector<Estimate> estimates;
};

// Of the network linked with an empty program: measured on the target's emulator, or, without a
// run, the compiler's bound of the stack and a forecast of the time.
struct Predicted {
  std::int64_t flash_total = 0, ram_total = 0;  // bytes
  std::int64_t count = 0;                       // in `unit`s, one inference; 0: unknown
  std::string unit;                             // "cycles", "instructions"
  bool has_run = true;
};

// What only the caller knows.
struct Labels {
  std::string model, target, numbers;  // "lenet5.pt2", "cortex-m4", "int8"
  bool fits = true;                    // within the target's memories and the user's budgets
  std::int64_t flash_budget = 0, ram_budget = 0;  // bytes, those that hold; 0: none known
};

struct Analysis {
  Labels labels;
  std::int64_t parameters = 0, macs = 0;
  std::int64_t flash_weights = 0, flash_constants = 0;  // bytes
  std::int64_t arena_bytes = 0, arena_lower_bound = 0;  // bytes
  std::int64_t borrowed_bytes = 0;  // of inputs that stay with the caller, counted nowhere else
  bool placement_proven = false, schedule_proven = false;
  std::vector<Layer> layers;
  std::vector<BufferUse> buffers;  // in the order of the plan
  Peak peak;
  std::vector<plan::Saving> savings;  // empty: not asked for
  std::optional<Predicted> predicted;
};

// `graph`, `plan` and `emitted` belong together; `numbers` are those of the plan.
Analysis analyze(const ir::Graph &graph, const ops::Numbers &numbers, const plan::Plan &plan,
                 const codegen::Emitted &emitted, Labels labels);
Predicted predicted(const emulate::RunResult &run, const targets::Target &target);
// `bill`: of an image that has not run. Nothing where its stack has no bound.
std::optional<Predicted> foretold(const emulate::Bill &bill, const codegen::Emitted &emitted,
                                  const targets::Target &target, targets::Requant requant);

struct TextStyle {
  bool color = false;  // ANSI colours, for a terminal
  int width = 80;      // characters of the memory map's lines
};

// Layer table, memory map, the peak, why and what would lower it, what each rule saves, summary.
std::string to_text(const Analysis &analysis, const TextStyle &style = {});
// Its parts.
std::string layer_table(const Analysis &analysis);
std::string peak_text(const Peak &peak);
std::string remedies_text(const Analysis &analysis);
const char *rule_name(plan::Rule rule);  // "in place", also in JSON
std::string savings_table(const std::vector<plan::Saving> &savings);
// "", or that the input is not counted: behind a figure of RAM.
std::string borrowed_text(const Analysis &analysis);
std::string summary(const Analysis &analysis);  // flash, RAM and MACs: `compile`'s last lines

// The keys of `analyze --json`.
Json to_json(const Analysis &analysis);

}  // namespace thimble::report
