// How often the kernels of a program run, and on how much: what its time is made of
// (report/forecast.h).
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "ir/graph.h"
#include "plan/program.h"

namespace thimble::codegen {

// A call's kernel by its node, mode and phase.
struct KernelUse {
  std::string name;  // as printed: "conv2d_i8_line"
  double bytes_a_weight =
      1;                  // that its layout or code takes; of few weights that are not zero less
  int pixels_a_walk = 1;  // of a row, made while the weights are gone through once
  bool shared = false;    // its function is other nodes' too: sizes are told, not baked
};
using KernelUses = std::map<std::tuple<ir::NodeId, int, plan::Phase>, KernelUse>;

// Of one kernel in one group, all steps of a run together. Kernel "fill" and "emit": rows that the
// caller hands in and takes; "step": the list of steps itself.
struct Work {
  // Of windows of one column, which have a loop less, with "_narrow" behind; where its function is
  // shared with "_shared".
  std::string kernel;
  std::int64_t runs = 0;     // of the function
  std::int64_t pixels = 0;   // made; of a fold, folded in
  std::int64_t outputs = 0;  // elements made; of a fold, 0
  std::int64_t windows = 0;  // rows of windows, each for every output element; of a fold, 0
  std::int64_t reads = 0;    // elements in windows, once a pixel; of an end, its sums
  std::int64_t macs = 0;     // multiplications, where weights meet borders too
  std::int64_t weights = 0;  // bytes of weights gone through for them
  // Blocks of up to sixteen products of neighbours, as vectors take them; of a sparse code bytes of
  // weights, each for up to eight pixels side by side.
  std::int64_t vectors = 0;
  std::int64_t borders = 0;  // elements made of windows that reach out of the input
  std::int64_t starts = 0;   // blocks of up to sixteen channels, once a run
};

// By group of the program. `uses` has all calls of kernels.
std::vector<std::vector<Work>> work_of(const ir::Graph &graph, const plan::Program &program,
                                       const KernelUses &uses);

// Kernels of `sum` do what those of `more` do as well.
void add(std::vector<Work> &sum, const std::vector<Work> &more);

}  // namespace thimble::codegen
