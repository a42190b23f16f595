#include "cli/buffer_csv.h"

#include <gtest/gtest.h>

namespace thimble::cli {
namespace {

TEST(BufferTable, TurnsLivesThatMeetIntoPairs) {
  const auto table =
      parse_buffer_csv("id,lower,upper,size\na,0,2,10\nb,1,3,20\nc,2,4,5\n", "t.csv");
  ASSERT_TRUE(table.ok());
  EXPECT_EQ(table->ids, (std::vector<std::string>{"a", "b", "c"}));
  ASSERT_EQ(table->problem.pairs.size(), 2u);  // a and c only touch
  EXPECT_EQ(table->problem.pairs[0].forbidden, (std::vector<plan::Interval>{{-9, 20}}));
}

TEST(BufferTable, TakesColumnsInAnyOrderAndWindowsLineEnds) {
  const auto table = parse_buffer_csv("size, id,extra,upper,lower\r\n 8,a,?,2,1\r\n", "t.csv");
  ASSERT_TRUE(table.ok());
  EXPECT_EQ(table->problem.objects[0].size, 8);
}

TEST(BufferTable, ReportsEveryBadLine) {
  const auto table =
      parse_buffer_csv("id,lower,upper,size\na,0,2,-1\na,0,0,1\nb,x,2,3\nc,1\n", "t.csv");
  ASSERT_FALSE(table.ok());
  EXPECT_GE(table.diagnostics().size(), 5u);
  EXPECT_EQ(table.diagnostics()[0].file, "t.csv:2");
  EXPECT_FALSE(parse_buffer_csv("", "t.csv").ok());
}

}  // namespace
}  // namespace thimble::cli
