// `--memory`: what it takes, and that bytes are those of wider elements where asked for.
#include "cli/memories.h"

#include <gtest/gtest.h>

namespace thimble::cli {
namespace {

TEST(MemoryPair, HasNamesAndSizes) {
  const MemoryPair pair = *parse_memories("sram:2M,ext");
  EXPECT_EQ(pair.fast.name, "sram");
  EXPECT_EQ(pair.fast.bytes, 2 << 20);
  EXPECT_EQ(pair.slow.name, "ext");
  EXPECT_FALSE(pair.slow.bytes.has_value());
  EXPECT_EQ(parse_memories("dtcm:64K,sdram:8M")->slow.bytes, 8 << 20);
  EXPECT_EQ(parse_memories("a:100,b-2:7")->fast.bytes, 100);
}

TEST(MemoryPair, RefusesWhatIsNone) {
  for (const char *text :
       {"", "sram", "sram:2M", "sram,ext", "sram:2M,", ":2M,ext", "sram:0,ext", "sram:-1,ext",
        "sram:2G,ext", "sram:M,ext", "sram:1.5M,ext", "sram:2M,sram", "sram:2M,ext:", "a:1,b,c",
        "sram:99999999999999999999,ext", "sram:9999999999M,ext", "s\nram:1,ext", "1:1,ext"})
    EXPECT_FALSE(parse_memories(text).ok()) << text;
}

TEST(MemoryPair, SaysWhatLiesWhere) {
  plan::TwoMemories memories;
  memories.objects = {{"x", true, 0, 8, {8, 0}}, {"y", false, 4, 16, {5, 16}}};
  memories.fast_bytes = 8;
  memories.slow_bytes = 20;
  memories.traffic = {13, 16};
  memories.slow_traffic = {5, 16};
  memories.least_slow_traffic = 21;
  const Json json = to_json(*parse_memories("sram:1K,ext"), scaled(memories, 2));
  EXPECT_EQ(json["memories"][0]["capacity"], 1024);
  EXPECT_EQ(json["memories"][1]["bytes"], 40);
  EXPECT_EQ(json["traffic"]["bytes"], 42);
  EXPECT_TRUE(json["traffic"]["proven"]);
  EXPECT_EQ(json["buffers"][1]["memory"], "ext");
  EXPECT_EQ(json["buffers"][1]["offset"], 8);
  EXPECT_EQ(json["buffers"][1]["written"], 32);
}

}  // namespace
}  // namespace thimble::cli
