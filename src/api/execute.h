// Running a network over samples in any of its readings: evaluators, compiled C, C in an emulator.
#pragma once

#include <filesystem>
#include <vector>

#include "api/build.h"

namespace thimble::api {

// Evaluates every sample, with a progress bar. `inputs` are of the graph's types. The samples of
// the result hold the network's outputs.
std::vector<Sample> evaluate_samples(const ir::Graph &graph, const ops::Numbers &numbers,
                                     const std::vector<Sample> &inputs);
// The same, keeping every value of the graph, by ValueId.
std::vector<Sample> evaluate_all_values(const ir::Graph &graph, const ops::Numbers &numbers,
                                        const std::vector<Sample> &inputs);

// Builds for the target and runs there.
Result<std::vector<Sample>> run_on_target(const Network &network, const targets::Target &target,
                                          const PlanOptions &options,
                                          const std::vector<Sample> &inputs, const Notify &notify);

// The network with every computed tensor as an output, in the order of the nodes: what shows where
// two readings begin to differ. Ports have the stored dimensions [1, rows, cols, channels].
struct Exposed {
  Network network;
  std::vector<ir::ValueId> values;  // one an output
};
Exposed expose_all_values(const Network &network);

}  // namespace thimble::api
