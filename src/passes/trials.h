// Quantizations of a float graph on trial: how far each takes the outputs from the float graph's.
//
// Most trials change little of the best one so far; only what comes of that is computed anew.
#pragma once

#include <vector>

#include "ir/graph.h"
#include "passes/deviation.h"
#include "passes/ranges.h"

namespace thimble::passes {

using Quants = std::vector<ir::Quant>;  // by ValueId

// The int8 graph.
ir::Graph with_quants(ir::Graph graph, const Quants &quants, const std::vector<Observed> &observed);

class Trials {
 public:
  // All are to outlive this.
  Trials(const ir::Graph &graph, const std::vector<Observed> &observed, const Reference &reference);

  // The output_error of the int8 graph, or `enough` or more as soon as it cannot be less. What is
  // less than that is the best so far: the next trial is compared with it.
  double error(const Quants &quants, double enough);

 private:
  using Tensors = std::vector<ops::Tensor>;  // by ValueId

  struct Trial {
    Quants quants;
    ir::Graph graph;
    std::vector<Tensors> values;  // by sample
  };

  Trial begin(const Quants &quants) const;
  std::vector<bool> stale_values(const Trial &trial) const;
  Tensors evaluate(const Trial &trial, const std::vector<bool> &stale, std::size_t sample) const;
  double output_error(const std::vector<double> &square_sums) const;

  const ir::Graph &graph_;
  const std::vector<Observed> &observed_;
  const Reference &reference_;
  std::vector<Deviation> reals_;  // of each output, without errors
  Trial best_;
};

}  // namespace thimble::passes
