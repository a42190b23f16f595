// Placement: against brute force on tiny problems, and what it must find on known ones.
#include "plan/place.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

#include "plan/intervals.h"

namespace thimble::plan {
namespace {

// A linear congruential generator: equal on every machine.
class Dice {
 public:
  explicit Dice(std::uint32_t seed) : state_(seed * 2654435761u + 1) {}
  int draw(int low, int high) {  // both included
    state_ = state_ * 1664525u + 1013904223u;
    return low + static_cast<int>((state_ >> 8) % static_cast<std::uint32_t>(high - low + 1));
  }

 private:
  std::uint32_t state_;
};

bool is_safe(const PlaceProblem &problem, const std::vector<std::int64_t> &offsets) {
  for (const PlaceProblem::Pair &pair : problem.pairs)
    for (const Interval &gap : pair.forbidden) {
      const std::int64_t at = offsets[pair.a] - offsets[pair.b];
      if (at >= gap.lo && at < gap.hi) return false;
    }
  return true;
}

// Every offset of every object up to `most` bytes.
std::int64_t brute_force(const PlaceProblem &problem, std::int64_t most) {
  std::vector<std::int64_t> offsets(problem.objects.size(), 0);
  std::int64_t best = most;
  std::function<void(std::size_t)> choose = [&](std::size_t index) {
    if (index == offsets.size()) {
      std::int64_t bytes = 0;
      for (std::size_t i = 0; i < offsets.size(); ++i)
        bytes = std::max(bytes, offsets[i] + problem.objects[i].size);
      if (bytes < best && is_safe(problem, offsets)) best = bytes;
      return;
    }
    const auto &object = problem.objects[index];
    for (std::int64_t at = 0; at + object.size < best; at += object.alignment) {
      offsets[index] = at;
      choose(index + 1);
    }
  };
  choose(0);
  return best;
}

PlaceProblem random_problem(Dice &dice) {
  PlaceProblem problem;
  const int count = dice.draw(2, 4);
  for (int i = 0; i < count; ++i)
    problem.objects.push_back({dice.draw(1, 5), dice.draw(1, 4) == 1 ? 2 : 1, std::nullopt});
  for (int a = 0; a < count; ++a)
    for (int b = a + 1; b < count; ++b) {
      if (dice.draw(0, 3) == 0) continue;
      IntervalSet forbidden;
      for (int k = dice.draw(1, 2); k > 0; --k) {
        const int lo = dice.draw(-5, 4);
        forbidden.push_back({lo, lo + dice.draw(1, 5)});
      }
      problem.pairs.push_back({a, b, normalized(std::move(forbidden))});
    }
  return problem;
}

TEST(Place, FindsWhatBruteForceFinds) {
  for (std::uint32_t seed = 0; seed < 300; ++seed) {
    Dice dice(seed);
    const PlaceProblem problem = random_problem(dice);
    const PlaceSolution solution = place(problem, 10);
    EXPECT_TRUE(validate(problem, solution).empty()) << seed << validate(problem, solution).front();
    EXPECT_TRUE(solution.proven) << seed;
    EXPECT_EQ(solution.bytes, brute_force(problem, solution.bytes + 1)) << seed;
  }
}

PlaceProblem::Object bytes(std::int64_t size) { return {size, 1, std::nullopt}; }

PlaceProblem::Pair apart(const PlaceProblem &problem, int a, int b) {
  return {a, b, {{1 - problem.objects[a].size, problem.objects[b].size}}};
}

TEST(Place, DisjointLifetimesShareBytes) {
  PlaceProblem problem;
  problem.objects = {bytes(100), bytes(60), bytes(100)};
  problem.pairs = {apart(problem, 0, 1), apart(problem, 1, 2)};
  const PlaceSolution solution = place(problem, 10);
  EXPECT_EQ(solution.bytes, 160);
  EXPECT_EQ(solution.offsets[0], solution.offsets[2]);
}

TEST(Place, UsesAGapBetweenForbiddenDistances) {
  PlaceProblem problem;
  problem.objects = {bytes(8), bytes(8)};
  problem.pairs = {{0, 1, {{-7, 0}, {1, 8}}}};  // only the same offset, or apart
  EXPECT_EQ(place(problem, 10).bytes, 8);
}

TEST(Place, KeepsAlignmentAndFixedOffsets) {
  PlaceProblem problem;
  problem.objects = {{3, 1, 0}, {4, 4, std::nullopt}};
  problem.pairs = {apart(problem, 0, 1)};
  const PlaceSolution solution = place(problem, 10);
  EXPECT_EQ(solution.offsets[0], 0);
  EXPECT_EQ(solution.offsets[1], 4);
  EXPECT_EQ(solution.bytes, 8);
}

TEST(Place, ProvesThirtyBuffersOfAChainWithSkips) {
  PlaceProblem problem;
  Dice dice(3);
  for (int i = 0; i < 30; ++i) problem.objects.push_back(bytes(dice.draw(10, 400)));
  for (int i = 0; i < 30; ++i)
    for (int j = i + 1; j < std::min(30, i + 2 + i % 3); ++j)
      problem.pairs.push_back(apart(problem, i, j));
  const PlaceSolution solution = place(problem, 10);
  EXPECT_TRUE(validate(problem, solution).empty());
  EXPECT_TRUE(solution.proven) << solution.bytes << " against " << solution.lower_bound;
}

TEST(Validate, NamesEachViolation) {
  PlaceProblem problem;
  problem.objects = {bytes(4), {4, 4, std::nullopt}};
  problem.pairs = {apart(problem, 0, 1)};
  EXPECT_EQ(validate(problem, {{0, 4}, 8, 8, true, 0}).size(), 0u);
  EXPECT_EQ(validate(problem, {{0, 3}, 8, 8, true, 0}).size(), 2u);   // not aligned, too near
  EXPECT_EQ(validate(problem, {{0, 8}, 8, 8, true, 0}).size(), 1u);   // behind the end
  EXPECT_EQ(validate(problem, {{-4, 0}, 8, 8, true, 0}).size(), 1u);  // below 0
}

}  // namespace
}  // namespace thimble::plan
