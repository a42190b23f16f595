// What each encoding is to a cycle model, and what blocks take one after the other.
#include "emulate/cycles.h"

#include <gtest/gtest.h>

namespace thimble::emulate {
namespace {

constexpr targets::CycleModel kM4 = {
    .load = 2, .next_load = 1, .store = 1, .pair = 3, .list = 1, .taken_branch = 3};

struct Encoding {
  const char *text;
  std::uint16_t first, second = 0;
};

void expect_all(std::initializer_list<Encoding> encodings, Access access, int registers = 0) {
  for (const Encoding &encoding : encodings) {
    const Instruction found = decode_thumb(encoding.first, encoding.second);
    EXPECT_EQ(found.access, access) << encoding.text;
    EXPECT_EQ(found.registers, registers) << encoding.text;
  }
}

TEST(Decode, LoadsOfOneRegister) {
  expect_all({{"ldr r0, [r1, #4]", 0x6848},
              {"ldr r0, [r1, r2]", 0x5888},
              {"ldrb r0, [r1, #1]", 0x7848},
              {"ldrh r0, [r1, #2]", 0x8848},
              {"ldrsh r0, [r1, r2]", 0x5e88},
              {"ldrsb r0, [r1, r2]", 0x5688},
              {"ldr r0, [sp, #8]", 0x9802},
              {"ldr r0, [pc, #4]", 0x4801},
              {"ldr.w r0, [r1, #400]", 0xf8d1, 0x0190},
              {"ldr r0, [r1], #4", 0xf851, 0x0b04},
              {"ldr.w r0, [r1, r2, lsl #2]", 0xf851, 0x0022},
              {"ldr.w r0, [pc, #40]", 0xf8df, 0x0028},
              {"ldrb.w r8, [r1, #-3]", 0xf811, 0x8c03},
              {"ldrh.w r8, [r1, #3]", 0xf8b1, 0x8003},
              {"ldrsh.w r8, [r1, #3]", 0xf9b1, 0x8003},
              {"ldrsb.w r8, [r1], #1", 0xf911, 0x8b01},
              {"ldrt r0, [r1, #4]", 0xf851, 0x0e04},
              {"ldr pc, [r1, #4]", 0xf8d1, 0xf004},
              {"ldrex r0, [r1]", 0xe851, 0x0f00},
              {"ldrexb r0, [r1]", 0xe8d1, 0x0f4f}},
             Access::kLoad);
}

TEST(Decode, StoresOfOneRegister) {
  expect_all({{"str r0, [r1, #4]", 0x6048},
              {"strb r0, [r1, r2]", 0x5488},
              {"strh r0, [r1, #2]", 0x8048},
              {"str r0, [sp, #8]", 0x9002},
              {"str.w r8, [r1, #400]", 0xf8c1, 0x8190},
              {"strb.w r8, [r1], #1", 0xf801, 0x8b01},
              {"strh.w r8, [r1, #-2]", 0xf821, 0x8c02},
              {"strex r0, r2, [r1]", 0xe841, 0x2000},
              {"strexh r0, r2, [r1]", 0xe8c1, 0x2f50}},
             Access::kStore);
}

TEST(Decode, PairsAndLists) {
  expect_all({{"ldrd r0, r1, [r2, #8]", 0xe9d2, 0x0102},
              {"ldrd r0, r1, [r2], #8", 0xe8f2, 0x0102},
              {"strd r0, r1, [r2, #-8]!", 0xe962, 0x0102}},
             Access::kPair);
  expect_all({{"stmia r0!, {r1, r2}", 0xc006}}, Access::kList, 2);
  expect_all({{"push {r4, r5, lr}", 0xb530}, {"pop {r4, r5, pc}", 0xbd30}, {"ldm", 0xc80e}},
             Access::kList, 3);
  expect_all({{"ldmdb r8!, {r0-r3, pc}", 0xe938, 0x800f}}, Access::kList, 5);
  expect_all({{"ldmia.w r8!, {r0-r7}", 0xe8b8, 0x00ff}}, Access::kList, 8);
  expect_all({{"stmdb r8!, {r0-r7, lr}", 0xe928, 0x40ff},
              {"pop.w {r4-r11, pc}", 0xe8bd, 0x8ff0},
              {"push.w {r4-r11, lr}", 0xe92d, 0x4ff0}},
             Access::kList, 9);
}

TEST(Decode, TheRestAccessesNothing) {
  expect_all({{"nop", 0xbf00},
              {"it eq", 0xbf08},
              {"cbz r0", 0xb100},
              {"b", 0xe7ea},
              {"beq", 0xd0e9},
              {"blx r3", 0x4798},
              {"bx lr", 0x4770},
              {"mov r0, r8", 0x4640},
              {"mov pc, r3", 0x469f},
              {"add sp, #8", 0xb002},
              {"sxth r0, r1", 0xb208},
              {"rev r0, r1", 0xba08},
              {"bkpt 0xab", 0xbeab},
              {"adds r0, r1", 0x1840},
              {"pld [r1, #64]", 0xf891, 0xf040},
              {"tbb [pc, r0]", 0xe8df, 0xf000},
              {"tbh [pc, r0, lsl #1]", 0xe8df, 0xf010},
              {"bl", 0xf7ff, 0xffa7},
              {"b.w", 0xf7ff, 0xbfa5},
              {"beq.w", 0xf43f, 0xafa3},
              {"smlad r0, r1, r2, r0", 0xfb21, 0x0002},
              {"smlal r0, r1, r2, r3", 0xfbc2, 0x0103},
              {"smmla r0, r1, r2, r3", 0xfb51, 0x3002},
              {"sxtab16 r0, r1, r2", 0xfa21, 0xf082},
              {"usat r0, #8, r1, asr #3", 0xf3a1, 0x00c8},
              {"uxtb16 r0, r1", 0xfa3f, 0xf081},
              {"add.w r8, r8, #400", 0xf508, 0x78c8},
              {"movw r0, #1234", 0xf240, 0x40d2},
              {"pkhbt r0, r1, r2, lsl #16", 0xeac1, 0x4002},
              {"udiv r0, r1, r2", 0xfbb1, 0xf0f2},
              {"mrs r0, apsr", 0xf3ef, 0x8000},
              {"dsb", 0xf3bf, 0x8f4f}},
             Access::kNone);
}

constexpr Instruction kNothing = {}, kLoad = {Access::kLoad, 0}, kStore = {Access::kStore, 0};

// Of two bytes each.
Block block_at(std::uint32_t begin, std::initializer_list<Instruction> instructions) {
  Block block{.begin = begin, .end = begin};
  for (const Instruction &instruction : instructions) append(block, instruction, 2, kM4);
  return block;
}

std::int64_t cycles(std::initializer_list<Block> blocks) {
  Counts counts;
  const Block *last = nullptr;
  for (const Block &block : blocks) {
    run_block(counts, last, block, kM4);
    last = &block;
  }
  return counts.cycles;
}

TEST(Cycles, ALoadTakesTwoUnlessItFollowsAnotherAccess) {
  EXPECT_EQ(cycles({block_at(0, {kLoad})}), 2);
  EXPECT_EQ(cycles({block_at(0, {kLoad, kLoad, kLoad})}), 4);
  EXPECT_EQ(cycles({block_at(0, {kStore, kLoad})}), 2);
  EXPECT_EQ(cycles({block_at(0, {{Access::kPair, 0}, kLoad})}), 4);
  EXPECT_EQ(cycles({block_at(0, {{Access::kList, 4}, kLoad})}), 6);
  EXPECT_EQ(cycles({block_at(0, {kLoad, kNothing, kLoad})}), 5);
}

TEST(Cycles, ABlockElsewhereWasJumpedTo) {
  EXPECT_EQ(cycles({block_at(0, {kNothing}), block_at(2, {kNothing})}), 2);
  EXPECT_EQ(cycles({block_at(0, {kNothing}), block_at(8, {kNothing})}), 4);
  EXPECT_EQ(cycles({block_at(0, {kNothing}), block_at(0, {kNothing})}), 4);
}

TEST(Cycles, AnAccessIsFollowedAcrossABorderThatWasNotJumpedOver) {
  EXPECT_EQ(cycles({block_at(0, {kLoad}), block_at(2, {kLoad})}), 3);
  EXPECT_EQ(cycles({block_at(0, {kLoad}), block_at(4, {kLoad})}), 6);
  EXPECT_EQ(cycles({block_at(0, {kLoad}), block_at(2, {kStore})}), 3);
}

}  // namespace
}  // namespace thimble::emulate
