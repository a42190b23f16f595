// The list of passes, and running them with a proof of soundness after each.
#include "passes/pipeline.h"

#include "ops/operator.h"
#include "passes/absorb_permute.h"
#include "passes/absorb_qdq.h"
#include "passes/absorb_reshape.h"
#include "passes/byte_pairs.h"
#include "passes/copy_borrowed.h"
#include "passes/copy_windows.h"
#include "passes/fold_batchnorm.h"
#include "passes/fuse_activation.h"
#include "passes/input_pieces.h"
#include "passes/legalize_concat.h"
#include "passes/output_pieces.h"
#include "passes/pixel_twins.h"
#include "passes/pool_to_stride.h"
#include "passes/remove_dead.h"
#include "passes/subsample_shortcut.h"
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
    {"subsample-shortcut", "strided pointwise Conv2d on a smaller copy", subsample_shortcut},
    {"remove-dead", "what no output needs", remove_dead},
};

// What only some plans need.
constexpr Pass kOnRequest[] = {
    {"copy-borrowed", "copies what of borrowed inputs must lie in the arena", copy_borrowed},
    {"input-pieces", "long vectors that stream in come in pieces", input_pieces},
    {"output-pieces", "long vectors that stream out go in pieces", output_pieces},
    {"byte-pairs", "weights two outputs a halfword, windows of halfwords", byte_pairs},
    {"byte-threes", "the same, three pixels at a time", byte_threes},
    {"byte-eights", "weights two outputs a halfword, eight outputs at a time", byte_eights},
    {"byte-fours", "depthwise windows read where they are, four channels at a time", byte_fours},
    {"byte-vectors", "weights two outputs a halfword, vectors of halfwords", byte_vectors},
    {"copy-windows", "windows in one run of bytes each", copy_windows},
    {"pixel-twins", "windows of two pixels, two values a word", pixel_twins},
};

// Not equivalent: smaller networks, which want training.
constexpr Pass kShrinking[] = {
    {"pool-to-stride", "poolings into the strides of convolutions", pool_to_stride},
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
  for (const std::span<const Pass> list : {pipeline(), on_request(), shrinking()})
    for (const Pass &pass : list)
      if (pass.name == name) return &pass;
  return nullptr;
}

std::string all_names() {
  std::string names;
  for (const std::span<const Pass> list : {pipeline(), on_request(), shrinking()})
    for (const Pass &pass : list) names += (names.empty() ? "" : ", ") + std::string(pass.name);
  return names;
}

}  // namespace

std::span<const Pass> pipeline() { return kPipeline; }
std::span<const Pass> on_request() { return kOnRequest; }
std::span<const Pass> shrinking() { return kShrinking; }

Result<ir::Graph> run_pipeline(ir::Graph graph) {
  if (auto errors = ops::verify(graph); !errors.empty()) return errors;
  for (const Pass &pass : kPipeline) {
    TRY(graph, run_verified(pass, std::move(graph)));
  }
  return graph;
}

Result<ir::Graph> run_passes(ir::Graph graph, const std::vector<std::string> &names) {
  if (auto errors = ops::verify(graph); !errors.empty()) return errors;
  Diagnostics warnings;
  for (const std::string &name : names) {
    const Pass *pass = find_pass(name);
    if (!pass) return usage_error("unknown pass '" + name + "'", {}, "known: " + all_names());
    auto result = run_verified(*pass, std::move(graph));
    if (!result.ok()) return result;
    warnings.insert(warnings.end(), result.diagnostics().begin(), result.diagnostics().end());
    graph = *std::move(result);
  }
  return {std::move(graph), std::move(warnings)};
}

}  // namespace thimble::passes
