// However a network is kept in memory, it is the same network: random stacks (random_stacks.h) are
// planned layer by layer, with rings of rows, and with line buffers where they are chosen and
// wherever they can be. Each plan passes check_plan, and its compiled C gives the bits of eval_int.
//
// Twenty batches of twenty-five stacks, so that ctest can run two at a time. Every batch must have
// used line buffers and scattering in a good share of its stacks; the counts are printed.
#include <fmt/core.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "host_program.h"
#include "plan/check_plan.h"
#include "random_stacks.h"

namespace thimble::codegen {
namespace {

constexpr int kBatches = 20, kStacksInBatch = 25;
constexpr unsigned kSeedsInBatch = 1000;  // room for stacks that are passed over
constexpr unsigned kMostPassedOver = 5;
constexpr int kLeastWithLanes = kStacksInBatch / 4, kLeastWithScatter = kStacksInBatch / 6;

struct Kept {
  const char *name;
  bool layer_by_layer;
  plan::Lines lines;
};

constexpr Kept kResidencies[] = {{"layers", true, plan::Lines::kNever},
                                 {"rings", false, plan::Lines::kNever},
                                 {"always", false, plan::Lines::kAlways},
                                 {"chosen", false, plan::Lines::kChosen}};

bool has_lanes(const Built &built) {
  const auto &groups = built.plan.program.groups;
  return std::any_of(groups.begin(), groups.end(),
                     [](const plan::Group &group) { return !group.lanes.empty(); });
}

bool has_scatter(const Built &built) {
  for (const plan::Call &call : built.plan.program.calls) {
    if (call.node < 0) continue;
    const ir::Node &node = built.graph.node(call.node);
    if (ops::operator_of(node).modes(built.graph, node)[call.mode].name == "scatter") return true;
  }
  return false;
}

// One stack under every residency.
struct Family {
  std::vector<Built> built;

  template <class Predicate>
  bool any(Predicate predicate) const {
    return std::any_of(built.begin(), built.end(), predicate);
  }
};

Family build_family(const ir::Graph &graph, Variant variant, const std::string &name) {
  Family family;
  for (const Kept &kept : kResidencies) {
    variant.plan.layer_by_layer = kept.layer_by_layer;
    variant.plan.lines = kept.lines;
    family.built.push_back(build(graph, variant, target_named("host"), name + "_" + kept.name));
    const Diagnostics wrong = plan::check_plan(graph, family.built.back().plan.program);
    EXPECT_TRUE(wrong.empty()) << family.built.back().emitted.name << ": " << to_string(wrong[0]);
  }
  return family;
}

class Residency : public testing::TestWithParam<int> {};

TEST_P(Residency, GivesTheBitsOfTheIntegerEvaluator) {
  const unsigned first_seed = kSeedsInBatch * static_cast<unsigned>(GetParam());
  unsigned seed = first_seed;
  std::vector<Built> all;
  int with_lanes = 0, with_scatter = 0;
  for (int i = 0; i < kStacksInBatch; ++i) {
    const int stack = GetParam() * kStacksInBatch + i;
    const Variant variant = variant_in_turn(stack);
    const ir::Graph graph = next_telling_stack(seed, variant);
    Family family = build_family(graph, variant, "stack" + std::to_string(stack));
    with_lanes += family.any(has_lanes);
    with_scatter += family.any(has_scatter);
    std::move(family.built.begin(), family.built.end(), std::back_inserter(all));
  }
  const unsigned passed_over = seed - first_seed - kStacksInBatch;
  fmt::print("{} stacks: {} with line buffers, {} with scattering; {} passed over as constant\n",
             kStacksInBatch, with_lanes, with_scatter, passed_over);
  EXPECT_GE(with_lanes, kLeastWithLanes);
  EXPECT_GE(with_scatter, kLeastWithScatter);
  EXPECT_LE(passed_over, kMostPassedOver);
  expect_what_the_evaluators_say(all, {});
}

INSTANTIATE_TEST_SUITE_P(Batches, Residency, testing::Range(0, kBatches));

}  // namespace
}  // namespace thimble::codegen
