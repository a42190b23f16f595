// What lies in the fast memory: against every choice of a few objects.
#include "plan/fast_memory.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace thimble::plan {
namespace {

struct Life {
  std::int64_t bytes;
  int first, last;  // both included
  std::int64_t worth;
};

FastProblem problem_of(const std::vector<Life> &lives, std::int64_t capacity) {
  FastProblem problem;
  problem.capacity = capacity;
  int end = 0;
  for (const Life &life : lives) {
    problem.place.objects.push_back({life.bytes, 1, std::nullopt});
    problem.worth.push_back(life.worth);
    end = std::max(end, life.last + 1);
  }
  const int count = static_cast<int>(lives.size());
  for (int a = 0; a < count; ++a)
    for (int b = a + 1; b < count; ++b)
      if (lives[a].first <= lives[b].last && lives[b].first <= lives[a].last)
        problem.place.pairs.push_back({a, b, {{1 - lives[a].bytes, lives[b].bytes}}});
  problem.moments.resize(end);
  for (int i = 0; i < count; ++i)
    for (int moment = lives[i].first; moment <= lives[i].last; ++moment)
      problem.moments[moment].push_back({i, lives[i].bytes});
  return problem;
}

std::int64_t worth_of(const FastProblem &problem, const std::vector<bool> &is_fast) {
  std::int64_t worth = 0;
  for (std::size_t i = 0; i < is_fast.size(); ++i)
    if (is_fast[i]) worth += problem.worth[i];
  return worth;
}

std::int64_t most_of_all_choices(const FastProblem &problem) {
  std::int64_t most = 0;
  for (unsigned set = 0; set < 1u << problem.worth.size(); ++set) {
    std::vector<bool> is_fast;
    for (std::size_t i = 0; i < problem.worth.size(); ++i) is_fast.push_back(set >> i & 1);
    const std::int64_t worth = worth_of(problem, is_fast);
    if (worth <= most) continue;
    if (place(part_of(problem.place, is_fast), 10).bytes <= problem.capacity) most = worth;
  }
  return most;
}

void expect_sound(const FastProblem &problem, const FastChoice &choice) {
  EXPECT_EQ(choice.worth, worth_of(problem, choice.is_fast));
  EXPECT_LE(choice.worth, choice.most_worth);
  PlaceSolution solution;
  solution.bytes = problem.capacity;
  for (std::size_t i = 0; i < choice.offsets.size(); ++i) {
    EXPECT_EQ(choice.offsets[i] >= 0, choice.is_fast[i]);
    if (choice.is_fast[i]) solution.offsets.push_back(choice.offsets[i]);
  }
  EXPECT_TRUE(validate(part_of(problem.place, choice.is_fast), solution).empty());
}

TEST(FastMemory, HoldsWhatIsWorthMostOfAllChoices) {
  std::mt19937 random(1);
  const auto draw = [&](int bound) { return static_cast<int>(random() % bound); };
  int best = 0;
  constexpr int kProblems = 200;
  for (int i = 0; i < kProblems; ++i) {
    std::vector<Life> lives;
    for (int n = 1 + draw(8); n > 0; --n) {
      const int first = draw(8);
      lives.push_back({1 + draw(10), first, first + draw(4), draw(30)});
    }
    const FastProblem problem = problem_of(lives, 4 + draw(16));
    const FastChoice choice = choose_fast(problem, 1);
    SCOPED_TRACE(i);
    expect_sound(problem, choice);
    const std::int64_t most = most_of_all_choices(problem);
    EXPECT_LE(choice.worth, most);
    EXPECT_GE(choice.most_worth, most);
    best += choice.worth == most;
  }
  EXPECT_GE(best, kProblems * 99 / 100);
}

// One large tensor lives all through; the small ones beside it are worth more together.
TEST(FastMemory, PrefersManyThatComeAndGoToOneThatStays) {
  std::vector<Life> lives = {{10, 0, 5, 50}};
  for (int step = 0; step < 6; ++step) lives.push_back({8, step, step, 20});
  const FastChoice choice = choose_fast(problem_of(lives, 16), 1);
  EXPECT_FALSE(choice.is_fast[0]);
  EXPECT_EQ(choice.worth, 120);
  EXPECT_EQ(choice.most_worth, 120);
}

TEST(FastMemory, StaysABoundWhereThereAreTooManySets) {
  std::mt19937 random(2);
  std::vector<Life> lives;
  for (int i = 0; i < 40; ++i)
    lives.push_back(
        {20 + static_cast<int>(random() % 20), 0, 1, 1 + static_cast<int>(random() % 99)});
  const FastProblem problem = problem_of(lives, 300);
  const FastChoice choice = choose_fast(problem, 1);
  expect_sound(problem, choice);
  EXPECT_GT(choice.worth, 0);
}

TEST(FastMemory, HoldsNothingThatIsTooLarge) {
  const FastChoice choice = choose_fast(problem_of({{10, 0, 1, 5}, {11, 3, 4, 7}}, 9), 1);
  EXPECT_EQ(choice.worth, 0);
  EXPECT_EQ(choice.bytes, 0);
  EXPECT_EQ(choice.most_worth, 0);
}

}  // namespace
}  // namespace thimble::plan
