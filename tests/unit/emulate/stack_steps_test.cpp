// What instructions do to the stack pointer, as the assemblers write them.
#include "emulate/stack_steps.h"

#include <gtest/gtest.h>

#include <initializer_list>

namespace thimble::emulate {
namespace {

constexpr std::uint32_t kHere = 0x1000;

CodeAt code(std::initializer_list<unsigned> halfwords) {
  CodeAt bytes{};
  std::size_t at = 0;
  for (const unsigned halfword : halfwords) {
    bytes[at++] = static_cast<std::uint8_t>(halfword);
    bytes[at++] = static_cast<std::uint8_t>(halfword >> 8);
  }
  return bytes;
}

void expect_moves(const StackStep &step, int bytes, int by, Change change = Change::kStack) {
  EXPECT_EQ(step.bytes, bytes);
  EXPECT_EQ(step.change, change);
  EXPECT_EQ(step.by, by);
}

void expect_goes(const StackStep &step, Next next, std::uint32_t target = 0) {
  EXPECT_EQ(step.next, next);
  EXPECT_EQ(step.target, target);
}

TEST(StackSteps, OfAvr) {
  const auto step = [](std::initializer_list<unsigned> halfwords) {
    return avr_step(kHere, code(halfwords));
  };
  expect_moves(step({0x921f}), 2, -1);                                  // push r1
  expect_moves(step({0x901f}), 2, 1);                                   // pop r1
  expect_moves(step({0xd000}), 2, -2);                                  // rcall .+0
  expect_moves(step({0xb7cd}), 2, 0, Change::kFrameOfStack);            // in r28, 0x3d
  expect_moves(step({0x97a6}), 2, -38, Change::kFrame);                 // sbiw r28, 0x26
  expect_moves(step({0x55c1, 0x09d1}), 4, -81, Change::kFrame);         // subi r28, 81; sbc r29, r1
  expect_moves(step({0x5fc0, 0x4fdf}), 4, 16, Change::kFrame);          // subi, sbci of -16
  expect_moves(step({0xbfcd}), 2, 0, Change::kStackOfFrame);            // out 0x3d, r28
  expect_goes(step({0xbe2d}), Next::kUnknown);                          // out 0x3d, r2
  expect_goes(step({0x940e, 0x1c49}), Next::kCall, 0x3892);             // call
  expect_goes(step({0xcf66}), Next::kJump, kHere + 2 - 308);            // rjmp .-308
  expect_goes(step({0xf719}), Next::kBranch, kHere + 2 - 58);           // brne .-58
  expect_goes(step({0xfd17, 0x9200, 0x0100}), Next::kSkip, kHere + 6);  // sbrc r17, 7; sts
  expect_goes(step({0x9508}), Next::kReturn);
  expect_goes(step({0x9509}), Next::kIndirectCall);
}

TEST(StackSteps, OfThumb) {
  const auto step = [](std::initializer_list<unsigned> halfwords) {
    return thumb_step(kHere, code(halfwords));
  };
  expect_moves(step({0xb5f8}), 2, -24);                            // push {r3-r7, lr}
  expect_moves(step({0xb085}), 2, -20);                            // sub sp, #20
  expect_moves(step({0xe92d, 0x4ff0}), 4, -36);                    // push.w {r4-r11, lr}
  expect_moves(step({0xf84d, 0x4d04}), 4, -4);                     // str.w r4, [sp, #-4]!
  expect_moves(step({0xed2d, 0x8b10}), 4, -64);                    // vpush {d8-d15}
  expect_moves(step({0xf5ad, 0x7d02}), 4, -520);                   // sub.w sp, sp, #520
  expect_moves(step({0xf2ad, 0x4d0c}), 4, -1036);                  // subw sp, sp, #1036
  expect_moves(step({0x466f}), 2, 0, Change::kFrameOfStack);       // mov r7, sp
  expect_moves(step({0x46bd}), 2, 0, Change::kStackOfFrame);       // mov sp, r7
  expect_goes(step({0x44ad}), Next::kUnknown);                     // add sp, r5
  expect_goes(step({0xbdf8}), Next::kReturn);                      // pop {r3-r7, pc}
  expect_goes(step({0xe8bd, 0x8ff0}), Next::kReturn);              // pop.w {r4-r11, pc}
  expect_goes(step({0x4770}), Next::kReturn);                      // bx lr
  expect_goes(step({0x4798}), Next::kIndirectCall);                // blx r3
  expect_goes(step({0x4718}), Next::kLastCall);                    // bx r3
  expect_goes(step({0xf7ff, 0xfffe}), Next::kCall, kHere);         // bl to itself
  expect_goes(step({0xd1fe}), Next::kBranch, kHere);               // bne to itself
  expect_goes(step({0xf00f, 0xc809}), Next::kBranch, kHere - 14);  // le lr, back
  EXPECT_EQ(step({0xbf04}).conditionals, 2);                       // itt eq
}

TEST(StackSteps, OfRiscv) {
  const auto step = [](std::initializer_list<unsigned> halfwords) {
    return riscv_step(kHere, code(halfwords));
  };
  expect_moves(step({0x1141}), 2, -16);                        // c.addi sp, -16
  expect_moves(step({0x7139}), 2, -64);                        // c.addi16sp sp, -64
  expect_moves(step({0x6121}), 2, 64);                         // c.addi16sp sp, 64
  expect_moves(step({0x0113, 0xed01}), 4, -304);               // addi sp, sp, -304
  expect_moves(step({0x0800}), 2, 16, Change::kFrameOfStack);  // addi s0, sp, 16
  expect_goes(step({0x8082}), Next::kReturn);                  // ret
  expect_goes(step({0x8282}), Next::kReturn);                  // jr t0
  expect_goes(step({0x8782}), Next::kIndirectJump);            // jr a5
  expect_goes(step({0x9782}), Next::kIndirectCall);            // jalr a5
  expect_goes(step({0x00ef, 0x0000}), Next::kCall, kHere);     // jal to itself
  expect_goes(step({0x0097, 0x0000, 0x80e7, 0x0080}), Next::kCall, kHere + 8);  // auipc, jalr
  expect_goes(step({0xa001}), Next::kJump, kHere);                              // j to itself
  expect_goes(step({0x911a}), Next::kUnknown);                                  // add sp, sp, t1
}

}  // namespace
}  // namespace thimble::emulate
