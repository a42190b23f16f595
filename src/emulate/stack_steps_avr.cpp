// AVR, with Y (r29:r28) as frame pointer, and all pairs that ADIW knows to move the stack pointer
// by: AVR Instruction Set Manual.
#include "emulate/stack_steps.h"

namespace thimble::emulate {
namespace {

constexpr std::uint32_t kSpl = 0x3d;  // the stack pointer's lower byte, an I/O register
constexpr std::uint32_t kFirstPair = 24, kYl = 28;

// Which frame pointer a register is the lower half of; -1: none.
int frame_of(std::uint32_t reg) {
  return reg >= kFirstPair && reg % 2 == 0 ? static_cast<int>(reg - kFirstPair) / 2 : -1;
}

bool has_two_words(std::uint32_t word) {
  return (word & 0xfc0f) == 0x9000 || (word & 0xfe0c) == 0x940c;  // LDS, STS; JMP, CALL
}

}  // namespace

StackStep avr_step(std::uint32_t address, const CodeAt &code) {
  const std::uint32_t word = halfword(code, 0), second = halfword(code, 2);
  const std::uint32_t following = address + 2;
  const std::uint32_t io = bits(word, 9, 2) << 4 | bits(word, 0, 4), reg = bits(word, 4, 5);
  const int small = static_cast<int>(bits(word, 6, 2) << 4 | bits(word, 0, 4));  // of ADIW, SBIW
  StackStep step{has_two_words(word) ? 4 : 2};
  const auto changes = [&](Change change, int by, int frame = 0) {
    step.change = change;
    step.by = by;
    step.frame = frame;
    return step;
  };
  const auto goes = [&](Next next, std::uint32_t target) {
    step.next = next;
    step.target = target;
    return step;
  };
  if ((word & 0xfe0f) == 0x920f)  // PUSH
    return changes(reg == kYl ? Change::kPushFrame : Change::kStack, -1, frame_of(kYl));
  if ((word & 0xfe0f) == 0x900f)  // POP
    return changes(reg == kYl ? Change::kPopFrame : Change::kStack, 1, frame_of(kYl));
  if ((word & 0xf000) == 0xd000 || (word & 0xf000) == 0xc000) {  // RCALL, RJMP
    const std::uint32_t target = following + 2 * signed_of(bits(word, 0, 12), 12);
    if ((word & 0xf000) == 0xc000) return goes(Next::kJump, target);
    // A call of what follows is the shortest way to make room.
    if (target == following) return changes(Change::kStack, -2);
    return goes(Next::kCall, target);
  }
  if ((word & 0xfe0c) == 0x940c) {
    const std::uint32_t target = 2 * ((bits(word, 4, 5) << 1 | bits(word, 0, 1)) << 16 | second);
    return goes(bits(word, 1, 1) ? Next::kCall : Next::kJump, target);
  }
  if ((word & 0xf800) == 0xf000)  // BRBS, BRBC
    return goes(Next::kBranch, following + 2 * signed_of(bits(word, 3, 7), 7));
  const bool skips = (word & 0xfc00) == 0x1000 || (word & 0xfc08) == 0xfc00 ||
                     (word & 0xfd00) == 0x9900;  // CPSE; SBRC, SBRS; SBIC, SBIS
  if (skips) return goes(Next::kSkip, following + (has_two_words(second) ? 4 : 2));
  if (word == 0x9508 || word == 0x9518) return goes(Next::kReturn, 0);
  if (word == 0x9509 || word == 0x9519) return goes(Next::kIndirectCall, 0);
  if (word == 0x9409 || word == 0x9419) return goes(Next::kIndirectJump, 0);
  const int frame = frame_of(reg);
  if ((word & 0xf800) == 0xb000 && io == kSpl && frame >= 0)  // IN
    return changes(Change::kFrameOfStack, 0, frame);
  if ((word & 0xf800) == 0xb800 && io == kSpl)  // OUT
    return frame >= 0 ? changes(Change::kStackOfFrame, 0, frame) : goes(Next::kUnknown, 0);
  const int pair = static_cast<int>(bits(word, 4, 2));
  if ((word & 0xff00) == 0x9600) return changes(Change::kFrame, small, pair);   // ADIW
  if ((word & 0xff00) == 0x9700) return changes(Change::kFrame, -small, pair);  // SBIW
  const std::uint32_t low = 16 + bits(word, 4, 4);
  if ((word & 0xf000) == 0x5000 && frame_of(low) >= 0) {  // SUBI, and SBCI or, of zero, SBC
    const auto byte = [](std::uint32_t one) { return bits(one, 8, 4) << 4 | bits(one, 0, 4); };
    const bool of_zero = (second & 0xfe0f) == 0x0801 && bits(second, 4, 5) == low + 1;
    const bool carries = (second & 0xf000) == 0x4000 && 16 + bits(second, 4, 4) == low + 1;
    if (!of_zero && !carries) return step;
    step.bytes = 4;
    const std::uint32_t high = of_zero ? 0 : byte(second);
    return changes(Change::kFrame, -signed_of(high << 8 | byte(word), 16), frame_of(low));
  }
  return step;
}

}  // namespace thimble::emulate
