// The passes in their order, and by name. A pass is Result<Graph> f(Graph): given a verified graph
// it returns an equivalent one (but for those that shrink); run twice, it changes nothing the
// second time.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ir/graph.h"
#include "support/diagnostic.h"

namespace thimble::passes {

struct Pass {
  std::string_view name;     // "fold-batchnorm": fold_batchnorm() in fold_batchnorm.cpp
  std::string_view summary;  // one line for `thimble passes`
  Result<ir::Graph> (*run)(ir::Graph);
};

// What every imported network goes through, in this order.
std::span<const Pass> pipeline();
// What only some plans need: by name.
std::span<const Pass> on_request();
// What makes a network smaller by changing what it computes, so that it wants training: by name.
std::span<const Pass> shrinking();
Result<ir::Graph> run_pipeline(ir::Graph graph);
// Chosen passes by name, verified after each; with their warnings. Errors: unknown
// name.
Result<ir::Graph> run_passes(ir::Graph graph, const std::vector<std::string> &names);

}  // namespace thimble::passes
