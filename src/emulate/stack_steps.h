// What an instruction does to the stack pointer and where the program goes from it, on each
// processor that has a stack to measure (stack_depth.h walks over them).
#pragma once

#include <array>
#include <cstdint>
#include <functional>

namespace thimble::emulate {

// Where an instruction goes. kLastCall: as kIndirectCall, and nothing after it; kIndirectJump:
// that, or to any instruction of the same function (`switch`); kUnknown: where, or what the stack
// pointer is then, the code alone does not tell.
enum class Next {
  kFollowing,
  kBranch,  // to `target`, or the following
  kJump,
  kCall,
  kReturn,
  kSkip,  // the following, or the one behind it
  kIndirectCall,
  kLastCall,
  kIndirectJump,
  kUnknown,
};

// What becomes of the stack pointer and of frame pointers: registers in which compilers keep a
// frame's address or work out the stack pointer's next value, if they do. kPushFrame, kPopFrame: on
// the stack, for assembly that needs the register.
enum class Change { kNone, kStack, kFrame, kFrameOfStack, kStackOfFrame, kPushFrame, kPopFrame };

inline constexpr int kFrames = 4;

struct StackStep {
  int bytes = 0;  // of the instruction
  Next next = Next::kFollowing;
  std::uint32_t target = 0;
  Change change = Change::kNone;
  int by = 0;            // bytes added with that
  int frame = 0;         // which frame pointer, below kFrames
  int conditionals = 0;  // so many instructions that follow may do nothing (Thumb's IT)
};

// The bytes of code from an address on; zeros where there are none.
using CodeAt = std::array<std::uint8_t, 8>;

StackStep avr_step(std::uint32_t address, const CodeAt &code);
StackStep thumb_step(std::uint32_t address, const CodeAt &code);
StackStep riscv_step(std::uint32_t address, const CodeAt &code);

inline std::uint32_t halfword(const CodeAt &code, int at) {
  return code[at] | std::uint32_t{code[at + 1]} << 8;
}

// Bits [low, low + count) of a word.
constexpr std::uint32_t bits(std::uint32_t word, int low, int count) {
  return word >> low & ((1u << count) - 1);
}

// A number of so many bits in two's complement.
constexpr std::int32_t signed_of(std::uint32_t value, int count) {
  const std::uint32_t sign = 1u << (count - 1);
  return static_cast<std::int32_t>((value ^ sign) - sign);
}

}  // namespace thimble::emulate
