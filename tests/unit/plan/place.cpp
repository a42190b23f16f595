// Placement: against brute force on tiny problems, and what it must find on known ones.
#include "plan/place.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

#include "plan/intervals.h"
#include "plan/place_bounds.h"
#include "plan/place_cliques.h"

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

PlaceProblem::Object bytes(std::int64_t size) { return {size, 1, std::nullopt}; }

PlaceProblem::Pair apart(const PlaceProblem &problem, int a, int b) {
  return {a, b, {{1 - problem.objects[a].size, problem.objects[b].size}}};
}

PlaceProblem random_plain_problem(Dice &dice) {
  PlaceProblem problem;
  const int count = dice.draw(3, 6);
  for (int i = 0; i < count; ++i) problem.objects.push_back(bytes(dice.draw(1, 3)));
  for (int a = 0; a < count; ++a)
    for (int b = a + 1; b < count; ++b)
      if (dice.draw(0, 2) > 0) problem.pairs.push_back(apart(problem, a, b));
  return problem;
}

void expect_least(const PlaceProblem &problem, std::uint32_t seed) {
  const PlaceSolution solution = place(problem, 10);
  EXPECT_TRUE(validate(problem, solution).empty()) << seed << validate(problem, solution).front();
  EXPECT_TRUE(solution.proven) << seed;
  EXPECT_EQ(solution.bytes, brute_force(problem, solution.bytes + 1)) << seed;
}

TEST(Place, FindsWhatBruteForceFinds) {
  for (std::uint32_t seed = 0; seed < 300; ++seed) {
    Dice dice(seed);
    expect_least(random_problem(dice), seed);
  }
}

TEST(Place, FindsWhatBruteForceFindsAmongBuffersThatKeepClear) {
  for (std::uint32_t seed = 0; seed < 100; ++seed) {
    Dice dice(seed);
    expect_least(random_plain_problem(dice), seed);
  }
}

// A few that keep clear of each other, and one more that may lie in parts of them.
PlaceProblem random_partly_clear_problem(Dice &dice) {
  PlaceProblem problem;
  const int count = dice.draw(1, 3);
  for (int i = 0; i <= count; ++i) problem.objects.push_back(bytes(dice.draw(1, 6)));
  for (int a = 0; a < count; ++a)
    for (int b = a + 1; b < count; ++b) problem.pairs.push_back(apart(problem, a, b));
  for (int a = 0; a < count; ++a) {
    IntervalSet forbidden;
    for (int k = dice.draw(0, 2); k > 0; --k) {
      const int lo = dice.draw(-6, 3);
      forbidden.push_back({lo, lo + dice.draw(1, 9)});
    }
    if (forbidden.empty()) continue;
    const bool turned = dice.draw(0, 1) == 1;
    PlaceProblem::Pair pair{a, count, normalized(std::move(forbidden))};
    if (turned) pair = {count, a, mirrored(pair.forbidden)};
    problem.pairs.push_back(std::move(pair));
  }
  return problem;
}

TEST(PlaceBounds, PartlyClearIsNoMoreThanBruteForceNeeds) {
  int decided = 0;
  for (std::uint32_t seed = 0; seed < 400; ++seed) {
    Dice dice(seed);
    const PlaceProblem problem =
        seed % 2 == 0 ? random_partly_clear_problem(dice) : random_problem(dice);
    const auto cliques = find_cliques(problem);
    const std::int64_t least = brute_force(problem, 40);
    const std::int64_t simple = simple_bound(problem, cliques);
    const std::int64_t partly = partly_clear_bound(problem, cliques);
    ASSERT_LT(least, 40) << seed;
    EXPECT_LE(simple, least) << seed;
    EXPECT_LE(partly, least) << seed;
    decided += simple < partly && partly == least;
  }
  EXPECT_GE(decided, 4) << "there are problems that it alone decides";
}

TEST(PlaceBounds, WhatNothingEverLiesInAddsToTheClique) {
  PlaceProblem problem;
  problem.objects = {bytes(10), bytes(8), bytes(20)};
  // 0 and 1 keep clear; each may lie in the last four bytes of 2, or beside it.
  problem.pairs = {apart(problem, 0, 1), {0, 2, {{-9, 16}}}, {1, 2, {{-7, 16}}}};
  const auto cliques = find_cliques(problem);
  EXPECT_EQ(partly_clear_bound(problem, cliques), 34);
  EXPECT_EQ(place(problem, 10).bytes, 34);
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

TEST(Place, ARingOfFiveNeedsThreeWhereEachPairNeedsTwo) {
  PlaceProblem problem;
  problem.objects.assign(5, bytes(1));
  for (int i = 0; i < 5; ++i) problem.pairs.push_back(apart(problem, i, (i + 1) % 5));
  const PlaceSolution solution = place(problem, 10);
  EXPECT_EQ(solution.bytes, 3);
  EXPECT_TRUE(solution.proven);
}

// Eight live bytes at all times; no placement within eight.
PlaceProblem full_at_all_times() {
  struct Row {
    int lower, upper, size;
  };
  const std::vector<Row> rows = {{0, 1, 2}, {0, 2, 6}, {1, 3, 1}, {1, 4, 1}, {2, 3, 1},
                                 {2, 4, 5}, {3, 5, 2}, {4, 5, 2}, {4, 5, 4}};
  PlaceProblem problem;
  for (const Row &row : rows) problem.objects.push_back(bytes(row.size));
  for (std::size_t a = 0; a < rows.size(); ++a)
    for (std::size_t b = a + 1; b < rows.size(); ++b)
      if (rows[a].lower < rows[b].upper && rows[b].lower < rows[a].upper)
        problem.pairs.push_back(apart(problem, static_cast<int>(a), static_cast<int>(b)));
  return problem;
}

TEST(Place, ProvesThatTheLiveBytesAreNotEnough) {
  const PlaceSolution solution = place(full_at_all_times(), 10);
  EXPECT_EQ(solution.bytes, 9);
  EXPECT_TRUE(solution.proven);
}

TEST(Place, StopsAtWhatIsEnough) {
  const PlaceSolution solution = place(full_at_all_times(), 10, 0, 10);
  EXPECT_LE(solution.bytes, 10);
  EXPECT_EQ(place(full_at_all_times(), 10, 0, 8).bytes,
            9);  // asked for too little, it finds the least
}

TEST(Place, PartsWithNoPairBetweenThemStartAtZero) {
  PlaceProblem problem;
  problem.objects = {bytes(4), bytes(9), bytes(3), bytes(2), bytes(0)};
  problem.pairs = {apart(problem, 0, 2), apart(problem, 1, 3)};
  const PlaceSolution solution = place(problem, 10);
  EXPECT_EQ(solution.bytes, 11);
  EXPECT_TRUE(solution.proven);
  EXPECT_TRUE(validate(problem, solution).empty());
}

TEST(Cliques, OfLifetimesAreTheSectionsOfTime) {
  PlaceProblem problem;
  problem.objects = {bytes(1), bytes(2), bytes(3), bytes(4)};
  for (const auto &[a, b] : {std::pair(0, 1), std::pair(1, 2), std::pair(0, 2), std::pair(2, 3)})
    problem.pairs.push_back(apart(problem, a, b));
  auto cliques = find_cliques(problem);
  std::sort(cliques.begin(), cliques.end());
  EXPECT_EQ(cliques, (std::vector<std::vector<int>>{{0, 1, 2}, {2, 3}}));
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
