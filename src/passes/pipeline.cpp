// The list of passes, and running them with a proof of soundness after each.
#include "passes/pipeline.h"

#include <algorithm>

#include "ops/operator.h"
#include "passes/absorb_permute.h"
#include "passes/absorb_qdq.h"
#include "passes/absorb_reshape.h"
#include "passes/fold_batchnorm.h"
#include "passes/fuse_activation.h"
#include "passes/legalize_concat.h"
#include "passes/remove_dead.h"
#include "support/check.h"

namespace thimble::passes {
namespace {

constexpr Pass kPipeline[] = {
    {"fold-batchnorm", "BatchNorm into the weights before it", fold_batchnorm},
    {"absorb-permute", "Permute into the weights of Linears", absorb_permute},
    {"absorb-reshape", "Reshape into the shapes of Linears", absorb_reshape},
    {"fuse-activation", "Relu into the operator before it", fuse_activation},
    {"absorb-qdq", "a quantized file's scales into types and weights", absorb_qdq},
    {"legalize-concat", "copies what cannot lie within a Concat", legalize_concat},
    {"remove-dead", "what no output needs", remove_dead},
};

// Given a sound graph.
Result<ir::Graph> run_verified(const Pass &pass, ir::Graph graph) {
  auto result = pass.run(std::move(graph));
  if (!result.ok()) return result;
  const Diagnostics broken = ops::verify(*result);
  CHECK(broken.empty(), "after pass " + std::string(pass.name) + ": " + to_string(broken.front()));
  return result;
}

const Pass *find_pass(const std::string &name) {
  const auto found = std::find_if(std::begin(kPipeline), std::end(kPipeline),
                                  [&](const Pass &pass) { return pass.name == name; });
  return found == std::end(kPipeline) ? nullptr : found;
}

std::string all_names() {
  std::string names;
  for (const Pass &pass : kPipeline) names += (names.empty() ? "" : ", ") + std::string(pass.name);
  return names;
}

}  // namespace

std::span<const Pass> pipeline() { return kPipeline; }

Result<ir::Graph> run_pipeline(ir::Graph graph) {
  if (auto errors = ops::verify(graph); !errors.empty()) return errors;
  for (const Pass &pass : kPipeline) {
    TRY(graph, run_verified(pass, std::move(graph)));
  }
  return graph;
}

Result<ir::Graph> run_passes(ir::Graph graph, const std::vector<std::string> &names) {
  if (auto errors = ops::verify(graph); !errors.empty()) return errors;
  for (const std::string &name : names) {
    const Pass *pass = find_pass(name);
    if (!pass) return usage_error("unknown pass '" + name + "'", {}, "known: " + all_names());
    TRY(graph, run_verified(*pass, std::move(graph)));
  }
  return graph;
}

}  // namespace thimble::passes
