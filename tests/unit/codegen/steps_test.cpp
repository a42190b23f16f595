// Steps as loops: expanding gives the list back, and repetition is found.
#include "codegen/steps.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "codegen/sequence.h"

namespace thimble::codegen {
namespace {

TEST(Steps, RepeatedBlocksBecomeOneLoop) {
  const auto loops = compress({7, 0, 1, 1, 0, 1, 1, 0, 1, 1, 5});
  ASSERT_EQ(loops.size(), 3u);
  EXPECT_EQ(loops[1].count, 3);
  EXPECT_EQ(loops[1].body.size(), 3u);
}

TEST(Steps, LoopsNest) {
  std::vector<int> tokens;
  for (int i = 0; i < 8; ++i) {
    tokens.push_back(0);
    for (int j = 0; j < 4; ++j) tokens.insert(tokens.end(), {1, 2});
  }
  const auto loops = compress(tokens);
  ASSERT_EQ(loops.size(), 1u);
  EXPECT_EQ(loops[0].count, 8);
  ASSERT_EQ(loops[0].body.size(), 2u);
  EXPECT_EQ(loops[0].body[1].count, 4);
}

TEST(Steps, ExpandingGivesTheListBack) {
  std::mt19937 random(1);
  for (int round = 0; round < 300; ++round) {
    std::vector<int> tokens(random() % 60);
    for (int &token : tokens) token = static_cast<int>(random() % (1 + round % 4));
    EXPECT_EQ(expand(compress(tokens)), tokens);
  }
  EXPECT_TRUE(compress({}).empty());
}

// The value of the expressions that sequence_expression makes.
class Evaluator {
 public:
  Evaluator(const std::string &text, int y) : text_(text), y_(y) {}
  int run() {
    const int left = sum();
    if (!take('<')) return left;
    const int right = sum();
    take('?');
    const int then = sum();
    take(':');
    const int otherwise = run();
    return left < right ? then : otherwise;
  }

 private:
  bool take(char c) {
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  int sum() {
    int value = product();
    while (true) {
      if (take('+')) {
        value += product();
      } else if (take('-')) {
        value -= product();
      } else {
        return value;
      }
    }
  }
  int product() {
    int value = atom();
    while (true) {
      if (take('*')) {
        value *= atom();
      } else if (take('/')) {
        value /= atom();
      } else {
        return value;
      }
    }
  }
  int atom() {
    if (take('y')) return y_;
    if (take('-')) return -atom();
    if (take('(')) {
      const int value = sum();
      take(')');
      return value;
    }
    int value = 0;
    while (at_ < text_.size() && std::isdigit(text_[at_]))
      value = 10 * value + (text_[at_++] - '0');
    return value;
  }
  const std::string text_;
  const int y_;
  std::size_t at_ = 0;
};

void expect_equal(const std::vector<int> &values) {
  const std::string text = sequence_expression(values, "y");
  for (std::size_t y = 0; y < values.size(); ++y) {
    EXPECT_EQ(Evaluator(text, static_cast<int>(y)).run(), values[y]) << text << " at " << y;
  }
}

TEST(Sequence, WindowsReadAsPeopleWriteThem) {
  EXPECT_EQ(sequence_expression({0, 1, 2, 3}, "y"), "y");
  EXPECT_EQ(sequence_expression({0, 2, 4}, "y"), "2 * y");
  EXPECT_EQ(sequence_expression({0, 0, 1, 1, 2, 2}, "y"), "y / 2");
  EXPECT_EQ(sequence_expression({0, 0, 1, 2, 3}, "y"), "y < 1 ? 0 : y - 1");
  EXPECT_EQ(sequence_expression({2, 3, 4, 4}, "y"), "y < 3 ? y + 2 : 4");
  EXPECT_EQ(sequence_expression({5, 5}, "y"), "5");
}

TEST(Sequence, AnySequenceIsSpelledExactly) {
  std::mt19937 random(2);
  for (int round = 0; round < 300; ++round) {
    std::vector<int> values(1 + random() % 30);
    for (int &value : values) value = static_cast<int>(random() % (2 + round % 9)) - 2;
    expect_equal(values);
  }
}

constexpr std::optional<int> kOpen = std::nullopt;

TEST(Sequence, OpenValuesAreChosenForTheShortestExpression) {
  EXPECT_THAT(completed({kOpen, 3, kOpen, 7}, {9, 3, 9, 7}, "y"), testing::ElementsAre(1, 3, 5, 7));
  EXPECT_THAT(held({kOpen, 2, kOpen, 4}), testing::ElementsAre(2, 2, 2, 4));
}

TEST(Sequence, ThresholdsAndConditions) {
  EXPECT_EQ(plateaus_expression({3, 3, 2, 1, 1}, "y"), "y < 2 ? 3 : y < 3 ? 2 : 1");
  EXPECT_EQ(plateaus_expression({4}, "y"), "4");
  EXPECT_EQ(condition_expression({0, kOpen, 1, 1}, "y"), "y >= 2");
  EXPECT_EQ(condition_expression({1, 1, 0}, "y"), "y < 2");
}

}  // namespace
}  // namespace thimble::codegen
