// Thumb of ARMv6-M to ARMv8.1-M, with r7 as frame pointer: Armv8-M Architecture Reference Manual,
// C2.
#include <bit>

#include "emulate/stack_steps.h"

namespace thimble::emulate {
namespace {

constexpr std::uint32_t kFrame = 7, kSp = 13, kLr = 14, kPc = 15;

// What an addition to `from` that goes into `to` does.
StackStep sum_step(int bytes, std::uint32_t to, std::uint32_t from, int by) {
  if (to == kSp && from == kSp) return {bytes, Next::kFollowing, 0, Change::kStack, by};
  if (to == kSp && from == kFrame) return {bytes, Next::kFollowing, 0, Change::kStackOfFrame, by};
  if (to == kSp) return {bytes, Next::kUnknown};
  if (to == kFrame && from == kSp) return {bytes, Next::kFollowing, 0, Change::kFrameOfStack, by};
  if (to == kFrame && from == kFrame) return {bytes, Next::kFollowing, 0, Change::kFrame, by};
  return {bytes};
}

StackStep stack_step(int bytes, int by, bool returns = false) {
  return {bytes, returns ? Next::kReturn : Next::kFollowing, 0, Change::kStack, by};
}

StackStep short_step(std::uint32_t address, std::uint32_t word) {
  const std::uint32_t pc = address + 4;
  const int byte = static_cast<int>(bits(word, 0, 8));
  const auto goes = [](Next next, std::uint32_t target = 0) { return StackStep{2, next, target}; };
  if ((word & 0xfe00) == 0xb400) return stack_step(2, -4 * std::popcount(word & 0x1ff));  // PUSH
  if ((word & 0xfe00) == 0xbc00)                                                          // POP
    return stack_step(2, 4 * std::popcount(word & 0x1ff), bits(word, 8, 1));
  if ((word & 0xff00) == 0xb000) {  // ADD, SUB of SP
    const int by = 4 * static_cast<int>(bits(word, 0, 7));
    return stack_step(2, bits(word, 7, 1) ? -by : by);
  }
  if ((word & 0xff87) == 0x4485) return goes(Next::kUnknown);                // ADD SP, Rm
  if ((word & 0xff00) == 0xaf00) return sum_step(2, kFrame, kSp, 4 * byte);  // ADD r7, SP
  if ((word & 0xff00) == 0x3700) return sum_step(2, kFrame, kFrame, byte);   // ADDS r7
  if ((word & 0xff00) == 0x3f00) return sum_step(2, kFrame, kFrame, -byte);  // SUBS r7
  if ((word & 0xff00) == 0x4600) {                                           // MOV
    const std::uint32_t to = bits(word, 7, 1) << 3 | bits(word, 0, 3), from = bits(word, 3, 4);
    if (to != kPc) return sum_step(2, to, from, 0);
    return goes(from == kLr ? Next::kReturn : Next::kUnknown);
  }
  if ((word & 0xff00) == 0x4700) {  // BX, BLX
    if (bits(word, 7, 1)) return goes(Next::kIndirectCall);
    return goes(bits(word, 3, 4) == kLr ? Next::kReturn : Next::kLastCall);
  }
  if ((word & 0xf000) == 0xd000 && bits(word, 8, 4) < 14)
    return goes(Next::kBranch, pc + 2 * signed_of(bits(word, 0, 8), 8));
  if ((word & 0xf800) == 0xe000)
    return goes(Next::kJump, pc + 2 * signed_of(bits(word, 0, 11), 11));
  if ((word & 0xf500) == 0xb100)  // CBZ, CBNZ
    return goes(Next::kBranch, pc + (bits(word, 9, 1) << 6 | bits(word, 3, 5) << 1));
  StackStep step{2};
  if ((word & 0xff00) == 0xbf00 && bits(word, 0, 4))  // IT
    step.conditionals = 4 - std::countr_zero(bits(word, 0, 4));
  return step;
}

// Branches, calls, and the loops of ARMv8.1-M.
StackStep branch_step(std::uint32_t address, std::uint32_t first, std::uint32_t second) {
  const std::uint32_t pc = address + 4, sign = bits(first, 10, 1);
  const auto goes = [](Next next, std::uint32_t target) { return StackStep{4, next, target}; };
  const std::uint32_t kind = bits(second, 14, 1) << 1 | bits(second, 12, 1);
  if (kind == 2) {
    const std::uint32_t loop = bits(second, 1, 10) << 2 | bits(second, 11, 1) << 1;
    if (bits(second, 13, 1)) return {4};                                 // DLS, LCTP
    if (bits(first, 0, 4) == 15) return goes(Next::kBranch, pc - loop);  // LE
    return goes(Next::kBranch, pc + loop);                               // WLS
  }
  if (kind == 0) {
    if (bits(first, 7, 3) == 7) return {4};  // MSR, barriers, hints
    const std::uint32_t offset = sign << 20 | bits(second, 11, 1) << 19 |
                                 bits(second, 13, 1) << 18 | bits(first, 0, 6) << 12 |
                                 bits(second, 0, 11) << 1;
    return goes(Next::kBranch, pc + signed_of(offset, 21));
  }
  const std::uint32_t i1 = bits(second, 13, 1) == sign, i2 = bits(second, 11, 1) == sign;
  const std::uint32_t offset =
      sign << 24 | i1 << 23 | i2 << 22 | bits(first, 0, 10) << 12 | bits(second, 0, 11) << 1;
  return goes(kind == 3 ? Next::kCall : Next::kJump, pc + signed_of(offset, 25));
}

// ThumbExpandImm of i:imm3:imm8, modulo 2^32.
std::uint32_t expanded(std::uint32_t value) {
  const std::uint32_t byte = bits(value, 0, 8);
  if (bits(value, 10, 2) != 0) {
    const int turn = static_cast<int>(bits(value, 7, 5));
    return std::rotr(0x80u | bits(value, 0, 7), turn);
  }
  const std::uint32_t pattern[] = {byte, byte << 16 | byte, byte << 24 | byte << 8,
                                   byte * 0x01010101u};
  return pattern[bits(value, 8, 2)];
}

StackStep long_step(std::uint32_t address, std::uint32_t first, std::uint32_t second) {
  if ((first & 0xf800) == 0xf000 && bits(second, 15, 1)) return branch_step(address, first, second);
  const std::uint32_t from = bits(first, 0, 4), to = bits(second, 8, 4), top = bits(second, 12, 4);
  const int byte = static_cast<int>(bits(second, 0, 8));
  if (first == 0xe92d) return stack_step(4, -4 * std::popcount(second));  // STMDB SP!
  if (first == 0xe8bd) return stack_step(4, 4 * std::popcount(second), bits(second, 15, 1));
  if (first == 0xf84d && to == 13) return stack_step(4, -byte);             // STR [SP, #]!
  if (first == 0xf85d && to == 11) return stack_step(4, byte, top == kPc);  // LDR [SP], #
  if (first == 0xe96d) return stack_step(4, -4 * byte);                     // STRD [SP, #]!
  if (first == 0xe8fd) return stack_step(4, 4 * byte);                      // LDRD [SP], #
  if ((first & 0xffbf) == 0xed2d) return stack_step(4, -4 * byte);          // VPUSH
  if ((first & 0xffbf) == 0xecbd) return stack_step(4, 4 * byte);           // VPOP
  const std::uint32_t immediate = bits(first, 10, 1) << 11 | bits(second, 12, 3) << 8 | byte;
  const std::uint32_t operation = first & 0xfbe0;
  if (operation == 0xf100) return sum_step(4, to, from, int(expanded(immediate)));   // ADD.W
  if (operation == 0xf1a0) return sum_step(4, to, from, int(-expanded(immediate)));  // SUB.W
  if ((first & 0xfbf0) == 0xf200) return sum_step(4, to, from, int(immediate));      // ADDW
  if ((first & 0xfbf0) == 0xf2a0) return sum_step(4, to, from, -int(immediate));
  const bool computes = (first & 0xfe00) == 0xea00 || (first & 0xfa00) == 0xf000;
  if (computes && bits(second, 15, 1) == 0 && to == kSp) return {4, Next::kUnknown};
  const bool table = (first & 0xfff0) == 0xe8d0 && (second & 0xffe0) == 0xf000;  // TBB, TBH
  const bool loads_pc = (first & 0xff70) == 0xf850 && top == kPc;
  if (table || loads_pc) return {4, Next::kUnknown};
  const bool writes_back = (first & 0xfe20) == 0xec20 && from == kSp;  // other vectors at [SP]!
  return {4, writes_back ? Next::kUnknown : Next::kFollowing};
}

}  // namespace

StackStep thumb_step(std::uint32_t address, const CodeAt &code) {
  const std::uint32_t first = halfword(code, 0);
  return first >> 11 < 0x1d ? short_step(address, first)
                            : long_step(address, first, halfword(code, 2));
}

}  // namespace thimble::emulate
