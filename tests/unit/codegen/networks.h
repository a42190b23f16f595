// Small networks in the text form that between them use every kernel, and how to get from one to C.
#pragma once

#include <string>
#include <vector>

#include "codegen/emit.h"
#include "few_levels.h"
#include "ir/graph.h"
#include "plan/plan.h"

namespace thimble::codegen {

struct Network {
  std::string name;
  std::string text;  // .thm, float
};

const std::vector<Network> &networks();

// Its transposed convolutions make groups of two and of three columns, of kernels three and five
// wide. The bias of `b` leaves so little of its sums that they are rescaled by a half and more: few
// of those that weights and inputs could make are outputs.
const Network &doubling();

struct Variant {
  bool int8 = false;
  targets::Requant requant = targets::Requant::kM16;
  plan::Options plan;
  Weights weights = Weights::kInt8;
  // On the host, too, the inner loops of several outputs at a time, rescaled on a line, and pairs
  // of three pixels.
  bool blocks = false;
  bool pairs = false;    // weights two outputs a halfword, where they can be
  bool vectors = false;  // the same of Linears with their input as halfwords
  bool fours = false;    // depthwise windows read where they are, where they can be
  bool eights = false;   // the same of eight outputs of a pixel at a time
  bool twins = false;    // windows of two pixels, two values a word, where they can be
  bool windows = false;  // windows in one run of bytes, and on the host inner loops that are wide
};

// Int8, with input and output kept or handed over, all requantizations, weights of few levels in
// every second one, both kinds of inner loops, and weights in pairs and eights, windows in one run,
// and pixels as twins, in turn.
Variant variant_in_turn(int number);

struct Built {
  ir::Graph graph;
  ops::Numbers numbers;
  plan::Plan plan;
  Emitted emitted;
};

// Parses, runs the pipeline, quantizes on random samples if asked. This and `build` throw with the
// diagnostics when any of it fails.
ir::Graph prepare(const Network &network, const Variant &variant);
// Plans and emits as `symbol`.
Built build(ir::Graph prepared, const Variant &variant, const targets::Target &target,
            const std::string &symbol);
Built build(const Network &network, const Variant &variant, const targets::Target &target,
            const std::string &symbol);
// The same plan for another target: plans know no targets.
Built rebuild(const Built &built, const Variant &variant, const targets::Target &target);

// Elements even in [-1, 1), different for each seed.
std::vector<ops::Tensor> random_inputs(const ir::Graph &graph, unsigned seed);

targets::Target target_named(const std::string &name);
void write_files(const Emitted &emitted, const std::string &directory);

}  // namespace thimble::codegen
