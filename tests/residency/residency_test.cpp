// However a network is kept in memory, it is the same network: random stacks and classifiers
// (random_stacks.h, random_blocks.h) are planned layer by layer, with rings of rows, and with line
// buffers where they are chosen and wherever they can be. Each plan passes check_plan, and its
// compiled C gives the bits of eval_int.
//
// Batches of twenty-five networks, so that ctest can run two at a time. Every batch must have used
// what it is to test in a good share of its networks; the counts are printed.
#include <fmt/core.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "host_program.h"
#include "plan/check_plan.h"
#include "random_blocks.h"
#include "random_stacks.h"

namespace thimble::codegen {
namespace {

constexpr int kNetworksInBatch = 25;
constexpr unsigned kSeedsInBatch = 1000;  // room for networks that are passed over
constexpr unsigned kMostPassedOver = 5;
constexpr double kPlanningSeconds = 0.01;

// Networks of one kind, and in how many of a batch line buffers, trees of them (lanes that several
// others are made for, or that follow) and scattering must occur. Folding in the output is rare in
// them and only counted: Generated.PoolingFoldsRowsAndBlocksIntoItsOutput demands it.
struct Kind {
  const char *name;
  ir::Graph (*next_telling)(unsigned &seed, const Variant &variant);
  int batches;
  int least_with_lanes, least_with_trees, least_with_scatter;
};

constexpr Kind kStacks{"stack", next_telling_stack, 20, 6, 0, 4};
constexpr Kind kBlocks{"blocks", next_telling_blocks, 8, 15, 6, 0};

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

// Not only one lane after the other.
bool has_branches(const plan::Group &group) {
  std::set<int> readers;
  return std::any_of(group.lanes.begin(), group.lanes.end(), [&](const plan::LineLane &lane) {
    return lane.follows || lane.producer >= 0 || !readers.insert(lane.reader).second;
  });
}

bool has_trees(const Built &built) {
  const auto &groups = built.plan.program.groups;
  return std::any_of(groups.begin(), groups.end(), has_branches);
}

bool has_mode(const Built &built, const std::string &name) {
  for (const plan::Call &call : built.plan.program.calls) {
    if (call.node < 0) continue;
    const ir::Node &node = built.graph.node(call.node);
    if (ops::operator_of(node).modes(built.graph, node)[call.mode].name == name) return true;
  }
  return false;
}

bool has_scatter(const Built &built) { return has_mode(built, "scatter"); }
bool has_folds(const Built &built) { return has_mode(built, "fold"); }

// One network under every residency.
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
    variant.plan.time_limit_seconds = kPlanningSeconds;
    family.built.push_back(build(graph, variant, target_named("host"), name + "_" + kept.name));
    const Diagnostics wrong = plan::check_plan(graph, family.built.back().plan.program);
    EXPECT_TRUE(wrong.empty()) << family.built.back().emitted.name << ": " << to_string(wrong[0]);
  }
  return family;
}

class Residency : public testing::TestWithParam<int> {
 protected:
  void check_batch(const Kind &kind) const;
};

void Residency::check_batch(const Kind &kind) const {
  const unsigned first_seed = kSeedsInBatch * static_cast<unsigned>(GetParam());
  unsigned seed = first_seed;
  std::vector<Built> all;
  int with_lanes = 0, with_trees = 0, with_scatter = 0, with_folds = 0;
  for (int i = 0; i < kNetworksInBatch; ++i) {
    const int number = GetParam() * kNetworksInBatch + i;
    const Variant variant = variant_in_turn(number);
    const ir::Graph graph = kind.next_telling(seed, variant);
    Family family = build_family(graph, variant, kind.name + std::to_string(number));
    with_lanes += family.any(has_lanes);
    with_trees += family.any(has_trees);
    with_scatter += family.any(has_scatter);
    with_folds += family.any(has_folds);
    std::move(family.built.begin(), family.built.end(), std::back_inserter(all));
  }
  const unsigned passed_over = seed - first_seed - kNetworksInBatch;
  fmt::print(
      "{} networks: {} with line buffers, {} with trees of them, {} with scattering, {} with "
      "folding in the output; {} passed over as constant\n",
      kNetworksInBatch, with_lanes, with_trees, with_scatter, with_folds, passed_over);
  EXPECT_GE(with_lanes, kind.least_with_lanes);
  EXPECT_GE(with_trees, kind.least_with_trees);
  EXPECT_GE(with_scatter, kind.least_with_scatter);
  EXPECT_LE(passed_over, kMostPassedOver);
  expect_what_the_evaluators_say(all, {}, compiler_in_turn(GetParam()));
}

class ResidencyOfStacks : public Residency {};
class ResidencyOfClassifiers : public Residency {};

TEST_P(ResidencyOfStacks, GivesTheBitsOfTheIntegerEvaluator) { check_batch(kStacks); }
TEST_P(ResidencyOfClassifiers, GivesTheBitsOfTheIntegerEvaluator) { check_batch(kBlocks); }

INSTANTIATE_TEST_SUITE_P(Batches, ResidencyOfStacks, testing::Range(0, kStacks.batches));
INSTANTIATE_TEST_SUITE_P(Batches, ResidencyOfClassifiers, testing::Range(0, kBlocks.batches));

}  // namespace
}  // namespace thimble::codegen
