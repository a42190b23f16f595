// RV32E and RV32IMC, with s0 as frame pointer: The RISC-V Instruction Set Manual, chapters 2, 16.
#include "emulate/stack_steps.h"

namespace thimble::emulate {
namespace {

constexpr std::uint32_t kRa = 1, kSp = 2, kT0 = 5, kS0 = 8;

StackStep sum_step(int bytes, std::uint32_t to, std::uint32_t from, int by) {
  if (to == kSp && from == kSp) return {bytes, Next::kFollowing, 0, Change::kStack, by};
  if (to == kSp && from == kS0) return {bytes, Next::kFollowing, 0, Change::kStackOfFrame, by};
  if (to == kSp) return {bytes, Next::kUnknown};
  if (to == kS0 && from == kSp) return {bytes, Next::kFollowing, 0, Change::kFrameOfStack, by};
  if (to == kS0 && from == kS0) return {bytes, Next::kFollowing, 0, Change::kFrame, by};
  return {bytes};
}

// The compiler's helpers call each other with the return address kept in t0.
StackStep register_jump(int bytes, std::uint32_t link, std::uint32_t to) {
  if (link != 0) return {bytes, link == kRa ? Next::kIndirectCall : Next::kUnknown};
  return {bytes, to == kRa || to == kT0 ? Next::kReturn : Next::kIndirectJump};
}

StackStep short_step(std::uint32_t address, std::uint32_t word) {
  const std::uint32_t kind = (word & 0xe000) >> 11 | (word & 3);  // function, quadrant
  const std::uint32_t to = bits(word, 7, 5), from = bits(word, 2, 5);
  const int small = signed_of(bits(word, 12, 1) << 5 | from, 6);
  const auto target = [&](std::uint32_t offset, int count) {
    return address + signed_of(offset, count);
  };
  switch (kind) {
    case 0x00:  // C.ADDI4SPN
      return sum_step(2, 8 + bits(word, 2, 3), kSp,
                      static_cast<int>(bits(word, 7, 4) << 6 | bits(word, 11, 2) << 4 |
                                       bits(word, 5, 1) << 3 | bits(word, 6, 1) << 2));
    case 0x01:  // C.ADDI
      return sum_step(2, to, to, small);
    case 0x0d:  // C.ADDI16SP, C.LUI
      if (to != kSp) return {2};
      return sum_step(
          2, kSp, kSp,
          signed_of(bits(word, 12, 1) << 9 | bits(word, 3, 2) << 7 | bits(word, 5, 1) << 6 |
                        bits(word, 2, 1) << 5 | bits(word, 6, 1) << 4,
                    10));
    case 0x05:    // C.JAL
    case 0x15: {  // C.J
      const std::uint32_t offset = bits(word, 12, 1) << 11 | bits(word, 8, 1) << 10 |
                                   bits(word, 9, 2) << 8 | bits(word, 6, 1) << 7 |
                                   bits(word, 7, 1) << 6 | bits(word, 2, 1) << 5 |
                                   bits(word, 11, 1) << 4 | bits(word, 3, 3) << 1;
      return {2, kind == 0x05 ? Next::kCall : Next::kJump, target(offset, 12)};
    }
    case 0x19:    // C.BEQZ
    case 0x1d: {  // C.BNEZ
      const std::uint32_t offset = bits(word, 12, 1) << 8 | bits(word, 5, 2) << 6 |
                                   bits(word, 2, 1) << 5 | bits(word, 10, 2) << 3 |
                                   bits(word, 3, 2) << 1;
      return {2, Next::kBranch, target(offset, 9)};
    }
    case 0x12:  // C.JR, C.MV, C.JALR, C.ADD
      if (from == 0 && to != 0) return register_jump(2, bits(word, 12, 1) ? kRa : 0, to);
      if (bits(word, 12, 1)) return {2, to == kSp ? Next::kUnknown : Next::kFollowing};
      return sum_step(2, to, from, 0);
    default:
      return {2};
  }
}

StackStep long_step(std::uint32_t address, std::uint32_t word, std::uint32_t second) {
  const std::uint32_t operation = bits(word, 0, 7), function = bits(word, 12, 3);
  const std::uint32_t to = bits(word, 7, 5), from = bits(word, 15, 5);
  const auto linked = [&](std::uint32_t link, int bytes, std::uint32_t target) -> StackStep {
    if (link == 0) return {bytes, Next::kJump, target};
    return {bytes, link == kRa ? Next::kCall : Next::kUnknown, target};
  };
  if (operation == 0x6f) {  // JAL
    const std::uint32_t offset = bits(word, 31, 1) << 20 | bits(word, 12, 8) << 12 |
                                 bits(word, 20, 1) << 11 | bits(word, 21, 10) << 1;
    return linked(to, 4, address + signed_of(offset, 21));
  }
  if (operation == 0x63) {
    const std::uint32_t offset = bits(word, 31, 1) << 12 | bits(word, 7, 1) << 11 |
                                 bits(word, 25, 6) << 5 | bits(word, 8, 4) << 1;
    return {4, Next::kBranch, address + signed_of(offset, 13)};
  }
  if (operation == 0x67) return register_jump(4, to, from);  // JALR
  const bool far = operation == 0x17 && bits(second, 0, 7) == 0x67 && bits(second, 15, 5) == to;
  if (far)  // AUIPC, JALR
    return linked(bits(second, 7, 5), 8,
                  address + (word & 0xfffff000u) + signed_of(bits(second, 20, 12), 12));
  if (operation == 0x13 && function == 0)  // ADDI
    return sum_step(4, to, from, signed_of(bits(word, 20, 12), 12));
  const bool computes = operation == 0x13 || operation == 0x33 || operation == 0x37 ||
                        operation == 0x17 || operation == 0x03;
  return {4, computes && to == kSp ? Next::kUnknown : Next::kFollowing};
}

}  // namespace

StackStep riscv_step(std::uint32_t address, const CodeAt &code) {
  const std::uint32_t first = halfword(code, 0);
  if ((first & 3) != 3) return short_step(address, first);
  return long_step(address, first | halfword(code, 2) << 16,
                   halfword(code, 4) | halfword(code, 6) << 16);
}

}  // namespace thimble::emulate
