// A page for people: what `analyze`, `bench` and `verify` say of one network, its rows in the
// arena, and samples of what it does, as one HTML file that needs nothing else: no scripts, no
// other files. Every number in it is one of those commands' JSON (page/figures.h).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "plan/arena_log.h"
#include "report/analysis.h"
#include "report/bench.h"
#include "report/front.h"
#include "support/diagnostic.h"
#include "support/json.h"

namespace thimble::report {

// What integers lose in one layer (`verify --per-layer`): absolute errors as shares of the range.
struct LayerLoss {
  std::string name;  // of the node
  double max_error = 0, mean_error = 0, added_error = 0;
};

// A tensor of one sample.
struct ShownValues {
  std::string name;
  ir::Shape shape;
  std::vector<double> values;  // real ones, in the order row, column, channel
};

struct ShownSample {
  std::vector<ShownValues> inputs;
  std::vector<ShownValues> floats, integers;  // outputs; one of them may be empty: not known
};

struct Page {
  Analysis analysis;
  std::optional<Bench> bench;                  // none: not measured
  std::vector<std::vector<plan::Life>> lives;  // by buffer of the analysis
  std::vector<LayerLoss> losses;               // none: no data, or nothing quantized here
  std::vector<FrontLine> front;                // none: not asked for
  Json shrink;                                 // of shrink_steps.h; null: none
  std::vector<ShownSample> samples;            // none: no data
  Diagnostics objections;                      // why it does not fit
  std::string options;                         // of the command line: " --target cortex-m4"
  std::string model_sha256, version;           // of Thimble
};

// What the log says, sorted by the buffers of the plan. What belongs to none is left out.
std::vector<std::vector<plan::Life>> lives_by_buffer(const ir::Graph &graph,
                                                     const plan::Plan &plan);

std::string to_html(const Page &page);

}  // namespace thimble::report
