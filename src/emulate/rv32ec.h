// What a RISC-V core of kind RV32EC executes, instruction by instruction: RV32E's (sixteen
// registers, no multiplications), compressed ones, and those of machine mode that small chips have.
// libunicorn knows more than that, and would not mind.
#pragma once

#include <cstdint>

namespace thimble::emulate {

// 2 or 4, by the instruction's first halfword.
int instruction_bytes(std::uint32_t instruction);
// `instruction`: its halfwords, the first one lowest; what lies behind a compressed one is ignored.
bool is_rv32ec(std::uint32_t instruction);

inline constexpr std::uint32_t kWaitForInterrupt = 0x10500073, kReturn = 0x30200073;  // wfi, mret

}  // namespace thimble::emulate
